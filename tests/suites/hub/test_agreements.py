"""Agreements with a customer: its assortment and its smallest order hold orders for a person."""

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Change, Refused
from hub.base.fields.words import sentence
from hub.desk.approvals.model import Approver
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from tests.builders.market import Market
from tests.suites.hub.test_awaited_terminals import newest

ASHA = Requester("user", "asha")
MANAGER = Approver("vikram", ("manager",))


def agree(market: Market, **fields: str) -> object:
    """Agree with the second shop on something."""
    changes = {name: Change("", text) for name, text in fields.items()}
    return market.hub.ground.part(CustomerActs).change("C2", changes, by="x", scope=EVERYTHING)


def placed(market: Market, *lines: tuple[str, int], key: str = "k1") -> str:
    """Place an order of the second shop at the desk."""
    asked = AskedOrder(key, "staff", "C2", tuple(AskedLine(*one) for one in lines))
    done = market.orders.place(asked, by=ASHA, scope=EVERYTHING)
    assert isinstance(done, PlacedOrder)
    return done.uuid


def test_what_is_outside_of_an_assortment_waits_for_a_person(market: Market) -> None:
    agree(market, assortment=" Category = drinks ; sku=RICE; sku=RICE")

    inside = placed(market, ("TEA", 2), ("RICE", 1))
    outside = placed(market, ("TEA", 2), ("SOAP", 1), key="k2")
    counter = market.place(("SOAP", 3), terminal="shop-2")
    held = newest(market, outside)
    market.approvals.release(outside, by=MANAGER, why="to try it")
    released = newest(market, outside)
    change = Amendment(lines=(AskedLine("TEA", 3), AskedLine("SOAP", 2)))
    market.orders.amend(outside, change, by="asha")

    assert newest(market, inside) == ("allocated", [])
    assert held == ("held", ["outside_assortment"])
    assert (counter.status, [one.text for one in counter.reasons]) == (
        "held",
        ["not in what this shop may order: Soap"],
    )
    assert released == ("allocated", ["released"])
    assert newest(market, outside)[0] == "held"
    assert market.broken() == set()


@pytest.mark.one_engine
def test_an_order_below_the_smallest_waits_and_its_shop_reads_both_amounts(
    market: Market,
) -> None:
    agree(market, minimum_order="220.00")

    small = market.place(("TEA", 1), terminal="shop-2")
    enough = market.place(("TEA", 2), terminal="shop-2")

    assert (small.status, [one.text for one in small.reasons]) == (
        "held",
        ["the order comes to 110.00, and orders of this shop to at least 220.00"],
    )
    assert enough.status == "confirmed"
    assert market.broken() == set()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("TEA", "cell_not_assortment"),
        ("colour=red", "cell_not_assortment"),
        ("sku=", "cell_not_assortment"),
        ("category=a//b", "cell_empty_node"),
        ("brand=Leef", "assortment_unknown"),
        ("category=drinks/ho", "assortment_unknown"),
        ("sku=TEE", "assortment_unknown"),
        (";".join(f"sku=T{one}" for one in range(1_000)), "cell_too_long"),
    ],
)
def test_an_assortment_that_names_nothing_is_refused(
    market: Market, written: str, why: str
) -> None:
    done = agree(market, assortment=written)

    assert isinstance(done, Refused), done
    assert done.reasons[0].code == why
    assert all(sentence(done.reasons[0], language=name) for name in ("en", "hi"))
