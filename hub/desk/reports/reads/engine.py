"""Answers reports: a request and a scope become SQL, and its rows and totals an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, literal_column, select

from hub.base.access import Scope
from hub.base.money import HOUSE_SCALE
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.model.answers import Answer, Compared, Heading, Line, Value, quotient
from hub.desk.reports.model.forms import GROUPS
from hub.desk.reports.model.measures import Measure
from hub.desk.reports.model.periods import before, period_of, year_before
from hub.desk.reports.model.requests import FIRST_DAY, Period, ReportRequest
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.planning import (
    ALL,
    FACT,
    Page,
    Plan,
    UnansweredError,
    conditions,
    money_columns,
    paged,
    planned,
    with_parts,
)
from hub.desk.reports.reads.sources import Asked, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS
from hub.desk.rulepacks.reads import read_scheme_names

_PRICE_SCALE: Final = 4
_KINDS: Final = {"money": "money", "percent": "percent"}
_WHOLE: Final = "whole_"
_MOST_KEYS: Final = 500


def completed(request: ReportRequest, today: date) -> ReportRequest:
    """Give a request with what is usual where it names none; raises UnansweredError."""
    found = DEFINITIONS.get(request.report)
    if found is None:
        raise UnansweredError(request.report)
    for name, value in found.usual:
        if request.find(name) is None:
            request = request.having(name, value)
    if request.period is None and found.period and request.form.dated:
        return replace(request, period=period_of(found.period, today))
    return request


def answer_report(
    connection: Connection,
    asked: Asked,
    *,
    scope: Scope,
    page: Page = ALL,
    measures: tuple[str, ...] = (),
    compare: bool = False,
) -> Answer:
    """Answer a request that is complete, out of the rows of a scope; raises UnansweredError.

    Totals are made of all rows of the filter, as each measure says, whatever page is shown. With
    `measures`, these alone are made: whole answers of a sum are read once. With
    `compare` the totals of the period before, and of the same days a year earlier, are added.
    """
    asked = _prepared(connection, replace(asked, scope=scope))
    plan = replace(planned(asked), chosen=measures)
    wanted = page if asked.request.limit is None else _limited(page, asked.request.limit)
    rows: Sequence[Mapping[Any, Any]]
    if plan.quick is not None:
        rows, totals, count, money = _read_quick(connection, plan, plan.quick, page=wanted)
    elif (kept := plan.kept) is not None:
        rows, totals, count, money = _read_kept(connection, plan, kept, page=wanted)
    elif measures and wanted == ALL and not plan.grain.shared:
        return _read_whole(connection, plan)
    else:
        totals, count, money = _read_totals(connection, plan)
        rows = connection.execute(paged(plan, wanted)).mappings().all()
    return Answer(
        request=asked.request,
        grain=plan.name,
        headings=_headings(plan),
        lines=[_line(plan, row, totals) for row in rows],
        totals=_shown(plan, totals, totals),
        count=count,
        main=plan.measures[0].name,
        currency=money[0],
        scale=money[1],
        sorts=plan.shape.sorts,
        compared=_compared(connection, plan) if compare else (),
        texts=read_scheme_names(connection, plan.asked.now_ms) if plan.name == "scheme" else {},
    )


def _prepared(connection: Connection, asked: Asked) -> Asked:
    """Work out what the report shows beside its own rows, where it does."""
    found = DEFINITIONS.get(asked.request.report)
    if found is None or found.prepare is None:
        return asked
    return found.prepare(connection, asked, answer=answer_report, scope=asked.scope)


def _read_whole(connection: Connection, plan: Plan) -> Answer:
    """Read all rows of measures that are sums, and add them up; raises ValueError for others."""
    if any(part.how != "sum" for part in plan.parts.values()):
        raise ValueError(plan.chosen)
    money = plan.source.money if any(one.unit == "money" for one in plan.measures) else None
    more = [] if money is None else money_columns(money, alone=plan.grain.alone)
    rows = connection.execute(paged(plan, ALL, more)).mappings().all()
    totals: dict[str, int | None] = {
        name: sum(_number(row[name], part) or 0 for row in rows)
        for name, part in plan.parts.items()
    }
    currency, scale = _currency_of(connection, rows)
    return Answer(
        request=plan.asked.request,
        grain=plan.name,
        headings=_headings(plan),
        lines=[_line(plan, row, totals) for row in rows],
        totals=_shown(plan, totals, totals),
        count=len(rows),
        main=plan.measures[0].name,
        currency=currency,
        scale=scale,
        sorts=plan.shape.sorts,
    )


def _read_quick(
    connection: Connection, plan: Plan, quick: Source, *, page: Page
) -> tuple[Sequence[Mapping[Any, Any]], dict[str, int | None], int, tuple[str, int]]:
    """Read rows and totals from the sums that are kept; what is no sum is counted as ever."""
    kept = [name for name in plan.parts if name in quick.parts]
    more = [] if quick.money is None else money_columns(quick.money, alone=False)
    query = paged(with_parts(plan, quick, kept), ALL, more)
    found = [dict(row) for row in connection.execute(query).mappings()]
    totals: dict[str, int | None] = {name: sum(int(row[name]) for row in found) for name in kept}
    counted = [name for name in plan.parts if name not in quick.parts]
    if counted:
        by_rows = with_parts(plan, plan.source, counted)
        rows = connection.execute(paged(by_rows, ALL).order_by(None)).mappings()
        others = {row["key"]: row for row in rows}
        for row in found:
            row.update({name: others[row["key"]][name] for name in counted})
        totals |= _read_parts(connection, by_rows)
    last = None if page.size is None else page.offset + page.size
    return found[page.offset : last], totals, len(found), _currency_of(connection, found)


def _read_kept(
    connection: Connection, plan: Plan, kept: Plan, *, page: Page
) -> tuple[Sequence[Mapping[Any, Any]], dict[str, int | None], int, tuple[str, int]]:
    """Read rows and totals from what is kept of past days, both at once.

    What does not add up from day to day, as different customers, is counted from the orders, for
    the rows of the page alone.
    """
    found = _rows_kept(connection, kept, page)
    first = found or (_rows_kept(connection, kept, Page(0, 1)) if page.offset else [])
    sums = _added_up(kept)
    totals: dict[str, int | None] = {
        name: _number(first[0][f"{_WHOLE}{name}"], kept.parts[name]) if first else 0
        for name in sums
    }
    others = tuple(name for name in plan.parts if name not in kept.parts)
    if others and found:
        by_rows = with_parts(plan, plan.source, others)
        query = paged(by_rows, ALL).order_by(None)
        if len(found) <= _MOST_KEYS:
            query = query.where(by_rows.grain.key.in_([row["key"] for row in found]))
        counted = {row["key"]: row for row in connection.execute(query).mappings()}
        for row in found:
            row.update({name: counted[row["key"]][name] for name in others})
    left = tuple(name for name in plan.parts if name not in totals)
    if left:
        totals |= _read_parts(connection, replace(plan, only=left))
    count = int(first[0]["rows_"]) if first else 0
    return found, totals, count, _currency_of(connection, first[:1])


def _added_up(kept: Plan) -> Mapping[str, Part]:
    """Give the parts whose rows add up; one order of two products is in a row of each."""
    return {
        name: part
        for name, part in kept.parts.items()
        if part.how == "sum" and name not in kept.grain.parts and not kept.grain.shared
    }


def _rows_kept(connection: Connection, kept: Plan, page: Page) -> list[dict[str, Any]]:
    """Read rows of what is kept, each beside what all rows come to."""
    alone = kept.grain.alone
    whole: list[Of] = [func.count().over().label("rows_")]
    whole += [
        func.sum(part.of if alone else part.together()).over().label(f"{_WHOLE}{name}")
        for name, part in _added_up(kept).items()
    ]
    if kept.source.money is not None:
        columns = [one.element for one in money_columns(kept.source.money, alone=alone)]
        whole += [
            func.min(columns[0]).over().label("currency_"),
            func.max(columns[1]).over().label("other_"),
            func.max(columns[2]).over().label("scale_"),
        ]
    if kept.grain.names is not None:
        whole.append(func.max(kept.grain.names[0]).label("named_"))
    rows = connection.execute(paged(kept, page, whole)).mappings()
    found = [{str(name): value for name, value in row.items()} for row in rows]
    if kept.grain.names is not None:
        _, row_id, name = kept.grain.names
        _write_names(connection, found, row_id=row_id, name=name)
    return found


def _write_names(
    connection: Connection, rows: Sequence[dict[str, Any]], *, row_id: Of, name: Of
) -> None:
    """Write the names that rows have by now; what is in no catalogue keeps the one it had."""
    query, wanted = select(row_id, name), [row["named_"] for row in rows]
    if len(rows) <= _MOST_KEYS:
        query = query.where(row_id.in_(wanted))
    names = {key: shown for key, shown in connection.execute(query)}  # noqa: C416 -- rows
    for row in rows:
        row["label"] = names.get(row["named_"], row["label"])


def _read_parts(connection: Connection, plan: Plan) -> dict[str, int | None]:
    """Read the totals alone, those that are kept from their sums."""
    totals: dict[str, int | None] = {}
    for source in plan.of_totals:
        names = [name for name in plan.parts if name in source.parts]
        names = [name for name in names if name not in totals]
        if names:
            some = replace(plan, source=source, only=tuple(names))
            together = [part.together().label(name) for name, part in some.parts.items()]
            row = connection.execute(source.select(together, conditions(some))).mappings().one()
            totals |= {name: _number(row[name], part) for name, part in some.parts.items()}
    return totals


def _currency_of(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> tuple[str, int]:
    """Give the currency and the scale of rows; no currency where there are several.

    Rows that name none are in the house's.
    """
    names = {row[name] for row in rows for name in ("currency_", "other_") if name in row}
    scale = max((int(row["scale_"]) for row in rows if "scale_" in row), default=HOUSE_SCALE)
    if names:
        return (names.pop() if len(names) == 1 else ""), scale
    return read_distributor(connection).money.currency, scale


def grain_of(asked: Asked) -> str:
    """Name what one row is of; raises UnansweredError."""
    return planned(asked).name


def groups_of(asked: Asked) -> list[str]:
    """Name what the rows of a request may be put together by."""
    definition, form = DEFINITIONS[asked.request.report], asked.request.form
    sources: dict[Callable[[Asked], Source], Source] = {}
    found: list[str] = []
    for name in (one for one in GROUPS if one in form.groups):
        grouped = replace(asked, request=replace(asked.request, group_by=name, sort=None))
        make = definition.shape(grouped).source
        source = sources.get(make) or sources.setdefault(make, make(grouped))
        filters = {one for one, _ in asked.request.filters}
        if name in source.grains and filters <= source.filters.keys():
            found.append(name)
    return found


def filters_of(asked: Asked) -> frozenset[str]:
    """Name the filters that a request may be narrowed by."""
    return asked.request.form.filters & planned(asked).source.filters.keys()


def _limited(page: Page, limit: int) -> Page:
    left = max(limit - page.offset, 0)
    return Page(page.offset, left if page.size is None else min(page.size, left))


def _read_totals(
    connection: Connection, plan: Plan
) -> tuple[dict[str, int | None], int, tuple[str, int]]:
    """Read the totals of all rows, how many rows there are, and the currency of amounts.

    Where each order is a row, what their days come to says it, however many there are.
    """
    source, grain = plan.source, plan.grain
    summed = plan.summed
    if grain.alone and summed is not None and plan.parts.keys() <= summed.parts.keys():
        return _read_summed(connection, plan, summed)
    rows = literal_column("count(*)") if grain.alone else func.count(grain.key.distinct())
    columns: list[Of] = [] if grain.shared else [rows.label("rows_")]
    columns += [part.together().label(name) for name, part in plan.parts.items()]
    if source.money is not None:
        columns += money_columns(source.money, alone=False)
    query = source.select(columns, conditions(plan))
    row = connection.execute(query).mappings().one()
    if grain.shared:  # counted apart: what rows are put together by would count orders again
        count = connection.execute(source.select([rows], conditions(plan))).scalar_one()
    else:
        count = row["rows_"]
    totals = {name: _number(row[name], part) for name, part in plan.parts.items()}
    if source.money is None or row["currency_"] is None:
        return totals, int(count), (read_distributor(connection).money.currency, HOUSE_SCALE)
    is_one = row["currency_"] == row["other_"]
    return totals, int(count), (row["currency_"] if is_one else "", int(row["scale_"]))


def _read_summed(
    connection: Connection, plan: Plan, summed: Source
) -> tuple[dict[str, int | None], int, tuple[str, int]]:
    """Read the totals of orders, and how many there are, from what their days come to."""
    names = dict.fromkeys((summed.rows, *plan.parts))
    some = replace(plan, source=summed, only=tuple(names))
    columns: list[Of] = [part.together().label(name) for name, part in some.parts.items()]
    columns += [] if summed.money is None else money_columns(summed.money, alone=False)
    row = connection.execute(summed.select(columns, conditions(some))).mappings().one()
    found = {name: _number(row[name], part) for name, part in some.parts.items()}
    there = [row] if row["currency_"] is not None else []
    totals = {name: found[name] for name in plan.parts}
    return totals, found[summed.rows] or 0, _currency_of(connection, there)


def _headings(plan: Plan) -> list[Heading]:
    grain, name = plan.grain, plan.name
    span = name if name in SPANS else ""
    first = Heading("label", f"report_grain.{name}", grain.kind, grain.family, span)
    facts = [Heading(one.name, one.label, one.kind, one.family) for one in grain.facts]
    figures = [
        Heading(one.name, one.label, "money" if one.unit == "money" else _kind(one))
        for one in plan.measures
    ]
    return [first, *facts, *figures]


def _kind(measure: Measure) -> Any:  # noqa: ANN401 -- one of the kinds of a heading
    return _KINDS.get(measure.unit, "count")


def _line(plan: Plan, row: Mapping[Any, Any], totals: Mapping[str, int | None]) -> Line:
    grain = plan.grain
    own = {name: _number(row[name], part) for name, part in plan.parts.items()}
    values: dict[str, Value] = {"label": _plain(row["label"])}
    values |= {one.name: _plain(row[f"{FACT}{one.name}"]) for one in grain.facts}
    values |= _shown(plan, own, totals)
    linked = row.get("linked")
    return Line(
        key=str(row["key"]),
        values=values,
        code=str(row.get("code") or ""),
        address=f"{grain.link}{linked}" if grain.link and linked else "",
    )


def _shown(
    plan: Plan, parts: Mapping[str, int | None], totals: Mapping[str, int | None]
) -> dict[str, int | None]:
    """Give the measures of parts: ratios are divided anew, a share is of the whole."""
    shown: dict[str, int | None] = {}
    for one in plan.measures:
        if one.of is None:
            shown[one.name] = parts[one.name]
        else:
            whole = totals if one.total == "share" else parts
            shown[one.name] = quotient(one, parts[one.of[0]], whole[one.of[1]])
    return shown


def _number(value: object, part: Part) -> int | None:
    """Give a number of either engine as it is kept; a price is rounded half up to minor units."""
    if value is None:
        return None
    number = int(str(value))
    if not part.price:
        return number
    step: int = 10 ** (_PRICE_SCALE - HOUSE_SCALE)
    return (2 * number + step) // (2 * step)


def _plain(value: object) -> Value:
    return value if isinstance(value, str | int | date) or value is None else str(value)


def _compared(connection: Connection, plan: Plan) -> list[Compared]:
    """Read the totals of the period before, and of the same days a year before.

    What is of now has none, and what tells of these times in its rows needs none. Days before all
    that a report may be asked about are not compared with: of 1900 to 2199 nothing is.
    """
    asked, period = plan.asked, plan.asked.request.period
    if period is None or plan.shape.compares or all(one.counted == "now" for one in plan.measures):
        return []
    earlier = (before(period), year_before(period))
    return [_compare(connection, asked, one) for one in earlier if one.first >= FIRST_DAY]


def _compare(connection: Connection, asked: Asked, period: Period) -> Compared:
    then = replace(asked, request=replace(asked.request, period=period))
    plan = planned(_prepared(connection, then))
    totals = _read_parts(connection, plan)
    return Compared(period.expr, period.first, period.last, _shown(plan, totals, totals))
