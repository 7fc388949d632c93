"""Reports for programs: which there are, their rows as JSON, and their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.model.addressed import query_of, read_whole_request
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import ReportRequest, RequestError
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS, measures_of
from hub.desk.reports.reads.documents import write_answer
from hub.desk.reports.reads.engine import answer_report, filters_of, groups_of
from hub.desk.reports.reads.planning import Page, UnansweredError
from hub.desk.reports.reads.sources import Asked
from hub.web.frames import exports
from hub.web.noun import Router
from hub.web.papers import ProgramLanguage
from hub.web.programs import ApiError, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1")
_ADDRESS: Final = "/api/v1/reports"
_MOST: Final = 1_000
_OWN: Final = frozenset(("offset", "size", "compare", "as", "language"))
"""The parameters that are no part of the request: how its answer is given."""
Reader = Annotated[Session, Depends(token_for("reports.read"))]


@router.get("/reports")
def list_reports(site: SiteOf, session: Reader) -> JSONResponse:
    """Name the reports that a program may ask for, with what each takes and the measures it has."""
    now_ms, zone = site.now_ms(), site.distributor().zone
    found = []
    for name, one in DEFINITIONS.items():
        if session.may(one.permission):
            plain = ask(
                ReportRequest(name),
                reader=session.user,
                roles=session.roles,
                now_ms=now_ms,
                zone=zone,
            )
            form = {
                "name": name,
                "area": one.area,
                "dated": REPORTS[name].dated,
                "filters": sorted(filters_of(plain)),
                "status": list(REPORTS[name].statuses),
                "group_by": sorted(groups_of(plain)),
                "sort": sorted(REPORTS[name].sorts),
                "measures": sorted(measures_of(name)),
            }
            found.append(form)
    return JSONResponse(found)


@router.get("/reports/{report}/file")
def send_file(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Annotated[ReportActs, Depends(acts_of(ReportActs))],
    language: ProgramLanguage,
    report: str,
    kind: Annotated[Literal["csv", "xlsx", "pdf"], Query(alias="as")],
) -> Response:
    """Give the file of a report, as its page does: all rows, with what was asked for above them."""
    _permitted(session, report)
    spoken = language["language"] or language["otherwise"]
    with _refusing():
        asked = _asked(request, site, session, report=report)
        body = acts.file(asked, session, kind=kind, language=spoken)
    return exports.sent(report, kind, body)


@router.get("/reports/{report}")
def show_report(
    request: Request,
    site: SiteOf,
    session: Reader,
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
    _permitted(session, report)
    with _refusing(), site.ground.database.read() as connection:
        asked = _asked(request, site, session, report=report)
        answer = answer_report(
            connection, asked, scope=session.scope, page=Page(offset, size), compare=compare
        )
    following = None
    if offset + len(answer.lines) < answer.count and len(answer.lines) == size:
        query = [*query_of(asked.request), ("offset", str(offset + size)), ("size", str(size))]
        following = f"{_ADDRESS}/{report}?{urlencode(query)}"
    return JSONResponse({**write_answer(answer), "next": following})


def _permitted(session: Session, report: str) -> None:
    """See that there is the report, and that the program may read what it is about."""
    found = DEFINITIONS.get(report)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "report_unknown", f"there is no report {report}")
    if not session.may(found.permission):
        text = f"the token of {session.user} does not grant {found.permission}"
        raise ApiError(HTTPStatus.FORBIDDEN, "not_permitted", text, permission=found.permission)


def _asked(request: Request, site: Site, session: Session, *, report: str) -> Asked:
    now_ms, zone = site.now_ms(), site.distributor().zone
    fields = {name: text for name, text in request.query_params.items() if name not in _OWN}
    wanted = read_whole_request(report, fields, local_date(now_ms, zone))
    return ask(wanted, reader=session.user, roles=session.roles, now_ms=now_ms, zone=zone)


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell a program why a report cannot be asked for so."""
    try:
        yield
    except RequestError as error:
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "report_invalid",
            str(error),
            faults=list(error.faults),
        ) from error
    except UnansweredError as error:
        raise ApiError(HTTPStatus.NOT_FOUND, "report_unanswered", str(error)) from error
