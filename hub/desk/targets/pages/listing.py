"""The list of targets in the frame of lists, and how a target's words are written."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.money import HouseMoney
from hub.base.words import PageWords, grouped
from hub.desk.targets.model import AIMS, KINDS, SPANS
from hub.desk.targets.reads import NEWEST, TargetRow, count_targets, list_targets
from hub.web.frames.cells import Amount, Cell, Count, Text
from hub.web.frames.filters import Choice, Dates, worded
from hub.web.frames.lists import Column, Listed, ListFrame

TARGETS: Final[ListFrame[TargetRow]] = ListFrame(
    name="targets",
    address="/targets",
    title="targets.title",
    icon="circle-check",
    columns=(
        Column(
            "who",
            "targets.who",
            lambda row, words: Text(
                name_of(row, words), sub=row.who if row.name else "", href=f"/targets/{row.id}"
            ),
            sort="who",
            phone="lead",
        ),
        Column(
            "kind",
            "targets.kind",
            lambda row, words: Text(words.named("target_kind", row.kind)),
            groups=True,
            usual=False,
        ),
        Column(
            "goods",
            "targets.goods",
            lambda row, words: Text(goods_of(row, words)),
            groups=True,
        ),
        Column(
            "measure",
            "targets.measure",
            lambda row, words: Text(words.named("measure", row.measure)),
            sort="measure",
            groups=True,
        ),
        Column("first", "targets.days", lambda row, words: Text(span_of(row, words)), sort="first"),
        Column(
            "amount",
            "targets.amount",
            lambda row, _: amount_of(row.measure, row.amount if row.active else None),
            phone="end",
            figures=True,
        ),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST,
    topics=("targets",),
    empty="targets.none",
    search="targets.search_hint",
    add="/targets/new",
    add_label="targets.new",
    may_add="targets.set",
    text="targets.text",
    filters=(
        Choice("measure", "targets.measure", worded("measure", tuple(AIMS))),
        Choice("kind", "targets.kind", worded("target_kind", KINDS)),
        Choice("span", "target_field.span", worded("target_span", SPANS)),
        Choice("state", "word.status", worded("target_state", ("stands", "withdrawn"))),
        Dates("days", "targets.days"),
    ),
)


def read_list(
    connection: Connection, wanted: Wanted, *, day: date, scope: Scope
) -> Listed[TargetRow]:
    """Read the list with its count."""
    page = list_targets(connection, wanted, day=day, scope=scope)
    return Listed(page, count_targets(connection, wanted, day=day, scope=scope))


def name_of(row: TargetRow, words: PageWords) -> str:
    """Say whose a target is."""
    return row.name or row.who or words.named("target_kind", row.kind)


def goods_of(row: TargetRow, words: PageWords) -> str:
    """Say of which goods a target is."""
    kind = words.named("target_goods", row.goods)
    return f"{kind}: {row.thing}" if row.thing else kind


def span_of(row: TargetRow, words: PageWords) -> str:
    """Say over which days a target is: `Nov 2026`, `Oct - Dec 2026`."""
    first = f"{words.named('month', row.first.month)} {row.first.year}"
    if row.span == "month":
        return first
    return f"{first} \N{EN DASH} {words.named('month', row.last.month)} {row.last.year}"


def rows_of(row: TargetRow) -> str:
    """Give the address of the report that tells what a target is made of."""
    fields = [("from", row.first.isoformat()), ("to", row.last.isoformat())]
    if row.who:
        fields += [(row.kind, row.name or row.who), (f"{row.kind}.key", row.who)]
    if row.thing:
        fields.append((row.goods, row.thing))
    return f"/reports/{AIMS[row.measure].report}?{urlencode(fields)}"


def amount_of(measure: str, amount: int | None) -> Cell:
    """Write what is aimed at, as the measure is counted."""
    return Amount(amount) if AIMS[measure].money else Count(amount)


def said_amount(measure: str, amount: int | None, words: PageWords, *, money: HouseMoney) -> str:
    """Say what is aimed at, money as `money` writes it, or that it was withdrawn."""
    if amount is None:
        return words.text("targets.withdrawn")
    return money.write(amount) if AIMS[measure].money else grouped(amount)
