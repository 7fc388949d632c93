"""The pages of who plans and looks on: visits, a team's period, beats and who walks them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Kept, Refused
from hub.base.fields.words import sentence, sentences
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.beats import MOST_DAYS, PLANNED_CLASSES, Journey, read_plan
from hub.desk.field.model.calls import Performance, hundredths
from hub.desk.field.model.fields import BeatFields, fault_of, read_classes, read_outlets
from hub.desk.field.pages.sellers import choose_seller
from hub.desk.field.reads.beats import (
    list_beats,
    list_walkers,
    read_beat,
)
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.snapshot import reads_selfie
from hub.desk.field.reads.visits import (
    DayRow,
    list_leaves,
    read_days,
    read_missed,
    read_visits,
)
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.workdays.model import WEEKDAYS
from hub.web.frames.cells import Percent
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("field.read"))]
Planner = Annotated[Session, Depends(signed_in_for("field.plan"))]
Acts = Annotated[FieldActs, Depends(acts_of(FieldActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Typed = Annotated[str, Form(max_length=64)]
_NEW: Final = "/field/beats/new"


@router.get("/field/team")
def team(
    request: Request, site: SiteOf, session: Reader, *, first: str = "", last: str = ""
) -> Response:
    """Show who is where today, and what a period's plan and visits come to."""
    seen_before, today = site.feed.number, site.today()
    until = _day(last) or today
    begun = _day(first) or until - timedelta(days=until.weekday())
    fault = ""
    if begun > until or (until - begun).days >= MOST_DAYS:
        fault = words_of(request).text("team.period_wrong", most=MOST_DAYS)
        begun = until
    with site.ground.database.read() as connection:
        rows = read_performance(connection, begun, until, scope=session.scope)
        of_today = read_performance(connection, today, today, scope=session.scope)
        days = read_days(connection, today, today, scope=session.scope)
        seen = read_visits(connection, today, today, scope=session.scope)
        missed = read_missed(connection, begun, until, scope=session.scope)
        selfie = reads_selfie(connection, scope=session.scope)
        leaves = list_leaves(connection, first=begun, scope=session.scope)
    latest = {one.user: one for one in seen}
    days = [*days, *_not_begun(today, of_today, begun=days)]
    return draw(
        request,
        "field_team.html",
        session=session,
        rows=rows,
        seen=seen_before,
        here=f"{request.url.path}?{request.url.query}",
        of_today={one.user: one for one in of_today},
        days=days,
        missed=missed,
        leaves=leaves,
        selfie=selfie,
        of_network=session.scope.sees_network,
        latest=latest,
        visits={one.user: sum(each.user == one.user for each in seen) for one in seen},
        first=begun,
        last=until,
        today=today,
        fault=fault,
        percent=lambda part, whole: str(Percent(hundredths(part, whole))),
    )


def _not_begun(
    today: date, of_today: Sequence[Performance], *, begun: Sequence[DayRow]
) -> Sequence[DayRow]:
    """Give a row to who is to be somewhere today, or was, and has not begun the day."""
    names = {one.user for one in of_today if one.planned or one.made}
    missing = sorted(names - {one.user for one in begun})
    return [
        DayRow(one, today, leave=False, why="", begun_at=None, ended_at=None) for one in missing
    ]


@router.post("/field/selfie")
def selfie(
    session: Planner, *, acts: Acts, asked: Annotated[str, Form(pattern="^[01]$")]
) -> Response:
    """Have phones ask for a photo as the day begins, or no more."""
    done = acts.selfies(asked=asked == "1", by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise HTTPException(403)
    return RedirectResponse("/field/team", 303)


@router.post("/field/leaves")
def leave(
    request: Request,
    session: Planner,
    *,
    acts: Acts,
    user: Typed,
    day: Typed,
    answer: Annotated[str, Form(pattern="^(grant|refuse)$")],
    why: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Grant somebody's day of leave, or refuse it with a reason."""
    asked = _day(day)
    if asked is None:
        raise HTTPException(404)
    granted, by = answer == "grant", session.user
    done = acts.leave(user, asked, granted=granted, why=why, by=by, scope=session.scope)
    if isinstance(done, Refused):
        fault = sentence(done.reasons[0], language=words_of(request).language)
        raise HTTPException(404 if done.reasons[0].code == "leave_unknown" else 422, fault)
    return RedirectResponse("/field/team", 303)


@router.get("/field/beats")
def beats(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the beats with how many outlets each has and who walks it."""
    with site.ground.database.read() as connection:
        rows = list_beats(connection, day=site.today(), scope=session.scope)
    return draw(request, "field_beats.html", session=session, rows=rows)


@router.get(_NEW)
def new(request: Request, site: SiteOf, session: Planner) -> Response:
    """Show the form of a new beat."""
    return open_form(_place(request, site, session, code=None), {})


@router.post(_NEW)
def add(request: Request, site: SiteOf, session: Planner, *, given: Given, acts: Acts) -> Response:
    """Make a beat."""
    place = _place(request, site, session, code=None)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.plan.add(sent.value, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _refuse(place, given, done)
    return finish_form(place, sent=sent, led_to=f"/field/beats/{done.code}")


@router.get("/field/beats/{code}/change")
def change_form(request: Request, site: SiteOf, session: Planner, *, code: str) -> Response:
    """Show the form that changes a beat's name and outlets."""
    with site.ground.database.read() as connection:
        found = read_beat(connection, code, day=site.today(), scope=session.scope)
    if found is None:
        raise HTTPException(404)
    codes = "\n".join(one for one, _, _ in found.outlets)
    values = {
        "name": found.name,
        "outlets": codes,
        "seen": codes,
        "active": "1" if found.active else "",
    }
    return open_form(_place(request, site, session, code=code), values)


@router.post("/field/beats/{code}/change")
def change(
    request: Request, site: SiteOf, session: Planner, *, code: str, given: Given, acts: Acts
) -> Response:
    """Change a beat's name and outlets, unless another has changed them since."""
    place = _place(request, site, session, code=code)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.plan.change(sent.value, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _refuse(place, given, done)
    return finish_form(place, sent=sent, led_to=f"/field/beats/{code}")


@router.get("/field/beats/{code}")
def beat(request: Request, site: SiteOf, session: Reader, *, code: str, acts: Acts) -> Response:
    """Show one beat."""
    return _show_beat(request, site, session, code=code, acts=acts)


@router.post("/field/beats/{code}/journeys")
def walk(
    request: Request,
    site: SiteOf,
    session: Planner,
    *,
    acts: Acts,
    code: str,
    user: Typed,
    from_day: Typed,
    until_day: Typed = "",
    every_weeks: Annotated[int, Form(ge=1, le=12)] = 1,
    weekdays: Annotated[list[int], Form()] = [],  # noqa: B006 -- FastAPI copies it
    classes: Annotated[list[Typed], Form()] = [],  # noqa: B006 -- FastAPI copies it
) -> Response:
    """Have somebody walk the beat on days of the week, or its outlets of some classes alone."""
    begun, ended = _day(from_day), _day(until_day)
    if begun is None or (until_day.strip() and ended is None):
        fault = words_of(request).text("beats.day_wrong")
        return _show_beat(request, site, session, code=code, acts=acts, fault=fault)
    mask = sum(1 << one for one in set(weekdays) if 0 <= one < WEEKDAYS)
    of = read_classes(",".join(classes))
    plan = Journey(0, user.strip(), 0, mask, every_weeks, begun, ended, of)
    done = acts.plan.walk(code, plan, by=session.user, scope=session.scope)
    return _done(request, site, session, code=code, acts=acts, done=done)


@router.post("/field/beats/{code}/journeys/{journey}/end")
def stop(
    request: Request, site: SiteOf, session: Planner, *, acts: Acts, code: str, journey: int
) -> Response:
    """Have somebody walk the beat no more after today."""
    done = acts.plan.stop(code, journey, day=site.today(), by=session.user, scope=session.scope)
    return _done(request, site, session, code=code, acts=acts, done=done)


def _done(
    request: Request,
    site: Site,
    session: Session,
    *,
    code: str,
    acts: FieldActs,
    done: Kept | Refused,
) -> Response:
    if isinstance(done, Refused):
        fault = sentence(done.reasons[0], language=words_of(request).language)
        return _show_beat(request, site, session, code=code, acts=acts, fault=fault)
    return RedirectResponse(f"/field/beats/{code}", 303)


def _show_beat(
    request: Request,
    site: Site,
    session: Session,
    *,
    code: str,
    acts: FieldActs,
    fault: str = "",
) -> Response:
    with site.ground.database.read() as connection:
        found = read_beat(connection, code, day=site.today(), scope=session.scope)
        people = list_walkers(connection, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    words, today = words_of(request), site.today()
    return draw(
        request,
        "field_beat.html",
        session=session,
        status=422 if fault else 200,
        beat=found,
        people=people,
        today=today,
        resting=[words.named("weekday", one) for one in found.resting],
        fault=fault,
        weekdays=range(WEEKDAYS),
        classes=PLANNED_CLASSES,
        unseen=acts.plan.find_unseen(found),
        plan_of=read_plan,
        days_of=lambda mask: [one for one in range(WEEKDAYS) if mask >> one & 1],
    )


def _place(
    request: Request, site: Site, session: Session, *, code: str | None
) -> FormPlace[BeatFields]:
    language = words_of(request).language

    def check(values: Mapping[str, str]) -> Checked[BeatFields]:
        seen = values.get("seen")
        fields = BeatFields(
            (code or values.get("code", "")).strip(),
            values.get("name", "").strip(),
            read_outlets(values.get("outlets", "")),
            active=code is None or values.get("active", "") == "1",
            seen=None if code is None or seen is None else read_outlets(seen),
            seller=values.get("seller", ""),
        )
        fault = fault_of(fields)
        if fault is not None:
            return Checked(errors=sentences(fault.reasons, language=language))
        return Checked(fields)

    named = () if code else (Field("code", "beats.code", required=True, code=True, longest=32),)
    kept = (Field("active", "beats.active", kind="tick"),) if code else ()
    frame = FormFrame(
        "beat",
        "beats.change" if code else "beats.new",
        "beats.save",
        (
            *named,
            *(() if code else choose_seller(site, session)),
            Field("name", "beats.name", required=True, longest=100),
            Field("outlets", "beats.outlets", "area", "beats.outlets_hint", longest=20_000),
            *kept,
        ),
        "field_beat_form.html",
    )
    address = f"/field/beats/{code}/change" if code else _NEW
    back = f"/field/beats/{code}" if code else "/field/beats"
    return FormPlace(request, site, session, frame, address, back, check)


def _refuse(place: FormPlace[BeatFields], given: Mapping[str, str], done: Refused) -> Response:
    return refuse_act(place, given, done.reasons)


def _day(typed: str) -> date | None:
    try:
        return read_day(typed) if typed.strip() else None
    except CellError:
        return None
