"""A shop hears of what staff and programs order for it: at its terminal, where it has one."""

import pytest
from msgspec import UNSET

from broker.contract import Notice, decode_down
from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.reads.told import read_told
from tests.builders.market import FILES, Market
from tests.suites.hub.test_one_path import place
from tests.suites.hub.test_wire_beside_orders import ack, status

pytestmark = pytest.mark.one_engine
ALIEN = "01890a5d-ac96-774b-bcce-b302099a8057"


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


def test_what_becomes_of_an_order_of_a_revoked_terminal_is_told_at_the_shop_s_other_counter(
    market: Market,
) -> None:
    """Whoever holds its slip follows it as well, by the code on it, and learns no more than that.

    A counter that is the only one of its shop keeps what is for it: it may be enrolled again.
    """
    answer = market.place(("TEA", 2), terminal="shop-2")
    alone = market.place(("TEA", 1), terminal="shop-1")
    market.load(terminals=FILES["terminals.csv"] + "shop-9,C2,MAIN\n")
    market.hears(status(terminal="shop-9"))
    for terminal in ("shop-2", "shop-1"):
        market.enrol.revoke(terminal, by=OPERATOR)

    for order in (answer.order, alone.order):
        market.orders.cancel(order, why="not wanted", by="sunil")
    follow = market.hub.ground.part(EnrolmentActs).follow
    found = follow(answer.order, address="10.0.0.9")

    assert [(one.term, one.data.status) for one in notices(market)] == [
        ("shop-9", "cancelled"),
        ("shop-1", "cancelled"),
    ]
    assert market.broken() == set()
    assert found is not None
    assert (found.number, found.status) == (answer.number, "cancelled")
    assert [one.status for one in found.told] == ["confirmed", "cancelled"]
    assert found.told[-1].texts == ["cancelled by the distributor: not wanted"]
    assert found.decided is not None
    assert [line.sku for line in found.decided.lines] == ["TEA"]
    asked = [follow(code, address="10.0.0.9") for code in ("", "%", answer.order[:-1] + "?", ALIEN)]
    assert asked == [None] * 4
    for _ in range(60):
        follow(ALIEN, address="10.0.0.9")
    assert follow(answer.order, address="10.0.0.9") is None
    assert follow(answer.order, address="10.0.0.10") is not None


def test_what_a_revoked_terminal_has_not_stored_is_told_at_the_shop_s_other_counter(
    market: Market,
) -> None:
    """Of three notices one is stored and one was sent: two go, and that one may be a copy."""
    own = market.place(("TEA", 2), terminal="shop-2").order
    stored = place(market, "staff", AskedLine("TEA", 1))
    sent = place(market, "api", AskedLine("TEA", 1))
    market.orders.cancel(own, why="not wanted", by="sunil")
    outbox = market.wire.outbox
    outbox.acknowledge([ack(stored)])
    outbox.sent([one for one in outbox.due() if sent.encode() in one.payload])
    market.load(terminals=FILES["terminals.csv"] + "shop-9,C2,MAIN\n")

    market.enrol.revoke("shop-2", by=OPERATOR)

    told = [(one.data.order, one.term, one.again) for one in notices(market)]
    assert told == [
        (stored, "shop-2", UNSET),
        (sent, "shop-9", True),
        (own, "shop-9", UNSET),
    ]
    assert [one.terminal for one in outbox.due()] == ["shop-9"] * 2
    assert market.broken() == set()
    outbox.acknowledge([ack(sent, 1, "shop-9"), ack(own, 2, "shop-9")])
    assert outbox.due() == []


def test_a_counter_that_comes_after_the_revoked_one_hears_what_waited_with_that(
    market: Market,
) -> None:
    order = place(market, "staff", AskedLine("TEA", 2))
    market.enrol.revoke("shop-2", by=OPERATOR)
    market.load(terminals=FILES["terminals.csv"] + "shop-9,C2,MAIN\n")

    market.orders.cancel(order, why="not wanted", by="sunil")

    assert [(one.term, one.data.revision) for one in notices(market)] == [
        ("shop-9", 1),
        ("shop-9", 2),
    ]
    assert market.broken() == set()


def test_an_answer_names_each_scheme_tax_and_what_earned_a_gift(market: Market) -> None:
    answer = market.place(("TEA", 2), ("RICE", 10), ("SOAP", 10))

    assert [[(one.rule, one.amount) for one in line.discounts] for line in answer.lines] == [
        [],
        [],
        [("SCH-LAUNCH", 500)],
    ]
    assert [(gift.sku, gift.lines) for gift in answer.free] == [("HONEY", [2])]
    assert [(tax.head, tax.rate, tax.net, tax.amount) for tax in answer.taxes] == [
        ("VAT", 100_000, 20_000, 2_000)
    ]
