"""A shop hears of what staff and programs order for it: at its terminal, where it has one."""

import pytest

from broker.contract import Notice, decode_down
from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.reads.told import read_told
from tests.builders.market import FILES, Market
from tests.suites.hub.test_one_path import place
from tests.suites.hub.test_wire_beside_orders import ack, status

pytestmark = pytest.mark.one_engine


def notices(market: Market) -> list[Notice]:
    """Read every notice, oldest first."""
    rows = market.rows("SELECT payload FROM outbox WHERE kind = 'notice' ORDER BY id")
    read = [decode_down(bytes(row[0])) for row in rows]
    return [one for one in read if isinstance(one, Notice)]


def test_an_order_that_staff_placed_is_told_with_lines_sums_and_who(market: Market) -> None:
    order = place(market, "staff", AskedLine("TEA", 2))

    (notice,) = notices(market)

    decided = notice.data.decision
    assert decided is not None
    assert decided.totals is not None
    assert (notice.term, notice.data.order, notice.data.revision) == ("shop-2", order, 1)
    assert (notice.data.status, notice.data.placed_by) == ("confirmed", "sunil")
    assert [(line.sku, line.qty, line.total) for line in decided.lines] == [("TEA", 2, 22_000)]
    assert decided.totals.payable == 22_000
    assert market.broken() == set()


def test_what_a_program_placed_is_told_too(market: Market) -> None:
    place(market, "api", AskedLine("TEA", 2))

    assert [one.term for one in notices(market)] == ["shop-2"]


def test_amending_and_cancelling_are_told_to_the_same_terminal(market: Market) -> None:
    order = place(market, "staff", AskedLine("TEA", 2))
    market.load(terminals=FILES["terminals.csv"] + "shop-9,C2,MAIN\n")
    market.hears(status(terminal="shop-9"))

    market.orders.amend(order, Amendment(lines=(AskedLine("TEA", 3),)), by="sunil", why="by phone")
    market.orders.cancel(order, why="not wanted", by="sunil")

    told = [(one.term, one.data.revision, one.data.status) for one in notices(market)]
    assert [(term, revision) for term, revision, _ in told] == [
        ("shop-2", 1),
        ("shop-2", 2),
        ("shop-2", 3),
    ]
    assert told[-1][2] == "cancelled"
    assert market.broken() == set()


def test_of_two_terminals_the_one_heard_last_is_told(market: Market) -> None:
    market.load(terminals=FILES["terminals.csv"] + "shop-9,C2,MAIN\n")
    market.hears(status(terminal="shop-9"))

    place(market, "staff", AskedLine("TEA", 2))

    assert [one.term for one in notices(market)] == ["shop-9"]


def test_a_customer_without_a_terminal_is_told_nothing_and_no_page_says_so(
    market: Market,
) -> None:
    market.enrol.revoke("shop-2", by=OPERATOR)
    order = place(market, "staff", AskedLine("TEA", 2))
    market.orders.cancel(order, why="not wanted", by="sunil")

    with market.database.read() as connection:
        told = read_told(connection, order, scope=EVERYTHING)

    assert (notices(market), told) == ([], ())
    assert market.broken() == set()


def test_how_far_a_notice_came_is_read_like_an_answer(market: Market) -> None:
    order = place(market, "staff", AskedLine("TEA", 2))
    market.wire.outbox.acknowledge([ack(order)])

    with market.database.read() as connection:
        (told,) = read_told(connection, order, scope=EVERYTHING)

    assert (told.kind, told.delivery, told.terminal, told.seq) == (
        "notice",
        "acked",
        "shop-2",
        None,
    )
