"""Working days for programs: counted and listed, said, and taken back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.workdays.acts import WorkdayActs
from hub.desk.workdays.model import days_of
from hub.desk.workdays.reads import (
    fault_of_region,
    list_marks,
    list_weeks,
    read_calendar,
    read_house,
)
from hub.desk.workdays.store import KeptDay
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import SiteOf, acts_of

router = Router(prefix="/api/v1/workdays")
Reader = Annotated[Session, Depends(token_for("workdays.read"))]
Setter = Annotated[Session, Depends(token_for("workdays.set"))]
Acts = Annotated[WorkdayActs, Depends(acts_of(WorkdayActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST_DAYS: Final = 366


class ToSay(msgspec.Struct, forbid_unknown_fields=True):
    """What is said of a day: `fields` are those of the page, as texts."""

    fields: dict[str, str]


class ToDrop(msgspec.Struct, forbid_unknown_fields=True):
    """What is taken back: the mark of a day, or the week that begins with it."""

    fields: dict[str, str]
    kind: Literal["mark", "week"] = "mark"


@router.get("")
def workdays(
    site: SiteOf, session: Reader, *, first: date, last: date, region: str = ""
) -> JSONResponse:
    """Give how many days of a period are worked, which are not, and all that was said of them."""
    if first > last or (last - first).days >= _MOST_DAYS:
        text = f"a period ends no earlier than it begins, and has {_MOST_DAYS} days at most"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "period_wrong", text)
    place = region.strip("/")[:200]
    with site.ground.database.read() as connection:
        fault = fault_of_region(connection, place, scope=session.scope)
        if fault is not None:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, fault.code, sentence(fault))
        own = read_calendar(connection, scope=session.scope).of(
            read_house(connection, scope=session.scope), place
        )
        marks = list_marks(connection, first, last, scope=session.scope)
        weeks = list_weeks(connection, scope=session.scope)
    told = {
        "worked": own.count(first, last),
        "off": [day for day in days_of(first, last) if not own.is_worked(day)],
        "marks": [asdict(one) for one in marks],
        "weeks": [asdict(one) for one in weeks],
    }
    return JSONResponse(msgspec.to_builtins(told))


@router.post("/marks")
def mark(session: Setter, *, acts: Acts, body: Body) -> JSONResponse:
    """Have a day be a holiday, or be worked: day, name, name_hi, mark, region, seller, why."""
    said = read_said(body, ToSay)
    return _answer(acts.set.mark(said.fields, by=session.user, scope=session.scope))


@router.post("/weeks")
def week(session: Setter, *, acts: Acts, body: Body) -> JSONResponse:
    """Have days of the week be worked from a day on: weekdays, from_day, region, seller, why."""
    said = read_said(body, ToSay)
    return _answer(acts.set.week(said.fields, by=session.user, scope=session.scope))


@router.post("/drop")
def drop(session: Setter, *, acts: Acts, body: Body) -> JSONResponse:
    """Take back what was said of a day: day, region, seller, why."""
    said = read_said(body, ToDrop)
    done = acts.set.drop(said.fields, kind=said.kind, by=session.user, scope=session.scope)
    return _answer(done)


def _answer(done: KeptDay | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        first = done.reasons[0]
        gone = first.code == "workday_gone"
        status = HTTPStatus.NOT_FOUND if gone else HTTPStatus.UNPROCESSABLE_ENTITY
        fields: Mapping[str, str] = {one.field: sentence(one) for one in done.reasons}
        raise ApiError(status, first.code, sentence(first), fields=fields)
    status = HTTPStatus.CREATED if done.came == "add" else HTTPStatus.OK
    return JSONResponse(msgspec.to_builtins(asdict(done)), status)
