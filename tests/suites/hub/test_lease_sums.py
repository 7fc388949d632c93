"""What leases cost and what counters say of them: one sum, the same whoever changes it."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from broker.contract import MAX_PACKET_BYTES
from hub.desk.people.commands.proving import OPERATOR
from hub.run.bootstrap import build_wire
from tests.builders.leased_counter import BOUNDED, LeasedCounter
from tests.builders.market import FILES, Market, packed
from tests.suites.hub.test_racing import race
from tests.suites.hub.test_wire_beside_orders import status

pytestmark = pytest.mark.one_engine

DAY_MS = 24 * 3_600_000
HELD = "SELECT terminal, uses, amount FROM lease WHERE rule = :rule ORDER BY terminal"
DEAR = "amount: 9.00}]\n    budget: {amount: 30.00}"


def test_a_lease_that_is_still_open_is_not_taken_back(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    holder, _ = counters
    leasing.clock.ms = holder.config.leases[0].until - 1

    leasing.wire.renew.take_back()

    assert leasing.rows(HELD, rule="LAST") == [("shop-2", 1, 0)]


def test_more_leases_than_are_taken_back_at_once_are_all_taken_back(leasing: Market) -> None:
    counters = ", ".join(f"('R', 'x@{n}', 0, 0, 0, 0, 1, 0, 0)" for n in range(1_001))
    leases = ", ".join(
        f"('R', 'x@{n}', 'shop-2', 1, 0, 0, 1, NULL, NULL, 'h', {n})" for n in range(1_001)
    )
    leasing.change(f"INSERT INTO scheme_counter VALUES {counters}")  # noqa: S608
    leasing.change(f"INSERT INTO lease VALUES {leases}")  # noqa: S608

    left = []
    for _ in range(2):
        leasing.wire.renew.take_back()
        left += leasing.rows("SELECT count(*), min(until_ms) FROM lease")

    assert left == [(1, 1_000), (0, None)]
    assert leasing.broken() == set()


def test_counters_that_come_back_together_hold_no_more_than_there_is(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter]
) -> None:
    leasing.clock.ms += DAY_MS
    said = [
        status(terminal=counter.terminal, boot=2, leases="0" * 64)
        for counter in (counters[1], counters[0])
    ]

    told = leasing.hears(*said)

    assert [one.terminal for one in told] == ["shop-2", "shop-5"]
    assert sorted(leasing.rows(HELD, rule="MONEY")) == [("shop-2", 0, 2_000), ("shop-5", 0, 1_000)]
    assert leasing.broken() == set()


def test_of_many_terminals_each_holds_less(leasing: Market, tmp_path: Path) -> None:
    desks = "".join(f"desk-{number},C2,MAIN\n" for number in range(96))
    leasing.load(
        customers=FILES["customers.csv"] + "C5,Fifth Shop,retailer,IN/KA,active,none,\n",
        terminals=FILES["terminals.csv"] + desks,
    )
    leasing.enrol.revoke("desk-0", by=OPERATOR)

    LeasedCounter(leasing, tmp_path, "shop-2").hear()

    # A hundred terminals, twice as many as get the whole 50 % of 40.00.
    assert leasing.rows(HELD, rule="MONEY") == [("shop-2", 0, 1_000)]


def test_a_slice_is_at_least_what_one_order_gets(leasing: Market, tmp_path: Path) -> None:
    rules = BOUNDED.replace("amount: 1.00}]\n    limit: {total: 1}", DEAR)
    leasing.publish(packed(version=3, more=rules))
    leasing.hub.settings = replace(leasing.hub.settings, lease_percent=2)
    leasing.wire = build_wire(leasing.hub, http="http://hub")
    counter = LeasedCounter(leasing, tmp_path, "shop-2")

    counter.hear()

    # 2 % of 30.00 are 0.60: the counter could only give a part of the 9.00.
    assert leasing.rows(HELD, rule="LAST") == [("shop-2", 0, 900)]
    assert counter.price(("TEA", 1)).totals.discount == 900


def test_leases_and_orders_race_for_a_limit_and_it_holds(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter], tmp_path: Path
) -> None:
    shares = [
        [leasing.order(("RICE", 1), terminal=name) for _ in range(6)]
        for name in ("shop-1", "shop-2")
    ]

    def renew() -> None:
        for _ in range(6):
            counters[1].hear()

    renewing = threading.Thread(target=renew)
    renewing.start()
    race(leasing, tmp_path, shares)
    renewing.join()

    assert leasing.broken() == set()
    (spent,) = leasing.rows("SELECT spent FROM scheme_counter WHERE rule = 'MONEY'")[0]
    (held,) = leasing.rows("SELECT held_amount FROM scheme_counter WHERE rule = 'MONEY'")[0]
    assert spent + held <= 4_000


@pytest.mark.usefixtures("counters")
def test_the_audit_finds_more_leased_than_there_is(leasing: Market) -> None:
    assert leasing.broken() == set()

    leasing.change("UPDATE lease SET amount = 5000 WHERE rule = 'MONEY'")
    leasing.change("UPDATE scheme_counter SET held_amount = 10000 WHERE rule = 'MONEY'")

    assert leasing.broken() == {"leases_bounded"}


@pytest.mark.usefixtures("counters")
def test_the_audit_names_a_scheme_of_which_terminals_hold_another_sum(leasing: Market) -> None:
    leasing.change("UPDATE scheme_counter SET held_amount = 2999 WHERE rule = 'MONEY'")

    (broken,) = [one for one in leasing.audit().kept if one.faults]
    assert broken.promise.name == "leases_held"
    assert broken.faults == (
        "scheme MONEY for total: 0 uses, 2999 money, 0 pieces held, but leases make 0, 3000 and 0",
    )


def test_leases_without_a_counter_are_found(leasing: Market) -> None:
    leasing.change(
        "INSERT INTO lease VALUES ('LAST', 'total', 'shop-2', 1, 0, 0, 1, NULL, NULL, 'h', 1)"
    )

    assert leasing.broken() == {"leases_held"}


@pytest.mark.usefixtures("counters")
def test_leases_that_are_too_many_for_one_message_come_in_several(
    leasing: Market, tmp_path: Path
) -> None:
    many = "".join(
        f"  - {{id: {'LONG-NAME-' * 3}{n:010}, when: {{sku: RICE}}, limit: {{total: 1000}},\n"
        "     slabs: [{from: 1, amount: 0.01}]}\n"
        for n in range(2_400)
    )
    leasing.publish(packed(version=3, more=f"schemes:\n{many}"))
    counter = LeasedCounter(leasing, tmp_path, "shop-2")

    told = leasing.hears(status(leases="0" * 64))
    counter.hear()

    assert [one.kind for one in told] == ["cmd", "cmd"]
    assert max(len(one.payload) for one in told) < MAX_PACKET_BYTES
    assert len(counter.config.leases) == 2_401
    assert leasing.broken() == set()
