"""A program is the hand of who let it in: nobody is the second person behind their own program."""

from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from hub.base.access import EVERYTHING, Actor
from hub.base.fields import Kept, Refused
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import read_waiting
from hub.desk.orders.deciding import Changed
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused as RefusedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.people.acts import PeopleActs
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.stock_moves import do, held, posted, row, stock_of, told
from tests.suites.hub.test_packs import added, refused, soap

pytestmark = pytest.mark.one_engine

PROGRAM: Final = "webshop"
BOTH_WAYS: Final = pytest.mark.parametrize(
    ("asks", "decides"), [(PROGRAM, "asha"), ("asha", PROGRAM)]
)
"""Asha's program asks and she decides, and the other way round."""


def let_in(market: Market, program: str, maker: str) -> None:
    """Have a user make a program's token."""
    people = market.hub.ground.part(PeopleActs)
    account = people.sign_in.find_account(maker)
    assert account is not None
    by = Actor(maker, account.roles, replace(EVERYTHING, user=account.id))
    people.tokens.add(program, roles=("sales",), by=by)


@pytest.fixture
def desk(market: Market) -> Market:
    """Give a market with Asha and her program, and with Vikram, who is another person."""
    for name in ("asha", "vikram"):
        Shelves(market.database).user(name, "owner")
    let_in(market, PROGRAM, "asha")
    return market


@BOTH_WAYS
def test_what_of_customers_waits_is_decided_by_another_person(
    desk: Market, asks: str, decides: str
) -> None:
    acts = desk.hub.ground.part(CustomerActs)
    done = acts.add("N1", {"name": "New Shop"}, by=asks, scope=EVERYTHING)
    assert isinstance(done, Kept)
    assert done.request is not None
    decide = partial(acts.decide, done.request, grant=True, scope=EVERYTHING, why="seen")

    own = decide(by=decides)
    joined = acts.join("N1", "C1", by=decides, scope=EVERYTHING)
    other = decide(by="vikram")

    assert told(own) == told(joined) == [("request_own", "")]
    assert isinstance(other, Kept)
    assert desk.broken() == set()


@BOTH_WAYS
def test_a_pack_is_published_by_another_person(desk: Market, asks: str, decides: str) -> None:
    number = added(desk, by=asks)

    own = refused(lambda: desk.packs.publish(number, by=decides, why="seen"))
    desk.packs.publish(number, by="vikram")

    assert own == "same_person"
    assert soap(desk) == (1_200, number)


@BOTH_WAYS
def test_stock_is_let_pass_by_another_person(desk: Market, asks: str, decides: str) -> None:
    acts = stock_of(desk)
    head = {"warehouse": "MAIN", "how": "found", "reason": "found"}
    document = posted(do(acts.move, head, row("SOAP", "S1", 100), by=asks), "waiting")

    own = acts.decide(document, grant=True, by=decides, scope=EVERYTHING, why="seen")
    posted(acts.decide(document, grant=True, by="vikram", scope=EVERYTHING))

    assert told(own) == [("stock_own", "")]
    assert held(desk, "S1")[0] == 5_100


@BOTH_WAYS
def test_a_held_order_is_released_by_another_person(desk: Market, asks: str, decides: str) -> None:
    asked = AskedOrder("k1", "staff", "C1", (AskedLine("RICE", 30),))
    requester = Requester("token" if asks == PROGRAM else "user", asks)
    placed = desk.orders.place(asked, by=requester, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    reader = Approver(decides, ("owner",))
    with desk.database.read() as connection:
        shown = read_waiting(
            connection, placed.uuid, reader, now_ms=desk.clock.ms, scope=EVERYTHING
        )
    assert shown is not None

    own = desk.approvals.release(placed.uuid, by=reader)
    other = desk.approvals.release(placed.uuid, by=Approver("vikram", ("owner",)))

    assert isinstance(own, RefusedOrder)
    assert own.reason.code == "self_approval"
    assert shown.own
    assert not any(one.may_decide for one in shown.rows)
    assert isinstance(other, Changed)


def test_a_program_that_another_let_in_again_stays_the_hand_of_who_had_it_before(
    desk: Market,
) -> None:
    acts = desk.hub.ground.part(CustomerActs)
    done = acts.add("N1", {"name": "New Shop"}, by=PROGRAM, scope=EVERYTHING)
    assert isinstance(done, Kept)
    assert done.request is not None
    let_in(desk, PROGRAM, "vikram")
    Shelves(desk.database).user("meena", "admin")

    own = [
        acts.decide(done.request, grant=True, by=name, scope=EVERYTHING)
        for name in ("asha", "vikram")
    ]
    other = acts.decide(done.request, grant=True, by="meena", scope=EVERYTHING)

    assert [type(one) for one in own] == [Refused, Refused]
    assert isinstance(other, Kept)


TAMPERED: Final = {
    "an order": ("UPDATE approval_decision SET decided_by = :hand", "no_self_approval"),
    "what of a customer waits": ("UPDATE party_request SET decided_by = :hand", "second_person"),
    "stock": ("UPDATE stock_document SET decided_by = :hand", "stock_two_persons"),
    "a pack": (
        "UPDATE rule_pack SET published_by = :hand WHERE origin = 'added'",
        "pack_two_persons",
    ),
}


def decide_all(market: Market, *, asks: str) -> None:
    """Have one hand ask for all that needs a second person, and Vikram let it pass."""
    decide_of_customer, decide_stock = (
        partial(acts.decide, grant=True, by="vikram", scope=EVERYTHING)
        for acts in (market.hub.ground.part(CustomerActs), stock_of(market))
    )
    market.packs.publish(added(market, by=asks), by="vikram")
    asked = AskedOrder("k1", "staff", "C1", (AskedLine("RICE", 30),))
    requester = Requester("token" if asks == PROGRAM else "user", asks)
    placed = market.orders.place(asked, by=requester, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    assert isinstance(
        market.approvals.release(placed.uuid, by=Approver("vikram", ("owner",))), Changed
    )
    done = market.hub.ground.part(CustomerActs).add(
        "N1", {"name": "New Shop"}, by=asks, scope=EVERYTHING
    )
    assert isinstance(done, Kept)
    assert done.request is not None
    assert isinstance(decide_of_customer(done.request), Kept)
    head = {"warehouse": "MAIN", "how": "found", "reason": "found"}
    moved = do(stock_of(market).move, head, row("SOAP", "S1", 100), by=asks)
    posted(decide_stock(posted(moved, "waiting")))


@BOTH_WAYS
@pytest.mark.parametrize("what", TAMPERED)
def test_the_audit_names_what_a_person_decided_by_the_other_hand(
    desk: Market, what: str, asks: str, decides: str
) -> None:
    statement, promise = TAMPERED[what]
    decide_all(desk, asks=asks)
    sound = desk.broken()

    desk.change(statement, hand=decides)

    assert sound == set()
    assert desk.broken() == {promise}


def test_what_a_person_decided_stays_a_second_persons_once_that_person_lets_the_program_in(
    desk: Market,
) -> None:
    decide_all(desk, asks=PROGRAM)
    desk.clock.ms += 60_000

    let_in(desk, PROGRAM, "vikram")

    assert desk.broken() == set()


def test_an_owner_who_is_alone_lets_pass_what_the_own_program_asked_for_with_a_reason(
    market: Market,
) -> None:
    Shelves(market.database).user("asha", "owner")
    let_in(market, PROGRAM, "asha")
    acts = market.hub.ground.part(CustomerActs)
    done = acts.add("N1", {"name": "New Shop"}, by=PROGRAM, scope=EVERYTHING)
    assert isinstance(done, Kept)
    assert done.request is not None
    decide = partial(acts.decide, done.request, grant=True, scope=EVERYTHING)

    by_program = decide(by=PROGRAM, why="seen")
    without = decide(by="asha")
    with_reason = decide(by="asha", why="I know the shop")

    assert told(by_program) == [("request_own", "")]
    assert told(without) == [("request_alone_why", "why")]
    assert isinstance(with_reason, Kept)
    report = market.audit()
    assert market.broken() == set()
    assert (
        "requests about customers that asha decided, who asked for them, without a second person: 1"
    ) in report.notes
