"""What past days come to by product and by customer is kept, and never differs from the orders."""

from datetime import date, timedelta

import pytest

from hub.base.access import EVERYTHING
from hub.desk.orders.acts import OrderActs
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.periods import period_of
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page
from tests.builders.market import Market
from tests.suites.hub.test_reports import ZONE

A_DAY_MS = 86_400_000
KEPT = "SELECT (SELECT count(*) FROM goods_sum), (SELECT count(*) FROM buyer_sum)"
STALE = "SELECT count(*) FROM order_sum WHERE NOT counted"
STRETCHES = "SELECT name, first, last FROM kept_stretch ORDER BY name"
STRETCHED = "SELECT stretch, sum(quantity) FROM goods_stretch GROUP BY stretch ORDER BY stretch"
REPORTS = {
    "product_contribution": ("product", "brand", "day"),
    "unfilled": ("product", "category"),
    "customer_sales": ("customer", "area", "day"),
    "customer_orders": ("customer",),
    "customer_performance": ("customer", "area"),
    "trends": ("customer", "product", "month"),
    "distributor_productivity": ("seller",),
    "stock_cover": ("",),
}


def keep_past_days(market: Market) -> None:
    """Let a day go by, and have the sums of all days before it made."""
    market.clock.ms += A_DAY_MS
    while market.hub.ground.part(OrderActs).keep():
        pass


def answered(market: Market, report: str, by: str, *, page: Page) -> Answer:
    """Answer a report of the last 30 days."""
    month = period_of("last_30_days", local_date(market.clock.ms, ZONE))
    request = ReportRequest(report, (), None if report == "stock_cover" else month, by or None)
    with market.database.read() as connection:
        asked = ask(request, reader="", now_ms=market.clock.ms, zone=ZONE)
        return answer_report(connection, asked, scope=EVERYTHING, page=page, compare=True)


def all_answers(market: Market) -> dict[tuple[str, str, int], Answer]:
    """Answer each report that reads kept sums, whole and a page of it."""
    return {
        (name, by, page.offset): answered(market, name, by, page=page)
        for name, groups in REPORTS.items()
        for by in groups
        for page in (Page(), Page(1, 1), Page(50, 10))
    }


@pytest.fixture
def past_market(market: Market) -> Market:
    """Give a market with orders of two past days: sold, cut, held, cancelled and rejected ones."""
    market.place(("TEA", 2), ("SOAP", 10), ("RICE", 10))
    market.place(("TEA", 50))
    market.place(("NOTHING", 1))
    market.clock.ms += A_DAY_MS
    market.place(("SOAP", 3))
    market.place(("TEA", 1), ("SOAP", 1))
    market.clock.ms += A_DAY_MS
    return market


def change_some(market: Market) -> None:
    """Cancel an order of the first day and hold one of the second."""
    orders = [str(uuid) for (uuid,) in market.rows("SELECT uuid FROM order_ ORDER BY id")]
    market.orders.cancel(orders[0], why="closed", by="sunil")
    market.orders.hold(orders[-1], why="asks", by="sunil")


def test_reports_say_the_same_before_and_after_the_sums_of_past_days_are_kept(
    past_market: Market,
) -> None:
    assert past_market.rows(KEPT) == [(0, 0)]
    keep = past_market.hub.ground.part(OrderActs).keep
    before = all_answers(past_market)

    while keep():
        pass

    assert all(count > 0 for count in past_market.rows(KEPT)[0])
    assert past_market.rows(STALE) == [(0,)]
    assert all_answers(past_market) == before
    assert past_market.broken() == set()


def test_what_changed_since_is_in_the_reports_at_once_and_in_the_sums_when_they_are_made_again(
    past_market: Market,
) -> None:
    keep_past_days(past_market)
    first = all_answers(past_market)

    change_some(past_market)
    changed = all_answers(past_market)
    past_market.hub.ground.part(OrderActs).fold()
    stale = past_market.rows(STALE)
    past_market.clock.ms += 60_000
    while past_market.hub.ground.part(OrderActs).keep():
        pass

    assert changed != first
    assert stale > [(0,)]
    assert past_market.rows(STALE) == [(0,)]
    assert all_answers(past_market) == changed
    assert past_market.broken() == set()


@pytest.mark.one_engine
def test_stretches_go_on_from_day_to_day_and_begin_anew_with_their_months(
    past_market: Market,
) -> None:
    keep_past_days(past_market)
    begun = dict(past_market.rows(STRETCHED))

    past_market.clock.ms += 26 * A_DAY_MS
    keep_past_days(past_market)
    gone = dict(past_market.rows(STRETCHED))
    today = local_date(past_market.clock.ms, ZONE)
    held = {name: (str(first), str(last)) for name, first, last in past_market.rows(STRETCHES)}

    assert held == {
        "last_month": ("2026-11-01", "2026-11-30"),
        "this_month": ("2026-12-01", "2026-12-20"),
        "last_30_days": ("2026-11-22", "2026-12-20"),
        "this_quarter": ("2026-10-01", "2026-12-20"),
        "last_quarter": ("2026-07-01", "2026-09-30"),
        "fy": ("2026-04-01", "2026-12-20"),
        "last_fy": ("2025-04-01", "2026-03-31"),
    }
    both, second = {"fy": 77, "this_quarter": 77}, 5
    assert begun == {**both, "this_month": 77, "last_30_days": 77}
    assert gone == {**both, "last_month": 77, "last_30_days": second}
    for name, ends in held.items():
        first, last = (str(one) for one in _past_of(name, today))
        assert ends == (first, last)
    assert past_market.broken() == set()


def _past_of(name: str, today: date) -> tuple[date, date]:
    """Give the days of a period of the reports that are over."""
    period = period_of(name, today)
    return period.first, min(period.last, today - timedelta(days=1))


def test_the_day_that_runs_is_not_kept(market: Market) -> None:
    market.place(("TEA", 2))

    while market.hub.ground.part(OrderActs).keep():
        pass

    assert market.rows(KEPT) == [(0, 0)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE goods_sum SET quantity = quantity + 1 WHERE sku = 'SOAP'",
        "DELETE FROM goods_sum WHERE sku = 'SOAP'",
        "UPDATE buyer_sum SET order_value = order_value - 1",
        "UPDATE buyer_sum SET customer_code = 'C9'",
        "UPDATE goods_stretch SET quantity = quantity + 1 WHERE stretch = 'fy'",
        "DELETE FROM buyer_stretch WHERE stretch = 'last_30_days'",
        "UPDATE kept_stretch SET first = last WHERE name = 'fy'",
    ],
)
def test_the_audit_names_sums_that_are_not_what_orders_have(
    past_market: Market, statement: str
) -> None:
    keep_past_days(past_market)
    assert past_market.broken() == set()

    past_market.change(statement)

    assert past_market.broken() == {"kept_sums"}
