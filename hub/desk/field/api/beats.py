"""Beats for programs: with their outlets, and who walks them when."""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Kept, Refused
from hub.desk.field.acts import FieldActs
from hub.desk.field.api.refusing import refusal
from hub.desk.field.model.beats import MOST_WEEKS, Journey
from hub.desk.field.model.fields import BeatFields, read_classes
from hub.desk.field.reads.beats import list_beats, read_beat
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/field/beats")
Reader = Annotated[Session, Depends(token_for("field.read"))]
Planner = Annotated[Session, Depends(token_for("field.plan"))]
Acts = Annotated[FieldActs, Depends(acts_of(FieldActs))]
Body = Annotated[bytes, Depends(body_of)]
Typed = Annotated[str, msgspec.Meta(max_length=100)]


class BeatBody(msgspec.Struct, forbid_unknown_fields=True):
    """A beat as a program wants it: outlets' codes in the order of the way.

    `seller` is of a new beat alone: empty is the company, or the one seller that the program is of.
    """

    name: Typed
    outlets: tuple[Typed, ...] = ()
    code: Typed = ""
    seller: Typed = ""
    active: bool = True


class WalkBody(msgspec.Struct, forbid_unknown_fields=True):
    """Who walks a beat: `weekdays` are of 1 for Monday to 7, in every so many weeks.

    With `classes` its outlets of these alone, `none` of those without one: `["a", "b"]`.
    """

    user: Typed
    weekdays: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...]
    from_day: date
    until_day: date | None = None
    every_weeks: Annotated[int, msgspec.Meta(ge=1, le=MOST_WEEKS)] = 1
    classes: tuple[Typed, ...] = ()


@router.get("")
def beats(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the beats with how many outlets each has today, and who walks it."""
    with site.ground.database.read() as connection:
        rows = list_beats(connection, day=site.today(), scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.post("")
def add(session: Planner, *, acts: Acts, body: Body) -> JSONResponse:
    """Make a beat of a seller with its outlets."""
    said = read_said(body, BeatBody)
    fields = BeatFields(said.code, said.name, said.outlets, seller=said.seller)
    done = acts.plan.add(fields, by=session.user, scope=session.scope)
    return JSONResponse({"code": _kept(done)}, HTTPStatus.CREATED)


@router.get("/{beat}")
def one_beat(site: SiteOf, session: Reader, *, acts: Acts, beat: str) -> JSONResponse:
    """Give one beat: outlets of today, who walks it and does not see which, what was changed."""
    return JSONResponse(_document(site, session, beat, acts=acts))


@router.post("/{beat}")
def change(site: SiteOf, session: Planner, *, acts: Acts, beat: str, body: Body) -> JSONResponse:
    """Give a beat a name and outlets in an order; from today on it is walked so."""
    said = read_said(body, BeatBody)
    fields = BeatFields(beat, said.name, said.outlets, said.active)
    _kept(acts.plan.change(fields, by=session.user, scope=session.scope))
    return JSONResponse(_document(site, session, beat, acts=acts))


@router.post("/{beat}/journeys")
def walk(site: SiteOf, session: Planner, *, acts: Acts, beat: str, body: Body) -> JSONResponse:
    """Have somebody walk a beat on days of the week."""
    said = read_said(body, WalkBody)
    mask = sum(1 << one - 1 for one in set(said.weekdays))
    plan = Journey(
        *(0, said.user, 0, mask, said.every_weeks, said.from_day, said.until_day),
        classes=read_classes(",".join(said.classes)),
    )
    _kept(acts.plan.walk(beat, plan, by=session.user, scope=session.scope))
    return JSONResponse(_document(site, session, beat, acts=acts), HTTPStatus.CREATED)


@router.post("/{beat}/journeys/{journey}/end")
def stop(site: SiteOf, session: Planner, *, acts: Acts, beat: str, journey: int) -> JSONResponse:
    """Have somebody walk a beat no more after today."""
    _kept(acts.plan.stop(beat, journey, day=site.today(), by=session.user, scope=session.scope))
    return JSONResponse(_document(site, session, beat, acts=acts))


def _document(site: Site, session: Session, code: str, *, acts: FieldActs) -> object:
    """Write a beat; raises ApiError where the program sees none of this code."""
    with site.ground.database.read() as connection:
        found = read_beat(connection, code, day=site.today(), scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "beat_unknown", f"there is no beat {code}")
    return msgspec.to_builtins({**asdict(found), "unseen": acts.plan.find_unseen(found)})


def _kept(done: Kept | Refused) -> str:
    if isinstance(done, Refused):
        raise refusal(done)
    return done.code
