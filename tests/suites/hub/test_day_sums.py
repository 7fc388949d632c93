"""What the orders of a day come to is kept with each of them, and stays the same when folded."""

from hub.base.access import EVERYTHING
from hub.desk.orders.acts import OrderActs
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.periods import period_of
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.engine import answer_report
from tests.builders.market import Market
from tests.suites.hub.test_reports import ZONE

SUMS = (
    "SELECT status, sum(orders), sum(payable) FROM order_sum GROUP BY status "
    "HAVING sum(orders) <> 0 ORDER BY status"
)
STORED = (
    "SELECT o.status, count(*), sum(r.payable) FROM order_ o JOIN order_revision r "
    "ON r.order_id = o.id AND r.revision = o.revision GROUP BY o.status ORDER BY o.status"
)
A_MINUTE_MS = 60_000


def sold(market: Market, by: str) -> Answer:
    """Answer the week's orders, put together by something."""
    week = period_of("last_7_days", local_date(market.clock.ms, ZONE))
    request = ReportRequest("order_summary", (), week, by)
    with market.database.read() as connection:
        asked = ask(request, reader="", now_ms=market.clock.ms, zone=ZONE)
        return answer_report(connection, asked, scope=EVERYTHING)


def test_orders_that_are_placed_held_and_cancelled_are_summed_and_folding_changes_nothing(
    market: Market,
) -> None:
    for count in range(1, 13):
        market.place(("TEA", count))
    orders = [str(uuid) for (uuid,) in market.rows("SELECT uuid FROM order_ ORDER BY id")]
    market.orders.hold(orders[0], why="asks", by="sunil")
    market.orders.cancel(orders[1], why="closed", by="sunil")
    before, rows = market.rows(SUMS), market.rows("SELECT count(*) FROM order_sum")[0][0]
    market.clock.ms += A_MINUTE_MS

    market.hub.ground.part(OrderActs).fold()

    assert before == market.rows(STORED) == market.rows(SUMS)
    assert market.rows("SELECT count(*) FROM order_sum")[0][0] < rows
    by_status = {line.key: line.values["orders"] for line in sold(market, "status").lines}
    by_customer = sold(market, "customer")
    assert sum(n for n in by_status.values() if isinstance(n, int)) == len(orders)
    assert by_customer.totals == sold(market, "day").totals
    assert market.broken() == set()
