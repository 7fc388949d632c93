"""Reports for programs: the same requests, answered as JSON."""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.reports.model.addressed import query_of, read_request
from hub.desk.reports.model.requests import RequestError
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.documents import write_answer
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page, UnansweredError
from hub.web.noun import Router
from hub.web.programs import ApiError, token_for
from hub.web.site import SiteOf

router = Router(prefix="/api/v1")
_ADDRESS: Final = "/api/v1/reports"
_MOST: Final = 1_000


@router.get("/reports/{report}")
def show_report(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("reports.read"))],
    *,
    report: str,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    size: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
    compare: Annotated[bool, Query()] = False,
) -> JSONResponse:
    """Answer a report; `next` is the address of the rows that follow, None at the end.

    Parameters are those of the report's page: `period=last_week`, or `from` and `to`, `customer`,
    `group_by`, `sort` and so on. With `compare` the totals of earlier periods are told.
    """
    found = DEFINITIONS.get(report)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "report_unknown", f"there is no report {report}")
    if not session.may(found.permission):
        text = f"the token of {session.user} does not grant {found.permission}"
        raise ApiError(HTTPStatus.FORBIDDEN, "not_permitted", text, permission=found.permission)
    now_ms, zone = site.now_ms(), site.distributor().zone
    try:
        with site.ground.database.read() as connection:
            wanted = read_request(report, dict(request.query_params), local_date(now_ms, zone))
            asked = ask(wanted, reader=session.user, now_ms=now_ms, zone=zone)
            answer = answer_report(
                connection, asked, scope=session.scope, page=Page(offset, size), compare=compare
            )
    except RequestError as error:
        text = str(error)
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "report_invalid", text, faults=list(error.faults)
        ) from error
    except UnansweredError as error:
        raise ApiError(HTTPStatus.NOT_FOUND, "report_unanswered", str(error)) from error
    following = None
    if offset + len(answer.lines) < answer.count and len(answer.lines) == size:
        query = [*query_of(asked.request), ("offset", str(offset + size)), ("size", str(size))]
        following = f"{_ADDRESS}/{report}?{urlencode(query)}"
    return JSONResponse({**write_answer(answer), "next": following})
