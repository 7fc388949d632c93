"""Terminals give of limited schemes offline from leases: together never more than there is."""

import pytest

from broker.contract import StatusData, facts_hash, leases_hash
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.leased_counter import LeasedCounter
from tests.builders.market import Market, told
from tests.suites.hub.test_wire_beside_orders import status

pytestmark = pytest.mark.one_engine

DAY_MS = 24 * 3_600_000
HELD = "SELECT terminal, uses, amount FROM lease WHERE rule = :rule ORDER BY terminal"
ALARMS = "SELECT count(*) FROM price_alarm"


def test_two_counters_offline_never_show_more_than_there_is_for_one(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    orders = [counter.sell(("TEA", 1)) for _ in range(2) for counter in counters]

    # The hub hears of them in another order than they were sold in.
    answers = [told(reply) for reply in leasing.replies(*reversed(orders))]

    assert [counter.shown for counter in counters] == [100, 0]
    assert sum(one.totals.discount for one in answers if one.totals) == 100
    assert leasing.rows(ALARMS) == [(0,)]
    assert leasing.broken() == set()


def test_two_counters_offline_show_no_more_money_than_the_budget(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    one, other = counters
    orders = [counter.sell(("RICE", 1)) for counter in counters for _ in range(6)]

    # Each counter sends in its own order; the one with less is heard first.
    answers = {a.order: a for a in map(told, leasing.replies(*orders[6:], *orders[:6]))}

    # Half of 40.00, then half of the other half; what nobody held goes to who comes first.
    assert (one.shown, other.shown) == (2_000, 1_000)
    quoted = {o.uuid: o.message.data.quote for o in orders}
    assert all(
        a.totals.payable <= q.payable
        for uuid, a in answers.items()
        if a.totals and (q := quoted[uuid])
    )
    assert {a.status for a in answers.values()} == {"confirmed", "confirmed_changed"}
    assert sum(a.totals.discount for a in answers.values() if a.totals) == 4_000
    assert leasing.rows(ALARMS) == [(0,)]
    assert leasing.broken() == set()


def test_a_counter_says_why_it_does_not_give_a_scheme(
    counters: tuple[LeasedCounter, LeasedCounter],
) -> None:
    counter, other = counters

    before, without = counter.price(("TEA", 1)), other.price(("TEA", 1))

    assert before.held_back == ()
    assert without.held_back == ("the budget of LAST is used up here until the hub answers",)


def test_a_lease_that_has_less_left_gives_that_and_says_so(
    counters: tuple[LeasedCounter, LeasedCounter],
) -> None:
    _, counter = counters
    counter.sell(("RICE", 1))

    cut = counter.price(("RICE", 2))

    # 10.00 are leased and 5.00 are shown to somebody already; 5.00 a piece are earned.
    assert cut.totals.discount == 500
    assert cut.held_back == ("MONEY can give only 5.00 of the 10.00 earned, until the hub answers",)


def test_nobody_else_gets_what_a_counter_holds(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    holder, _ = counters

    other = leasing.place(("TEA", 1), terminal="shop-5", customer="C5")
    own = leasing.answer(holder.sell(("TEA", 1)))

    assert [a.totals.discount for a in (other, own) if a.totals] == [0, 100]
    assert own.status == "confirmed"
    assert leasing.broken() == set()


def test_a_lease_that_has_run_out_counts_for_nothing(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    holder, _ = counters
    leasing.clock.ms += DAY_MS
    leasing.wire.renew.take_back()

    shown = holder.price(("TEA", 1))
    other = leasing.place(("TEA", 1), terminal="shop-5", customer="C5")

    assert shown.totals.discount == 0
    assert other.totals is not None
    assert other.totals.discount == 100
    assert leasing.rows("SELECT count(*) FROM lease") == [(0,)]
    assert leasing.broken() == set()


def test_an_order_takes_from_its_own_lease_and_the_next_message_says_so(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    counter, _ = counters
    leasing.answer(counter.sell(("RICE", 1)))

    left = leasing.rows(HELD, rule="MONEY")
    heard = counter.hear()

    assert left == [("shop-2", 0, 1_500), ("shop-5", 0, 1_000)]
    assert heard
    assert counter.config.counted_to == 1
    assert {one.rule: one.amount for one in counter.config.leases}["MONEY"] == 1_500


def test_a_lease_that_is_low_is_filled_up_when_the_counter_is_heard(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    counter, _ = counters
    for _ in range(4):
        leasing.answer(counter.sell(("RICE", 1)))

    counter.hear()

    # 20.00 are given, 10.00 are the other's: half of the 10.00 that are left.
    assert [row[2] for row in leasing.rows(HELD, rule="MONEY")] == [500, 1_000]
    assert leasing.broken() == set()


def test_a_cancelled_order_gives_back_to_all_and_not_to_its_counter(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    holder, _ = counters
    order = leasing.answer(holder.sell(("TEA", 1)))
    leasing.orders.cancel(order.order, why="mistake", by="asha")

    again = leasing.place(("TEA", 1), terminal="shop-5", customer="C5")

    assert leasing.rows(HELD, rule="LAST") == [("shop-2", 0, 0)]
    assert again.totals is not None
    assert again.totals.discount == 100
    assert leasing.broken() == set()


def test_revoking_a_terminal_takes_its_leases_back(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    _, other = counters
    leasing.enrol.revoke("shop-2", by=OPERATOR)

    other.hear()

    assert [row[0] for row in leasing.rows(HELD, rule="LAST")] == ["shop-5"]
    assert other.price(("TEA", 1)).totals.discount == 100


def test_a_counter_that_has_all_is_left_alone(
    counters: tuple[LeasedCounter, LeasedCounter],
) -> None:
    counter, _ = counters
    config = counter.config
    said = status(
        catalogue=config.catalogue.hash,
        pack=config.pack.hash,
        facts=facts_hash(config.customer),
        leases=leases_hash(config.leases, config.counters),
    )

    assert counter.market.hears(said) == []


def test_a_terminal_of_before_there_were_leases_gets_none(leasing: Market) -> None:
    assert StatusData(state="online").leases is None

    leasing.hears(status())

    assert leasing.rows("SELECT count(*) FROM lease") == [(0,)]


def test_a_daily_limit_is_leased_for_its_day(counters: tuple[LeasedCounter, LeasedCounter]) -> None:
    counter, _ = counters

    leases = {(one.rule, one.scope): one.uses for one in counter.config.leases}

    assert leases["DAILY", "total@2026-11-21"] == 5
    assert leases["SCH-LAUNCH", "total"] == 1


def test_a_counter_knows_what_its_customer_had_before(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    counter, _ = counters
    first = leasing.answer(counter.sell(("SOAP", 10)))
    counter.hear()

    second = leasing.answer(counter.sell(("SOAP", 10)))

    assert [(a.status, a.totals.discount) for a in (first, second) if a.totals] == [
        ("confirmed", 500),
        ("confirmed", 0),
    ]
    assert leasing.rows(ALARMS) == [(0,)]


@pytest.mark.usefixtures("counters")
def test_open_leases_are_listed_with_what_they_are_of(leasing: Market) -> None:
    listed = [row for row in leasing.leases() if row["rule"] == "MONEY"]

    assert [(row["terminal"], row["amount"], row["of_amount"]) for row in listed] == [
        ("shop-2", 2_000, 4_000),
        ("shop-5", 1_000, 4_000),
    ]
