"""Tiles of the first page: today, where orders stand, who is active, stock, and the trend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Sorting, Wanted
from hub.base.words import PageWords
from hub.desk.orders.model.life import PUBLIC
from hub.desk.parties.reads import read_distributor
from hub.desk.people.reads.users import active_since, count_users
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.periods import period_of
from hub.desk.reports.model.requests import Period, ReportRequest
from hub.desk.reports.pages.addresses import address_of
from hub.desk.reports.pages.showing import chart_of, figure_of, said_period, scope_words
from hub.desk.reports.pages.target_tiles import read_target_tiles
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.engine import answer_report
from hub.desk.stock.reads.overview import BY_NAME, NEAR_DAYS, count_expiring, count_stock
from hub.desk.terminals.reads.terminals import count_by_presence
from hub.web import formats
from hub.web.frames.cells import Cell, Count
from hub.web.noun import Figure, TileItem

_WEEK: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)
_STANDING: Final = ("processing", "delivered")


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks at the first page, in which words, and when."""

    connection: Connection
    session: Session
    words: PageWords
    now_ms: int
    zone: ZoneInfo
    today: date

    def answer(self, report: str, measure: str, *, by: str, period: Period) -> Answer:
        """Answer a report in the reader's scope, one measure of it."""
        request = ReportRequest(report, (), period, by)
        session = self.session
        asked = ask(
            request, reader=session.user, roles=session.roles, now_ms=self.now_ms, zone=self.zone
        )
        return answer_report(self.connection, asked, scope=session.scope, measures=(measure,))


def read_tiles(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> Sequence[TileItem]:
    """Read the tiles that the reader may see, always in the same order."""
    zone = read_distributor(connection).zone
    today = local_date(now_ms, zone)
    looking = _Looking(connection, session, words, now_ms, zone, today)
    tiles: list[TileItem] = []
    sold: Answer | None = None
    if session.may("orders.read"):
        month = period_of("last_30_days", today)
        sold = looking.answer("sales", "order_value", by="day", period=month)
        tiles += _of_orders(looking, sold)
    tiles += _active(looking)
    if session.may("stock.read"):
        tiles += _of_stock(looking)
    tiles += read_target_tiles(connection, session, words, now_ms=now_ms)
    if sold is not None:
        tiles.append(_trend(looking, sold))
    return tiles


def _of_orders(looking: _Looking, sold: Answer) -> list[TileItem]:
    """Tell today's orders, what they come to, and where the week's orders stand."""
    today, words = looking.today, looking.words
    days = looking.answer("order_summary", "orders", by="day", period=_days(today - _WEEK, today))
    placed = {line.key: line.values["orders"] for line in days.lines}
    week = looking.answer(
        "order_summary", "orders", by="status", period=period_of("last_7_days", today)
    )
    standing = {line.key: line.values["orders"] for line in week.lines}
    said = {"day": formats.day(today, words), "scope": _scope(looking)}
    earlier = (("tile.yesterday", today - _A_DAY), ("tile.weekday", today - _WEEK))
    return [
        TileItem(
            "orders",
            words.text("tile.orders"),
            (
                Figure(_count(placed, today.isoformat()), "/orders?days=1"),
                *(
                    Figure(_count(placed, day.isoformat()), _orders_of(day), words.text(name))
                    for name, day in earlier
                ),
            ),
            words.text("tile.orders_said", **said),
        ),
        TileItem(
            "value",
            words.text("tile.value"),
            (Figure(_sold_on(sold, today), _standing()),),
            words.text("tile.value_said", **said),
        ),
        TileItem(
            "status",
            words.text("tile.status"),
            tuple(
                Figure(
                    _count(standing, word),
                    f"/orders?public={word}",
                    words.named("report_status", word),
                )
                for word in PUBLIC
            ),
            words.text("tile.status_said", **said),
        ),
    ]


def _active(looking: _Looking) -> list[TileItem]:
    """Tell who is at work now: people, also in the field, and terminals that are connected."""
    session, words, scope = looking.session, looking.words, looking.session.scope
    figures = []
    if session.may("users.read"):
        chosen = {"seen_since": (active_since(looking.now_ms),)}
        people = count_users(looking.connection, Wanted(Sorting("name"), "", chosen), scope=scope)
        named = words.counted_message("tile.people", people)
        figures.append(Figure(Count(people), "/users?active=15", named))
    if session.is_staff and session.may("field.read"):
        figures.append(_in_the_field(looking))
    if session.may("terminals.read"):
        there = count_by_presence(looking.connection, looking.now_ms, scope=scope)
        online = there.get("online", 0)
        named = words.counted_message("tile.terminals", online)
        figures.append(Figure(Count(online), "/terminals?presence=online", named))
    if not figures:
        return []
    said = words.text("tile.active_said")
    return [TileItem("active", words.text("tile.active"), tuple(figures), said)]


def _in_the_field(looking: _Looking) -> Figure:
    """Tell how many field people have begun today's day: each is a day at work of the report."""
    words, today = looking.words, period_of("today", looking.today)
    found = looking.answer("attendance", "days_at_work", by="rep", period=today)
    total = found.totals["days_at_work"]
    begun = total if isinstance(total, int) else 0
    address = ""
    if looking.session.may("reports.read"):
        address = address_of(ReportRequest("attendance", (), today, "rep"))
    return Figure(Count(begun), address, words.counted_message("tile.field_people", begun))


def _of_stock(looking: _Looking) -> list[TileItem]:
    """Tell what is low, near its expiry and past it; each is the rows of the list."""
    words, connection, today = looking.words, looking.connection, looking.today
    scope = looking.session.scope
    wanted = Wanted(BY_NAME, chosen={"state": ("low",)})
    low = count_stock(connection, wanted, today=today, scope=scope)
    batches = count_expiring(connection, today=today, scope=scope)
    near, expired = Count(batches.get("near", 0)), Count(batches.get("expired", 0))
    return [
        TileItem(
            "low",
            words.text("tile.low"),
            (Figure(Count(low), "/stock?state=low"),),
            words.text("tile.low_said"),
        ),
        TileItem(
            "near",
            words.text("tile.near"),
            (
                Figure(near, "/stock/batches?state=near"),
                Figure(expired, "/stock/batches?state=expired", words.text("tile.expired")),
            ),
            words.text("tile.near_said", days=NEAR_DAYS),
        ),
    ]


def _trend(looking: _Looking, answer: Answer) -> TileItem:
    """Draw what 30 days came to, day by day."""
    words, period = looking.words, period_of("last_30_days", looking.today)

    total = figure_of(answer, "order_value", answer.totals["order_value"])
    address = ""
    if looking.session.may("reports.read"):
        address = address_of(ReportRequest("sales", (), period, "day"))
    return TileItem(
        "trend",
        words.text("tile.trend"),
        (Figure(total, address),),
        words.text(
            "tile.trend_said",
            days=said_period(period, words, dates=True),
            scope=_scope(looking),
        ),
        chart=chart_of(answer, words, today=looking.today),
        wide=True,
    )


def _sold_on(sold: Answer, day: date) -> Cell:
    """Give what one day's orders come to."""
    values = {line.key: line.values["order_value"] for line in sold.lines}
    value = values.get(day.isoformat(), 0)
    return figure_of(sold, "order_value", value if isinstance(value, int) else None)


def _scope(looking: _Looking) -> str:
    return scope_words(looking.session.scope, looking.words)


def _count(counts: Mapping[str, object], key: str) -> Count:
    found = counts.get(key, 0)
    return Count(found if isinstance(found, int) else 0)


def _days(first: date, last: date) -> Period:
    return Period(f"{first}..{last}", first, last)


def _orders_of(day: date) -> str:
    """Give the address of the list of a day's orders."""
    ends = [("placed_from", day.isoformat()), ("placed_to", day.isoformat())]
    return f"/orders?{urlencode([('days', '0'), *ends])}"


def _standing() -> str:
    """Give the address of the list of today's orders that stand."""
    return f"/orders?{urlencode([('days', '1'), *(('public', word) for word in _STANDING)])}"
