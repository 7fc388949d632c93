"""What targets came to, by the reports of the measures that they aim at: never counted anew."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, cast

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.parties.tables import party
from hub.desk.reports.model.pace import Pace, pace_of
from hub.desk.reports.model.requests import FilterValue, Named, Period, ReportRequest
from hub.desk.reports.reads.sources import AnswerAsked, Asked
from hub.desk.targets.model import AIMS
from hub.desk.targets.reads import TargetRow, targets_between
from hub.desk.workdays.model import Workdays
from hub.desk.workdays.reads import Home, read_calendar, read_homes

_GROUPED: Final = ("rep", "customer", "brand", "product")
"""What many targets are told apart by in one answer; a region and a category hold others."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A target with what was achieved of it so far, and how far it is."""

    row: TargetRow
    achieved: int
    pace: Pace


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked once for all targets that differ in one name alone."""

    seller: int
    measure: str
    period: Period
    by: str
    filters: tuple[tuple[str, FilterValue], ...]


def reach_targets(
    connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
) -> Asked:
    """Work out what the targets that somebody sees in a period came to, as rows of figures."""
    measure = asked.request.find("measure")

    def is_wanted(row: TargetRow) -> bool:
        return row.measure == measure

    found = read_reached(connection, asked, answer=answer, wanted=is_wanted, scope=scope)
    rows = [
        (one.row.id, one.achieved, one.pace.due, one.pace.needed, one.pace.word) for one in found
    ]
    return replace(asked, known=rows)


def read_reached(
    connection: Connection,
    asked: Asked,
    *,
    answer: AnswerAsked,
    wanted: Callable[[TargetRow], bool],
    scope: Scope,
) -> Sequence[Reached]:
    """Read the targets that somebody sees and that are wanted, with what each came to so far.

    What a target came to is of all rows that it is about, and one number for all who see it: a
    rep's of November counts the days on which a shop was the rep's, though another has it now.
    """
    today = asked.today
    first, last = asked.first or today, asked.last or today
    found = targets_between(connection, first, last, day=today, scope=scope)
    rows = [one for one in found if wanted(one)]
    questions: dict[_Question, list[tuple[TargetRow, str]]] = {}
    for row in rows:
        question, name = _question(row)
        questions.setdefault(question, []).append((row, name))
    figures: dict[int, int] = {}
    for question, named in questions.items():
        names = {name for _, name in named}
        told = _ask(connection, asked, question, names=names, answer=answer)
        figures |= {row.id: told.get(name, 0) for row, name in named}
    worked = _workdays_of(connection, rows, scope=scope) if rows else {}
    return [_reached(row, figures[row.id], today=today, workdays=worked[row.id]) for row in rows]


def _reached(row: TargetRow, achieved: int, *, today: date, workdays: Workdays) -> Reached:
    days = Period("target", row.first, row.last)
    pace = pace_of(row.amount, achieved, days=days, today=today, workdays=workdays)
    return Reached(row, achieved, pace)


def _workdays_of(
    connection: Connection, rows: Sequence[TargetRow], *, scope: Scope
) -> Mapping[int, Workdays]:
    """Give the working days that each target goes by: of its seller, where whose it is works."""
    calendar = read_calendar(connection, scope=scope)
    homes = read_homes(connection, scope=scope)
    codes = [row.who for row in rows if row.kind == "customer"]
    query = select(party.c.code, party.c.geo).where(
        party.c.code.in_(codes), visible(scope, seller=party.c.parent_id, party=party.c.id)
    )
    regions = dict(map(tuple, connection.execute(query))) if codes else {}

    def region_of(row: TargetRow) -> str:
        if row.kind == "rep":
            return homes.get(row.who, Home(row.seller_id)).region
        return row.who if row.kind == "area" else regions.get(row.who, "")

    return {row.id: calendar.of(row.seller_id, region_of(row)) for row in rows}


def _question(row: TargetRow) -> tuple[_Question, str]:
    """Give what is asked for a target, and the name that its figure has in the answer."""
    about = {row.kind: Named(row.who, row.who)} if row.who else {}
    if row.thing:
        about[row.goods] = Named(row.thing, row.thing if row.goods == "product" else "")
    by = next((one for one in _GROUPED if one in about), "")
    name = about.pop(by).name if by else ""
    filters = cast("Mapping[str, FilterValue]", about)
    days = Period("target", row.first, row.last)
    kept = tuple(sorted(filters.items(), key=lambda pair: pair[0]))
    return _Question(row.seller_id, row.measure, days, by, kept), name


def _ask(
    connection: Connection,
    asked: Asked,
    question: _Question,
    *,
    names: Collection[str],
    answer: AnswerAsked,
) -> Mapping[str, int]:
    """Give what each name came to; the whole is under no name."""
    if question.period.first > asked.today:
        return {}
    filters, by = question.filters, question.by
    alone = next(iter(names)) if len(names) == 1 else None
    if by and alone is not None:  # of one name the others' rows are not read
        code = "" if by == "brand" else alone
        filters, by = (*filters, (by, Named(alone, code))), ""
    request = ReportRequest(AIMS[question.measure].report, filters, question.period, by or "month")
    told = answer(
        connection,
        replace(asked, request=request),
        scope=Scope(sellers=frozenset({question.seller})),
        measures=(question.measure,),
    )
    if not by:
        return {alone or "": told.totals[question.measure] or 0}
    figures = ((line.key, line.values[question.measure]) for line in told.lines)
    return {name: value for name, value in figures if isinstance(value, int)}
