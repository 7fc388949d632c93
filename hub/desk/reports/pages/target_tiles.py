"""The tile of targets: one's own of this month, else the seller's, with what is still needed."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.money import HouseMoney
from hub.base.words import PageWords, grouped
from hub.desk.field.reads.targets import PhoneTarget
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.model.answers import quotient
from hub.desk.reports.model.measures import MEASURES
from hub.desk.reports.model.periods import period_of
from hub.desk.reports.model.requests import FilterValue, ReportRequest
from hub.desk.reports.pages.addresses import address_of
from hub.desk.reports.pages.showing import said_period
from hub.desk.reports.reads.achieving import Reached, read_reached
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.sources import Asked
from hub.desk.targets.model import AIMS
from hub.desk.targets.reads import TargetRow
from hub.web.frames.cells import Amount, Cell, Count, Percent
from hub.web.noun import Figure, TileItem

_RATE: Final = MEASURES["amount_rate"]


def read_for_phone(
    connection: Connection, session: Session, *, now_ms: int
) -> Sequence[PhoneTarget]:
    """Read somebody's own targets that run today, as a phone keeps them."""
    if not session.may("targets.read"):
        return ()
    zone = read_distributor(connection).zone
    found = _read(connection, session, now_ms=now_ms, zone=zone, own=True)
    return [
        PhoneTarget(
            *(one.row.measure, AIMS[one.row.measure].money, one.row.thing, one.row.last),
            *(one.row.amount, one.achieved, one.pace.needed),
            days=one.pace.days - one.pace.gone,
            word=one.pace.word,
        )
        for one in found
    ]


def read_target_tiles(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> Sequence[TileItem]:
    """Tell the month's targets: the reader's own or, where there are none, the seller's."""
    if not session.may("targets.read"):
        return ()
    house = read_distributor(connection)
    zone, own = house.zone, True
    found = _read(connection, session, now_ms=now_ms, zone=zone, own=True, month=True)
    if not found:
        own = False
        found = _read(connection, session, now_ms=now_ms, zone=zone, own=False, month=True)
    of_measure = Counter(one.row.measure for one in found)
    figures = [
        Figure(amount_of(one, one.achieved), _address(one, own=own), said(one, words, house.money))
        for one in found
        if of_measure[one.row.measure] == 1
    ]
    if not figures:
        return ()
    month = period_of("this_month", local_date(now_ms, zone))
    told = words.text(
        "tile.targets_own" if own else "tile.targets_all",
        days=said_period(month, words, dates=True),
    )
    return (TileItem("targets", words.text("tile.targets"), tuple(figures), told),)


def said(one: Reached, words: PageWords, money: HouseMoney) -> str:
    """Say beside what was achieved of how much it is, and what each day has to bring.

    `money` writes what is aimed at where that is money.
    """
    row, pace = one.row, one.pace
    rate = str(Percent(quotient(_RATE, one.achieved, row.amount)))
    told = words.text(
        "tile.target_of",
        measure=words.named("measure", row.measure),
        amount=_written(row, row.amount, money),
        rate=rate,
    )
    if not pace.needed:
        return told
    needed = words.text("tile.target_needed", amount=_written(row, pace.needed, money))
    return f"{told} {needed}"


def amount_of(one: Reached, amount: int) -> Cell:
    """Write a figure of a target as its measure is counted."""
    return Amount(amount) if AIMS[one.row.measure].money else Count(amount)


def _read(
    connection: Connection,
    session: Session,
    *,
    now_ms: int,
    zone: ZoneInfo,
    own: bool,
    month: bool = False,
) -> Sequence[Reached]:
    today = local_date(now_ms, zone)
    request = ReportRequest("targets", (), period_of("today", today))
    asked = Asked(request, session.user, today, now_ms, zone, session.scope)

    def is_wanted(row: TargetRow) -> bool:
        mine = row.kind == "rep" and row.who == session.user
        whose = mine if own else row.kind == "house" and row.goods == "all"
        return whose and (row.span == "month" or not month) and (row.goods == "all" or not month)

    return read_reached(
        connection, asked, answer=answer_report, wanted=is_wanted, scope=session.scope
    )


def _address(one: Reached, *, own: bool) -> str:
    """Give the report that has just this target."""
    whose: tuple[str, FilterValue] = ("mine", True) if own else ("aimed", one.row.kind)
    filters = (("measure", one.row.measure), ("span", one.row.span), whose)
    days = period_of("today", one.row.first)
    return address_of(ReportRequest("targets", filters, days))


def _written(row: TargetRow, amount: int, money: HouseMoney) -> str:
    return money.write(amount) if AIMS[row.measure].money else grouped(amount)
