"""The page of working days: the week, the year's holidays and other days, and who said so."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session, has_sellers
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.workdays.acts import WorkdayActs
from hub.desk.workdays.model import WEEKDAYS, YEARS
from hub.desk.workdays.reads import (
    list_marks,
    list_weeks,
    read_calendar,
    read_changes,
    read_house,
)
from hub.desk.workdays.store import KeptDay, Kind
from hub.web.frames.forms import read_form
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("workdays.read"))]
Setter = Annotated[Session, Depends(signed_in_for("workdays.set"))]
Acts = Annotated[WorkdayActs, Depends(acts_of(WorkdayActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Year = Annotated[int | None, Query(ge=YEARS[0], le=YEARS[-1])]
_MONTHS: Final = 12


@router.get("/workdays")
def workdays(request: Request, site: SiteOf, session: Reader, *, year: Year = None) -> Response:
    """Show the working days of a year."""
    return _show(request, site, session, year=year or site.today().year)


@router.post("/workdays/marks")
def mark(request: Request, site: SiteOf, session: Setter, *, given: Given, acts: Acts) -> Response:
    """Have a day be a holiday, or be worked although it would be none."""
    done = acts.set.mark(given, by=session.user, scope=session.scope)
    return _done(request, site, session, done=done, given=given)


@router.post("/workdays/weeks")
def week(request: Request, site: SiteOf, session: Setter, *, given: Given, acts: Acts) -> Response:
    """Have days of the week be worked from a day on."""
    days = ",".join(str(one + 1) for one in range(WEEKDAYS) if given.get(f"weekday_{one}"))
    texts = {**given, "weekdays": days}
    done = acts.set.week(texts, by=session.user, scope=session.scope)
    return _done(request, site, session, done=done, given=texts)


@router.post("/workdays/drop")
def drop(request: Request, site: SiteOf, session: Setter, *, given: Given, acts: Acts) -> Response:
    """Take back what was said of a day, or of a week from a day on."""
    kind: Kind = "week" if given.get("kind") == "week" else "mark"
    done = acts.set.drop(given, kind=kind, by=session.user, scope=session.scope)
    return _done(request, site, session, done=done, given=given)


def _done(
    request: Request,
    site: Site,
    session: Session,
    *,
    done: KeptDay | Refused,
    given: Mapping[str, str],
) -> Response:
    if isinstance(done, KeptDay):
        return RedirectResponse(f"/workdays?year={done.day.year}", 303)
    language = words_of(request).language
    faults = [sentence(one, language=language) for one in done.reasons]
    year = site.today().year
    return _show(request, site, session, year=year, faults=faults, given=given)


def _show(
    request: Request,
    site: Site,
    session: Session,
    *,
    year: int,
    faults: list[str] | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    first, last = date(year, 1, 1), date(year, 12, 31)
    with site.ground.database.read() as connection:
        own = read_calendar(connection, scope=session.scope).of(
            read_house(connection, scope=session.scope)
        )
        marks = list_marks(connection, first, last, scope=session.scope)
        weeks = list_weeks(connection, scope=session.scope)
        changes = read_changes(connection, scope=session.scope)
        sellers = has_sellers(connection, scope=session.scope)
    months = [(number, own.count(*_month(year, number))) for number in range(1, _MONTHS + 1)]
    return draw(
        request,
        "workdays.html",
        session=session,
        status=422 if faults else 200,
        faults=faults or (),
        given=given or {},
        year=year,
        today=site.today(),
        months=months,
        marks=marks,
        weeks=weeks,
        changes=[(*one.field.partition(" ")[::2], one) for one in changes],
        sellers=sellers,
        weekdays=range(WEEKDAYS),
        days_of=lambda mask: [one for one in range(WEEKDAYS) if mask >> one & 1],
        language=words_of(request).language,
    )


def _month(year: int, number: int) -> tuple[date, date]:
    first = date(year, number, 1)
    following = date(year + number // _MONTHS, number % _MONTHS + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)
