"""Operators' cards and other customers of a counter: kept, told to it, and on its orders."""

from typing import Any

import pytest

from broker.contract import ConfigData, cards_hash, pin_fits
from hub.base import history
from hub.base.access import EVERYTHING, Actor, Scope
from hub.desk.approvals.model import Approver
from hub.desk.orders.reads.order import read_order
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.acts.access.keep_cards import KeepCards
from hub.desk.terminals.model import CardError
from hub.desk.terminals.model.cards import card_of
from hub.desk.terminals.reads.cards import read_cards
from tests.builders.market import Market
from tests.suites.hub.test_counter_settings import told

STAFF = Actor("asha", ("manager",), EVERYTHING)


@pytest.fixture
def cards(market: Market) -> KeepCards:
    return market.hub.ground.part(EnrolmentActs).cards


def config(market: Market, terminal: str = "shop-2", **said: Any) -> ConfigData:
    (one,) = told(market, terminal, **said)
    return one


def test_an_operator_is_told_to_every_counter_of_the_customer_with_what_proves_the_pin(
    market: Market, cards: KeepCards
) -> None:
    made = cards.add_operator("shop-2", name="  Asha   Rao ", pin="", by=STAFF)

    (operator,) = config(market).operators
    assert (operator.card, operator.name) == (made.card, "Asha Rao")
    assert made.card.startswith("ASHA-")
    assert pin_fits(operator.pin, made.pin)
    assert not pin_fits(operator.pin, "0000" if made.pin != "0000" else "0001")
    assert made.pin not in operator.pin
    assert config(market, "shop-1").operators == []


def test_where_an_operator_is_needed_the_hub_holds_an_order_that_names_none(
    market: Market, cards: KeepCards
) -> None:
    before = market.place(("TEA", 1))
    cards.need_operator("shop-2", needed=True, why="theft", by=STAFF)

    without = market.place(("TEA", 1))
    signed = market.place(("TEA", 1), operator="Asha Rao (ASHA-1)")
    elsewhere = market.place(("SOAP", 1), terminal="shop-4", payment="cash")
    market.approvals.release(without.order, by=Approver("vikram", ("manager",)), why="called them")

    assert (before.status, signed.status) == ("confirmed", "confirmed")
    assert (without.status, [one.code for one in without.reasons]) == ("held", ["operator_missing"])
    assert without.reasons[0].text == (
        "nobody signed in at shop-2 with a card, and its orders need an operator"
    )
    assert "operator_missing" not in [one.code for one in elsewhere.reasons]
    assert market.newest_notice().data.status == "confirmed"
    assert market.broken() == set()


def test_a_new_pin_takes_the_place_of_the_old_one_and_an_ended_card_is_told_no_more(
    market: Market, cards: KeepCards
) -> None:
    made = cards.add_operator("shop-2", name="Ravi", pin="4711", by=STAFF)

    cards.new_pin("shop-2", made.card, pin="081500", why="forgotten", by=STAFF)
    (operator,) = config(market).operators
    assert pin_fits(operator.pin, "081500")
    assert not pin_fits(operator.pin, "4711")
    cards.end_operator("shop-2", made.card, why="left", by=STAFF)
    assert config(market).operators == []
    with market.database.read() as connection:
        changes = history.read(connection, "operator", made.card)
    assert [(one.field, one.new, one.who, one.why) for one in changes] == [
        ("name", "Ravi", "asha", ""),
        ("pin", "set", "asha", ""),
        ("pin", "new", "asha", "forgotten"),
        ("state", "ended", "asha", "left"),
    ]
    with pytest.raises(CardError) as gone:
        cards.end_operator("shop-2", made.card, why="", by=STAFF)
    assert gone.value.code == "operator_unknown"


def test_a_counter_is_told_again_until_it_has_its_cards(market: Market, cards: KeepCards) -> None:
    first = config(market)
    has = {"catalogue": first.catalogue.hash, "pack": first.pack.hash}
    cards.need_operator("shop-2", needed=True, why="", by=STAFF)

    now = config(market, cards=cards_hash([], [], needed=False), **has)

    assert now.operator_needed
    facts = {"facts": "f" * 64}  # a hash of other facts: it is told whatever its cards are
    assert config(market, cards=cards_hash([], [], needed=True), **has, **facts).operator_needed


def test_a_served_customer_is_told_with_its_facts_and_its_payments(
    market: Market, cards: KeepCards
) -> None:
    own = config(market, "shop-4").customer.id

    cards.serve("shop-2", own, why="the van", by=STAFF)

    (served,) = config(market).customers
    assert served.facts.id == own
    assert served.facts.credit.state == "cash_only"
    assert served.payments == ["cash", "advance"]
    cards.serve_no_more("shop-2", own, why="", by=STAFF)
    assert config(market).customers == []


def test_an_order_of_a_van_is_the_other_customers_and_names_its_operator(
    market: Market, cards: KeepCards
) -> None:
    other = config(market, "shop-4").customer.id
    strange = config(market, "shop-1").customer.id
    cards.serve("shop-2", other, why="the van", by=STAFF)

    line = ("SOAP", 1)
    mine = market.place(line, customer=other, operator="Asha Rao (ASHA-1)")
    refused = market.place(line, customer=strange)

    assert "customer_not_served" not in [one.code for one in mine.reasons]
    assert [one.code for one in refused.reasons] == ["customer_not_served"]
    with market.database.read() as connection:
        order = read_order(connection, mine.order, scope=EVERYTHING)
    assert order is not None
    assert order.head.customer_code == other
    assert order.head.operator == "Asha Rao (ASHA-1)"


@pytest.mark.parametrize(
    ("customer", "code"),
    [("nobody", "customer_unknown"), ("own", "customer_own"), ("twice", "customer_there")],
)
def test_a_customer_that_cannot_be_served_is_refused_with_why(
    market: Market, cards: KeepCards, customer: str, code: str
) -> None:
    other = config(market, "shop-4").customer.id
    if customer == "twice":
        cards.serve("shop-2", other, why="", by=STAFF)
    named = {"own": config(market).customer.id, "twice": other}.get(customer, customer)

    with pytest.raises(CardError) as refused:
        cards.serve("shop-2", named, why="", by=STAFF)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "pin", "code"),
    [
        ("", "4711", "operator_name_invalid"),
        ("Asha", "47", "operator_pin_invalid"),
        ("Asha", "471a", "operator_pin_invalid"),
    ],
)
def test_an_operator_that_makes_no_sense_is_refused(
    market: Market, cards: KeepCards, name: str, pin: str, code: str
) -> None:
    with pytest.raises(CardError) as refused:
        cards.add_operator("shop-2", name=name, pin=pin, by=STAFF)

    assert refused.value.code == code
    assert config(market).operators == []


def test_nobody_keeps_cards_of_a_terminal_or_customer_that_they_do_not_see(
    market: Market, cards: KeepCards
) -> None:
    stranger = Actor("x", ("manager",), Scope(sellers=frozenset({9_999})))

    with pytest.raises(CardError) as refused:
        cards.add_operator("shop-2", name="Asha", pin="4711", by=stranger)

    assert refused.value.code == "terminal_unknown"
    with market.database.read() as connection:
        assert read_cards(connection, "shop-2", scope=stranger.scope) is None


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("Asha Rao", "ASHA-7"),
        ("Bartholomew", "BARTHOLO-7"),
        ("आशा राव", "OP-7"),
        ("D'Souza", "DSOUZA-7"),
    ],
)
def test_a_card_has_a_name_that_a_bar_code_can_hold(name: str, card: str) -> None:
    assert card_of(name, 7) == card
