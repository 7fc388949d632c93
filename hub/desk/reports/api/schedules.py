"""Scheduled reports for programs: whom a report is sent to by mail, how often, and till when."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Query
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.desk.people.reads.users import find_user
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.model.addressed import read_whole_request
from hub.desk.reports.model.requests import RequestError
from hub.desk.reports.model.schedules import EVERY, FILES, Delivery, Every, schedule_of
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.schedules import list_schedules
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/reports/schedules")
Sender = Annotated[Session, Depends(token_for("reports.schedule"))]
Acts = Annotated[ReportActs, Depends(acts_of(ReportActs))]
Body = Annotated[bytes, Depends(body_of)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
_LONGEST: Final = 64


class ToChange(msgspec.Struct, forbid_unknown_fields=True):
    """How a report is sent: to which user, under which name, as which file, how often, and when."""

    owner: str
    name: Name
    every: Every
    hour: Hour
    file: str


class ToSend(ToChange, forbid_unknown_fields=True):
    """What is sent besides: `fields` are those of the report's address, as `period`, `group_by`."""

    report: str
    fields: dict[str, str] = {}


class ToEnd(msgspec.Struct, forbid_unknown_fields=True):
    """Whose schedule ends."""

    owner: str


@router.get("")
def schedules(
    site: SiteOf, session: Sender, *, owner: Annotated[str, Query(max_length=_LONGEST)]
) -> JSONResponse:
    """Give what a user is sent, the newest first; `failed` says what became of the last mail."""
    return JSONResponse(_listed(site, _owner(site, session, owner)))


@router.post("")
def send_report(site: SiteOf, session: Sender, *, acts: Acts, body: Body) -> JSONResponse:
    """Have a report sent to a user, by whose rights and rows it is made each time.

    201 with the schedule; 200 where the user has the same one already, as when asked again.
    """
    said = read_said(body, ToSend)
    owner, sent = _owner(site, session, said.owner), _delivery(said)
    found = DEFINITIONS.get(said.report)
    if found is None:
        text = f"there is no report {said.report}"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "report_unknown", text)
    if not (owner.may("reports.read") and owner.may(found.permission)):
        text = f"{owner.user} may not read {said.report}"
        raise ApiError(HTTPStatus.FORBIDDEN, "owner_not_permitted", text, owner=owner.user)
    today = local_date(site.now_ms(), site.distributor().zone)
    try:
        wanted = read_whole_request(said.report, said.fields, today)
    except RequestError as error:
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "report_invalid",
            str(error),
            faults=list(error.faults),
        ) from error
    kept = acts.schedule(schedule_of(owner.user, wanted, sent), user_id=owner.user_id)
    status = HTTPStatus.CREATED if kept.is_new else HTTPStatus.OK
    return JSONResponse(_one(site, owner, kept.number), status)


@router.post("/{number}")
def change_schedule(
    site: SiteOf, session: Sender, *, acts: Acts, number: int, body: Body
) -> JSONResponse:
    """Have it sent in another way from now on."""
    said = read_said(body, ToChange)
    owner, sent = _owner(site, session, said.owner), _delivery(said)
    if not acts.schedule.change(number, sent, user_id=owner.user_id, by=session.user):
        raise _gone(number)
    return JSONResponse(_one(site, owner, number))


@router.post("/{number}/end")
def end_schedule(
    site: SiteOf, session: Sender, *, acts: Acts, number: int, body: Body
) -> JSONResponse:
    """Have it sent no more."""
    said = read_said(body, ToEnd)
    owner = _owner(site, session, said.owner)
    if not acts.schedule.end(number, user_id=owner.user_id, by=session.user):
        raise _gone(number)
    return JSONResponse(_listed(site, owner))


def _owner(site: Site, session: Session, name: str) -> Session:
    """Find the user whom a report is sent to, among those that the program sees."""
    with site.ground.database.read() as connection:
        is_seen = find_user(connection, name, scope=session.scope) is not None
    owner = site.ground.part(PeopleActs).sign_in.session_for(name) if is_seen else None
    if owner is None:
        text = f"there is no active user {name}"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "owner_unknown", text, owner=name)
    return owner


def _delivery(said: ToChange) -> Delivery:
    sent = Delivery(" ".join(said.name.split()), said.file, said.every, said.hour)
    if not sent.is_sound:
        text = f"a schedule has a name, a file of {', '.join(FILES)}, every {', '.join(EVERY)}"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "schedule_invalid", text)
    return sent


def _listed(site: Site, owner: Session) -> list[dict[str, Any]]:
    with site.ground.database.read() as connection:
        return [asdict(one) for one in list_schedules(connection, owner.user_id, scope=owner.scope)]


def _one(site: Site, owner: Session, number: int) -> dict[str, Any]:
    return next(one for one in _listed(site, owner) if one["id"] == number)


def _gone(number: int) -> ApiError:
    text = f"this user has no schedule {number}"
    return ApiError(HTTPStatus.NOT_FOUND, "schedule_gone", text, number=number)
