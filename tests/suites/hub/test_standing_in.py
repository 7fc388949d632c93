"""Held orders decided by stand-ins and by who is above the one that asked, on the days of it."""

from datetime import date, timedelta

import pytest

from hub.base.access import EVERYTHING
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import read_held, read_waiting
from hub.desk.orders.deciding import Changed
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, packed

pytestmark = pytest.mark.one_engine

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
OF_MANAGER = """
approvals:
  - id: AP-LINE
    on: credit_limit_exceeded
    levels: [{role: manager_of_requester}]
"""
RAVI = Approver("ravi", ("sales",))


@pytest.fixture
def staffed(market: Market) -> Market:
    """Give a market with a manager, somebody who sells and asks, and one who may stand in."""
    shelves = Shelves(market.database)
    for name, role in (("meena", "manager"), ("sunil", "sales"), ("ravi", "sales")):
        shelves.user(name, role)
    return market


def user(market: Market, name: str) -> int:
    """Find a user's row."""
    return int(market.rows("SELECT id FROM user_account WHERE name = :n", n=name)[0][0])


def stands_in(market: Market, name: str, absent: str, *, since: date = TODAY) -> None:
    """Have somebody stand in for a week."""
    lines = market.hub.ground.part(PeopleActs).lines
    lines.stand_in(user(market, absent), name, since=since, until=since + 6 * DAY, by=OPERATOR)


def held(market: Market) -> str:
    """Have Sunil ask for more than the customer's limit; gives the order's id."""
    lines = (AskedLine("RICE", 30),)
    order = AskedOrder(f"k{market.clock.ms}", "staff", "C1", lines)
    placed = market.orders.place(order, by=Requester("user", "sunil"), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    return placed.uuid


def mine(market: Market, reader: Approver) -> list[bool]:
    """Tell which held orders wait for somebody's word."""
    with market.database.read() as connection:
        rows = read_held(connection, reader, now_ms=market.clock.ms, scope=EVERYTHING)
    return [one.mine for one in rows]


def why_not(done: object) -> str:
    """Give the code of why a word did not count."""
    assert isinstance(done, Refused), done
    return done.reason.code


def test_a_stand_in_decides_on_the_days_of_it_and_it_is_kept_for_whom(staffed: Market) -> None:
    order = held(staffed)
    stands_in(staffed, "ravi", "meena", since=TODAY + DAY)

    early, too_early = mine(staffed, RAVI), staffed.approvals.release(order, by=RAVI)
    staffed.clock.ms += 86_400_000
    then = mine(staffed, RAVI)
    done = staffed.approvals.release(order, by=RAVI)
    with staffed.database.read() as connection:
        waiting = read_waiting(connection, order, RAVI, now_ms=staffed.clock.ms, scope=EVERYTHING)

    assert (early, why_not(too_early), then) == ([False], "role_not_asked", [True])
    assert isinstance(done, Changed)
    assert waiting is not None
    assert [(one.by, one.role, one.instead_of) for one in waiting.words] == [
        ("ravi", "manager", "meena")
    ]
    assert staffed.broken() == set()


def test_who_asked_never_decides_as_a_stand_in(staffed: Market) -> None:
    order = held(staffed)
    stands_in(staffed, "sunil", "meena")

    done = staffed.approvals.release(order, by=Approver("sunil", ("sales",)))

    assert why_not(done) == "self_approval"


def test_a_circle_of_stand_ins_ends_and_either_decides(staffed: Market) -> None:
    order = held(staffed)
    stands_in(staffed, "ravi", "meena")
    staffed.change(
        "INSERT INTO stand_in (user_id, substitute_id, since, until) VALUES (:a, :b, :s, :s)",
        a=user(staffed, "ravi"),
        b=user(staffed, "meena"),
        s=TODAY,
    )

    assert mine(staffed, RAVI) == [True]
    assert isinstance(staffed.approvals.release(order, by=RAVI), Changed)


def test_the_manager_of_who_asked_decides_up_to_the_ceiling_or_nobody_and_says_so(
    staffed: Market,
) -> None:
    staffed.publish(packed(version=2, more=OF_MANAGER))
    lines = staffed.hub.ground.part(PeopleActs).lines
    order, meena = held(staffed), Approver("meena", ("manager",))

    nobody = staffed.approvals.release(order, by=meena)
    lines.report_to(user(staffed, "sunil"), "meena", since=TODAY, by=OPERATOR)
    too_low = staffed.approvals.release(order, by=meena)
    lines.set_ceiling(user(staffed, "meena"), "over_credit", amount=10_000_000, by=OPERATOR)
    other = staffed.approvals.release(order, by=RAVI)
    done = staffed.approvals.release(order, by=meena)

    assert [why_not(one) for one in (nobody, too_low, other)] == [
        "no_manager",
        "above_ceilings",
        "role_not_asked",
    ]
    assert isinstance(done, Changed)
