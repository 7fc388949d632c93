"""Requests made ready: what rows are of, the parts of their measures, and the SQL that asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Label, Select, func

from hub.desk.reports.model.measures import MEASURES, Measure
from hub.desk.reports.reads.definitions import DEFINITIONS, Shape
from hub.desk.reports.reads.sources import Asked, Grain, Of, Part, Source, narrowed_by
from hub.desk.reports.reads.spans import SPANS

FACT: Final = "fact_"
"""How the columns of facts begin."""


class UnansweredError(Exception):
    """Nothing keeps yet what a report is about; `report` names it, `by` the words that it lacks."""

    def __init__(self, report: str, by: Collection[str] = ()) -> None:
        lacks = f"{report} is not kept by {', '.join(sorted(by))}"
        super().__init__(lacks if by else f"nothing keeps yet what {report} is about")
        self.report: Final = report


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of an answer are wanted: `size` of them after the first `offset`; None is all."""

    offset: int = 0
    size: int | None = None


ALL: Final = Page()


@dataclass(frozen=True, slots=True)
class Plan:
    """A request made ready: its source, what one row is of, and the parts of its measures."""

    asked: Asked
    shape: Shape
    source: Source
    name: str
    grain: Grain
    chosen: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def measures(self) -> list[Measure]:
        """Give the measures that are shown."""
        return [MEASURES[name] for name in self.chosen or self.shape.shown(self.name)]

    @property
    def parts(self) -> Mapping[str, Part]:
        """Give the parts that the measures are made of."""
        names = self.only or [name for one in self.measures for name in (one.of or (one.name,))]
        return {name: self.source.parts[name] for name in dict.fromkeys(names)}

    @property
    def quick(self) -> Source | None:
        """Give the sums that are kept of what is asked about, where they tell each row."""
        quick = self.summed
        return quick if quick is not None and self.name in quick.grains else None

    @property
    def kept(self) -> "Plan | None":
        """Give the plan of what is kept of past days, where that tells rows and their order.

        Rows that are worked out are their own: they are made once, for the page and the totals.
        """
        if self.source.worked_out:
            return self
        for source in self._kept_sources(self.name):
            grain = source.grains.get(self.name)
            if grain is None or grain.alone:
                continue
            told = {**source.parts, **grain.parts}
            names = tuple(name for name in self.parts if name in told)
            if names and _sort_of(self) in told:
                source = replace(source, parts=told)  # noqa: PLW2901  # the same rows
                return replace(self, source=source, grain=grain, only=names)
        return None

    def _kept_sources(self, grain: str) -> list[Source]:
        """Give what is kept of the days that are asked about, as far as every filter is known."""
        named = {name for name, _ in self.asked.request.filters}
        return [one for one in self.source.kept(grain) if named <= one.filters.keys()]

    @property
    def of_totals(self) -> list[Source]:
        """Give what the totals may be read from, the least work first."""
        quick = [] if self.summed is None else [self.summed]
        return [*quick, *self._kept_sources(""), self.source]

    @property
    def summed(self) -> Source | None:
        """Give the sums that are kept of what is asked about, where they tell its totals.

        What the orders of a month come to is known by day, whichever customers they are put by.
        """
        quick, filters = self.source.quick, self.asked.request.filters
        if quick is None or any(name not in quick.filters for name, _ in filters):
            return None
        return quick


def with_parts(plan: Plan, source: Source, parts: Sequence[str]) -> Plan:
    """Give the plan of some of the parts, out of a source."""
    return replace(plan, source=source, grain=source.grains[plan.name], only=tuple(parts))


def money_columns(money: tuple[Of, Of], *, alone: bool) -> list[Label[Any]]:
    """Ask for the currency and the scale of amounts, and whether there is another."""
    currency, scale = money
    least = currency if alone else func.min(currency)
    most = currency if alone else func.max(currency)
    finest: Of = scale if alone else func.max(scale)
    return [least.label("currency_"), most.label("other_"), finest.label("scale_")]


def planned(asked: Asked) -> Plan:
    """Make a request ready; raises UnansweredError where no report answers it."""
    found = DEFINITIONS.get(asked.request.report)
    if found is None:
        raise UnansweredError(asked.request.report)
    shape = found.shape(asked)
    name = asked.request.group_by or shape.grain
    source = shape.source(asked)
    unknown = {one for one, _ in asked.request.filters if one not in source.filters}
    if name not in source.grains:
        unknown.add(name)
    if unknown:
        raise UnansweredError(asked.request.report, unknown)
    return Plan(asked, shape, source, name, source.grains[name])


def conditions(plan: Plan) -> list[ColumnElement[bool]]:
    """Write the request's filters and its period."""
    asked, source = plan.asked, plan.source
    found = narrowed_by(asked.request, source)
    period = asked.request.period
    if period is None:
        return found
    if source.in_period is not None:
        return [*found, source.in_period]
    if source.day is None:
        return found
    return [*found, source.day >= period.first, source.day <= period.last]


def paged(plan: Plan, page: Page, more: Sequence[Of] = ()) -> Select[Any]:
    """Ask for the rows of a page, in their order."""
    grain = plan.grain
    parts = {name: part.of if grain.alone else part.together() for name, part in plan.parts.items()}
    texts = {"label": grain.label, "code": grain.code, "linked": grain.linked}
    texts |= {f"{FACT}{one.name}": one.of for one in grain.facts}
    if not grain.alone:
        # All rows of a key have the same key, which needs no looking for.
        texts = {
            name: of if of is None or of is grain.key else func.min(of)
            for name, of in texts.items()
        }
    columns = [
        grain.key.label("key"),
        *(of.label(name) for name, of in texts.items() if of is not None),
        *(of.label(name) for name, of in parts.items()),
        *more,
    ]
    query = plan.source.select(columns, conditions(plan))
    if not grain.alone:
        query = query.group_by(grain.key)
        query = query if plan.source.there is None else query.having(plan.source.there)
    query = query.order_by(*_order(plan), grain.key.asc())
    return query.offset(page.offset).limit(page.size) if page != ALL else query


def _order(plan: Plan) -> list[Of]:
    """Write how rows are sorted; stretches of time that nobody sorts go from the first on."""
    grain, shape = plan.grain, plan.shape
    written = plan.asked.request.sort
    if written is None and plan.name in SPANS:
        return []
    wanted = written or _usual(shape)
    if not wanted:
        return [func.lower(grain.label if grain.alone else func.min(grain.label)).asc()]
    word, _, way = wanted.rpartition("_")
    column = _sorted_by(plan, shape.sorts[word])
    return [column.desc() if way == "desc" else column.asc()]


def _sort_of(plan: Plan) -> str:
    """Name the part that rows are sorted by; the first of what is shown for stretches of time."""
    wanted = plan.asked.request.sort or _usual(plan.shape)
    word = wanted.rpartition("_")[0]
    measure = MEASURES.get(plan.shape.sorts.get(word, ""), plan.measures[0])
    return measure.of[0] if measure.of else measure.name


def _usual(shape: Shape) -> str:
    word = shape.usual.removeprefix("-")
    return word and f"{word}_{'desc' if shape.usual.startswith('-') else 'asc'}"


def _sorted_by(plan: Plan, name: str) -> Of:
    """Give what a sort means of a grain: a fact of its rows, a measure, else the main one."""
    grain, source = plan.grain, plan.source
    fact = next((one for one in grain.facts if one.name == name), None)
    if fact is not None:
        return fact.of if grain.alone else func.min(fact.of)
    measure = MEASURES.get(name, plan.measures[0])
    part = source.parts[measure.of[0] if measure.of else measure.name]
    return part.of if grain.alone else part.together()
