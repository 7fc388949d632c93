"""An order that makes the rules fail is held, and takes nothing."""

from hub.desk.orders.model.availability import Availability, Counterparty
from hub.desk.orders.model.decide import decide
from hub.desk.orders.model.reasons import Reason
from hub.desk.products.model import Catalogue
from rules import Credit, Product, Quantity
from tests.builders.decisions import LOT, PACK, SHOP, TEA, order, request


class BrokenProducts(dict[str, Product]):
    """Products that cannot be looked up: what no rule pack should bring about."""

    def __getitem__(self, key: str) -> Product:
        raise RuntimeError(key)

    get = __contains__ = __getitem__  # type: ignore[assignment]


def availability(
    products: dict[str, Product] | None = None, *, with_pack: bool = True
) -> Availability:
    """Write what is left for one shop: one batch of tea."""
    found = {"TEA": TEA} if products is None else products
    return Availability(
        pack=PACK if with_pack else None,
        catalogue=Catalogue("h", found, {"TEA": 1}),
        customers={"C1": Counterparty(1, SHOP, "Shop", Credit("none"))},
        batches={(1, "TEA"): (LOT,)},
        exposure={1: 0},
    )


def test_rules_that_fail_hold_the_order_and_take_nothing() -> None:
    left = availability(BrokenProducts())

    decided = decide(request(quantity=4), left, now_ms=1)

    assert (decided.status, decided.reasons) == ("held", (Reason("rule_failed"),))
    assert isinstance(decided.fault, RuntimeError)
    assert left.batches == {(1, "TEA"): (LOT,)}
    assert left.exposure == {1: 0}


def test_before_a_rule_pack_is_published_orders_are_held() -> None:
    decided = decide(request(), availability({}, with_pack=False), now_ms=1)

    assert (decided.status, decided.reasons) == ("held", (Reason("no_rule_pack"),))


def test_a_confirmed_order_leaves_less_for_the_next() -> None:
    left = availability()

    decided = [decide(request(quantity=4), left, now_ms=1) for _ in range(3)]

    got = [one.result.lines[0].quantity for one in decided if one.result]
    assert got == [4, 4, 1]
    assert left.batches_of(1, ["TEA"]) == {"TEA": ()}
    assert left.exposure[1] == sum(one.payable for one in decided)


def test_a_customer_whom_nobody_knows_is_rejected_before_the_rules_are_asked() -> None:
    decided = decide(request(order=order(customer="C9")), availability(BrokenProducts()), now_ms=1)

    assert (decided.status, decided.fault) == ("rejected", None)
    assert decided.reasons == (Reason("customer_unknown", {"customer": "C9"}),)


def test_what_an_entrance_bars_is_rejected_for_that_and_takes_nothing() -> None:
    why = Reason("customer_not_served", {"own": "C2", "customer": "C1"})
    left = availability()

    decided = decide(request(barred=(why,)), left, now_ms=1)

    assert (decided.status, decided.reasons, decided.payable) == ("rejected", (why,), 0)
    assert left.batches_of(1, ["TEA"])["TEA"][0].available == Quantity(9)


def test_the_hash_of_a_decision_changes_with_the_amount() -> None:
    first, cheaper = (decide(request(quantity=n), availability(), now_ms=1) for n in (4, 3))
    again = decide(request(quantity=4), availability(), now_ms=2)

    assert first.content_hash == again.content_hash
    assert first.content_hash != cheaper.content_hash
