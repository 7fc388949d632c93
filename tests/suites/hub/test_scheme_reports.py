"""What schemes did: what was sold of their goods, what it was before, and what is left of them."""

from datetime import date
from typing import Final

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.words import PageWords
from hub.desk.assistant.reads.masters import read_goods
from hub.desk.reports.commands.report import write_table
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import Named, Period, ReportRequest
from hub.desk.reports.pages.showing import row_of
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from tests.builders.claims import FUNDED, FUNDERS
from tests.builders.insights import told_to_come
from tests.builders.market import FILES, Market, packed
from tests.builders.money import billed, delivered
from tests.suites.hub.test_reports import ZONE, answered, at, keep_all

DAYS: Final = (date(2026, 11, 26), date(2026, 11, 30))
NEARLY: Final = "1 scheme has a tenth or less of its budget, or of another limit, left"
BEFORE: Final = (date(2026, 11, 21), date(2026, 11, 25))
_BOUNDED: Final = (
    FUNDED
    + """
  - id: SCH-BUDGET
    text: Ten percent on food
    when: {category: food, not: {sku: HONEY}}
    count: {over: line, of: qty}
    slabs: [{from: 1, percent: 10}]
    budget: {amount: 100.00}
    limit: {total: {amount: 27.00, each: day}}
  - id: SCH-QUIET
    when: {brand: Leaf}
    count: {over: line, of: qty}
    slabs: [{from: 900, percent: 1}]
    limit: {total: 5}
"""
)
_LIFT: Final = ("scheme_sold", "scheme_before", "uplift", "uplift_rate")
_LEFT: Final = ("budget_left", "uses_left", "pieces_left")


def _sold(market: Market, condition: str, first: date, last: date) -> int:
    """Add up what the lines of orders that stand come to, from the tables alone."""
    rows = market.rows(
        "SELECT coalesce(sum(l.total), 0) FROM order_ o "  # noqa: S608 -- ours
        "JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision "
        "JOIN order_line l ON l.order_id = o.id AND l.revision = r.content "
        "WHERE l.free = false AND o.status NOT IN ('draft', 'held', 'cancelled', 'rejected') "
        f"AND o.business_date BETWEEN '{first}' AND '{last}' AND {condition}"
    )
    return int(rows[0][0])


def _figures(answer: Answer, *names: str) -> dict[str, tuple[object, ...]]:
    return {line.key: tuple(line.values[one] for one in names) for line in answer.lines}


def _sell(market: Market) -> None:
    """Sell some before the schemes of the market begin, and more with them, some of it billed."""
    market.load(customers=FILES["customers.csv"] + FUNDERS)
    market.place(("TEA", 4), ("RICE", 6))
    market.place(("SOAP", 5), terminal="shop-1")
    at(market, 29, 11)
    market.publish(packed(version=2, more=_BOUNDED))
    market.place(("RICE", 20))
    at(market, 30, 11)
    market.place(("OIL", 2), terminal="shop-1")
    billed(market, delivered(market, ("TEA", 10), ("SOAP", 20), ("RICE", 5)))


def test_a_scheme_stands_beside_the_days_before_and_what_is_left_of_its_limits(
    market: Market,
) -> None:
    _sell(market)

    now = answered(market, "scheme_performance", days=DAYS)
    tea = answered(market, "scheme_performance", ("customer", Named("First Shop")), days=DAYS)
    past = answered(market, "scheme_performance", days=BEFORE)
    one = answered(market, "scheme_performance", ("scheme", Named("SCH-MORE")), days=DAYS)
    short = answered(market, "scheme_performance", ("status", "running_out"), days=DAYS)
    told = told_to_come(market, "products.read")
    monthly = answered(market, "scheme_performance", by="month", days=DAYS)
    keep_all(market)
    kept = answered(market, "scheme_performance", days=DAYS)

    wanted = {
        "SCH-LEAF": "l.sku = 'TEA'",
        "SCH-MORE": "l.sku = 'TEA'",
        "SCH-GIFT": "l.sku = 'SOAP'",
        "SCH-BILL": "1 = 1",
        "SCH-LAUNCH": "l.sku = 'SOAP'",
        "SCH-BUDGET": "l.sku IN ('RICE', 'OIL')",
        "SCH-QUIET": "l.sku = 'TEA'",
    }
    sold = {
        scheme: (
            _sold(market, which, *DAYS),
            _sold(market, which, *BEFORE),
        )
        for scheme, which in wanted.items()
    }
    assert _figures(now, *_LIFT[:3]) == {
        scheme: (after, before, after - before) for scheme, (after, before) in sold.items()
    }
    assert sold["SCH-MORE"] > (0, 0)
    assert min(sold["SCH-BUDGET"]) > 0
    of_kept = _figures(kept, *_LIFT)  # a day later, what gave nothing is no row of these days
    assert of_kept == {key: of for key, of in _figures(now, *_LIFT).items() if key != "SCH-QUIET"}
    assert _figures(now, *_LEFT) == {
        **dict.fromkeys(("SCH-LEAF", "SCH-MORE", "SCH-GIFT", "SCH-BILL"), (None, None, None)),
        "SCH-LAUNCH": (None, 2, None),
        "SCH-BUDGET": (_budget_left(market), None, None),
        "SCH-QUIET": (None, 5, None),
    }
    assert 0 < _budget_left(market) <= 270
    assert told == {NEARLY: "/reports/scheme_performance?status=running_out"}
    assert _figures(short, *_LIFT) == {"SCH-BUDGET": _figures(now, *_LIFT)["SCH-BUDGET"]}
    assert now.totals["uplift"] is None
    assert one.totals["uplift"] == one.lines[0].values["uplift"]
    assert {line.key for line in tea.lines} == set()
    assert past.lines == []
    assert {one.name for one in monthly.measures} == {
        "scheme_cost",
        "scheme_pieces",
        "scheme_orders",
    }
    assert monthly.totals["scheme_cost"] == now.totals["scheme_cost"]


def _gave(market: Market, *, by: str | None, scope: Scope) -> set[str]:
    """Name the orders, or the schemes, that gave something, for somebody who sees some rows."""
    request = ReportRequest("scheme_performance", (), Period("these days", *DAYS), by)
    with market.database.read() as connection:
        asked = ask(request, reader="wanda", now_ms=market.clock.ms, zone=ZONE)
        answer = answer_report(connection, asked, scope=scope)
    return {line.code for line in answer.lines}


def _budget_left(market: Market) -> int:
    """Give the lesser of what a limit of 100.00 and one of 27.00 a day have left."""
    rows = market.rows(
        "SELECT scope, spent FROM scheme_counter WHERE rule = 'SCH-BUDGET' "
        "AND scope IN ('total', 'total@2026-11-30')"
    )
    spent = {scope: int(amount) for scope, amount in rows}
    assert spent["total"] > spent["total@2026-11-30"] > 0
    return min(10_000 - spent["total"], 2_700 - spent["total@2026-11-30"])


@pytest.mark.one_engine
def test_a_scheme_is_shown_and_found_by_what_its_rules_call_it_and_a_payer_by_its_name(
    market: Market,
) -> None:
    _sell(market)

    now = answered(market, "scheme_performance", days=DAYS)
    named = Named("Ten percent on tea", "SCH-LEAF")
    by_name = answered(market, "scheme_performance", ("scheme", named), days=DAYS)
    by_payer = answered(market, "claims", ("funder", Named("Hive Works", "HIVE")), days=DAYS)
    with market.database.read() as connection:
        goods = {(one.name, one.key) for one in read_goods(connection, scope=EVERYTHING)}

    ((seller, place),) = market.rows("SELECT DISTINCT seller_id, warehouse_id FROM order_")
    gave = [
        _gave(
            market, by=by, scope=Scope(sellers=frozenset((seller,)), warehouses=frozenset((one,)))
        )
        for one in (place, place + 1)
        for by in ("order", None)
    ]
    numbers = {one for (one,) in market.rows("SELECT number FROM order_ WHERE status = 'invoiced'")}
    assert [bool(one) for one in gave] == [True, True, False, False]
    assert gave[0] == numbers
    assert {line.key for line in by_name.lines} == {"SCH-LEAF"}
    assert "Ten percent on tea" in write_table(by_name, ZONE)
    assert {line.key for line in by_payer.lines} == {"HIVE"}
    hindi = PageWords("hi")
    written = {line.key: str(row_of(now, line, hindi)[0]) for line in now.lines}
    assert "चाय पर दस प्रतिशत" in written["SCH-LEAF"]
    assert "Honey with twenty soaps" in written["SCH-GIFT"]
    assert {("चाय पर दस प्रतिशत", "SCH-LEAF"), ("Ten percent on tea", "SCH-LEAF")} <= goods
