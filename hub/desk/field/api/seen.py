"""The field for programs: visits, interactions, tasks, and what a period's plan comes to."""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.listing import Wanted
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.field.api.refusing import refusal
from hub.desk.field.model.beats import MOST_DAYS
from hub.desk.field.model.entries import NoteKind
from hub.desk.field.model.surveys import read_survey_fields
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.interactions import (
    NEWEST as NEWEST_SEEN,
)
from hub.desk.field.reads.interactions import (
    SOONEST,
    InteractionRow,
    list_interactions,
    read_interaction,
)
from hub.desk.field.reads.surveys import list_surveys, read_survey
from hub.desk.field.reads.visits import NEWEST, list_leaves, list_visits, read_missed
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import SiteOf, acts_of

router = Router(prefix="/api/v1/field")
Reader = Annotated[Session, Depends(token_for("field.read"))]
Planner = Annotated[Session, Depends(token_for("field.plan"))]
Settler = Annotated[Session, Depends(token_for("field.settle"))]
Acts = Annotated[FieldActs, Depends(acts_of(FieldActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100


class SettleBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a program wants of a task; what it leaves out stays."""

    owner: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    due: date | None = None
    done: bool | None = None
    why: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""


@router.get("/visits")
def visits(
    site: SiteOf,
    session: Reader,
    *,
    user: str = "",
    customer: str = "",
    first: date | None = None,
    last: date | None = None,
) -> JSONResponse:
    """Give the newest visits, 100 at most, of a person, an outlet or a period."""
    chosen: dict[str, tuple[str, ...]] = {}
    if user:
        chosen["user"] = (user[:64],)
    if customer:
        chosen["customer"] = (customer[:64],)
    if first or last:
        chosen["day"] = (first.isoformat() if first else "", last.isoformat() if last else "")
    with site.ground.database.read() as connection:
        page = list_visits(connection, Wanted(NEWEST, "", chosen, size=_MOST), scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/interactions")
def interactions(
    site: SiteOf,
    session: Reader,
    *,
    about: NoteKind | None = None,
    state: Literal["open", "late", "done"] | None = None,
    owner: str = "",
    customer: str = "",
    first: date | None = None,
    last: date | None = None,
) -> JSONResponse:
    """Give the newest interactions, or with a `state` the tasks due soonest; 100 at most."""
    given = {"about": about, "state": state, "owner": owner[:64], "customer": customer[:64]}
    chosen: dict[str, tuple[str, ...]] = {name: (one,) for name, one in given.items() if one}
    if first or last:
        chosen["day"] = (first.isoformat() if first else "", last.isoformat() if last else "")
    wanted = Wanted(SOONEST if state else NEWEST_SEEN, "", chosen, size=_MOST)
    day = site.today()
    with site.ground.database.read() as connection:
        page = list_interactions(connection, wanted, day=day, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([_write_interaction(row, day) for row in page.rows]))


@router.post("/interactions/{interaction}/settle")
def settle(
    site: SiteOf, session: Settler, *, acts: Acts, interaction: str, body: Body
) -> JSONResponse:
    """Give a task another owner or day, or say that it is done, or open again."""
    said = read_said(body, SettleBody)
    wanted = TaskFields(said.owner, said.due, said.done)
    done = acts.settle(interaction, wanted, why=said.why, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise refusal(done)
    day = site.today()
    with site.ground.database.read() as connection:
        found = read_interaction(connection, interaction, scope=session.scope)
    # Whoever hands a task to somebody else may not see it any more.
    return JSONResponse(
        msgspec.to_builtins(_write_interaction(found.row, day) if found else {"uuid": interaction})
    )


def _write_interaction(row: InteractionRow, day: date) -> dict[str, Any]:
    written = asdict(row)
    return {**written, "state": row.state(day)} if row.owner else written


@router.get("/performance")
def performance(site: SiteOf, session: Reader, *, first: date, last: date) -> JSONResponse:
    """Give what each person's plan and visits of a period come to; a year at most."""
    if first > last or (last - first).days >= MOST_DAYS:
        text = f"a period ends no earlier than it begins, and has {MOST_DAYS} days at most"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "period_wrong", text)
    with site.ground.database.read() as connection:
        rows = read_performance(connection, first, last, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/missed")
def missed(site: SiteOf, session: Reader, *, first: date, last: date) -> JSONResponse:
    """Give why outlets were not visited in a period, 200 at most."""
    with site.ground.database.read() as connection:
        rows = read_missed(connection, first, last, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/surveys")
def surveys(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the surveys with how many outlets have answered."""
    with site.ground.database.read() as connection:
        rows = list_surveys(connection, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/surveys/{survey}")
def survey(site: SiteOf, session: Reader, *, survey: str) -> JSONResponse:
    """Give one survey with its results."""
    with site.ground.database.read() as connection:
        found = read_survey(connection, survey, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "survey_unknown", f"there is no survey {survey}")
    results = [asdict(one) for one in found.results]
    return JSONResponse(msgspec.to_builtins({**asdict(found.row), "results": results}))


@router.post("/surveys")
def add_survey(session: Planner, *, acts: Acts, body: Body) -> JSONResponse:
    """Make a survey: code, title, title_hi, from_day, until_day, geo, type, beat, questions."""
    said = read_said(body, dict[str, str])
    fields = read_survey_fields(said)
    if not isinstance(fields, Refused):
        done = acts.surveys.add(fields, by=session.user, scope=session.scope)
        if not isinstance(done, Refused):
            return JSONResponse({"code": done.code}, HTTPStatus.CREATED)
        fields = done
    raise refusal(fields)


@router.post("/surveys/{survey}/end")
def end_survey(site: SiteOf, session: Planner, *, acts: Acts, survey: str) -> JSONResponse:
    """Have a survey asked no more after today."""
    done = acts.surveys.end(survey, day=site.today(), by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise refusal(done)
    return JSONResponse({"code": done.code})


class LeaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a day of leave is granted; a refusal says why."""

    granted: bool
    why: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""


@router.get("/leaves")
def leaves(site: SiteOf, session: Reader, *, first: date | None = None) -> JSONResponse:
    """Give the days of leave from a day on, today where none is said; 200 at most."""
    with site.ground.database.read() as connection:
        rows = list_leaves(connection, first=first or site.today(), scope=session.scope)
    written = [{**asdict(row), "state": row.leave_state} for row in rows]
    return JSONResponse(msgspec.to_builtins(written))


@router.post("/leaves/{user}/{day}")
def decide_leave(session: Planner, *, acts: Acts, user: str, day: date, body: Body) -> JSONResponse:
    """Grant somebody's day of leave, or refuse it."""
    said = read_said(body, LeaveBody)
    by, scope = session.user, session.scope
    done = acts.leave(user, day, granted=said.granted, why=said.why, by=by, scope=scope)
    if isinstance(done, Refused):
        raise refusal(done)
    return JSONResponse({"user": user, "day": day.isoformat(), "granted": said.granted})


class SelfieBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether phones ask for a photo of the person as the day begins."""

    asked: bool


@router.post("/selfie")
def selfie(session: Planner, *, acts: Acts, body: Body) -> JSONResponse:
    """Have phones ask for a photo as the day begins, or no more."""
    said = read_said(body, SelfieBody)
    done = acts.selfies(asked=said.asked, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise refusal(done)
    return JSONResponse({"asked": said.asked})
