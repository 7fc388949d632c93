"""An order that makes the rules fail is held, and takes nothing."""

from datetime import UTC, date

from broker.contract import OrderData, OrderLine
from hub.domain.decide import Moment, decide
from hub.domain.ledger import Catalogue, Ledger, Party
from rules import Batch, Credit, Customer, Product, Quantity
from tests.builders.market import packed

MOMENT = Moment(1, date(2026, 11, 21))
LOT = Batch("T1", "TEA", "MAIN", available=Quantity(9), received=date(2026, 1, 1))


class BrokenProducts(dict[str, Product]):
    """Products that cannot be looked up: what no rule pack should bring about."""

    def __getitem__(self, key: str) -> Product:
        raise RuntimeError(key)

    get = __contains__ = __getitem__  # type: ignore[assignment]


def ledger(products: dict[str, Product], *, with_pack: bool = True) -> Ledger:
    """Write a ledger with one shop and one batch of tea."""
    party = Party(
        terminal="s",
        revoked=False,
        customer_id=1,
        customer=Customer("C1"),
        name="Shop",
        credit=Credit("none"),
        warehouse_id=1,
        warehouse="MAIN",
    )
    return Ledger(
        pack=packed().compiled if with_pack else None,
        zone=UTC,
        catalogue=Catalogue("h", products, {"TEA": 1}),
        parties={"s": party},
        batches={(1, "TEA"): (LOT,)},
        exposure={1: 0},
    )


def order() -> OrderData:
    """Write an order of tea."""
    return OrderData(
        order="01a1fce7-0000-7000-8000-000000000000",
        number="S-1",
        customer="C1",
        lines=[OrderLine(line=1, sku="TEA", qty=4)],
        captured_at=1,
        mono_ms=1,
        clock_trusted=True,
    )


def test_rules_that_fail_hold_the_order_and_take_nothing() -> None:
    books = ledger(BrokenProducts())

    decided = decide(order(), "s", books, moment=MOMENT)

    assert (decided.verdict.status, decided.verdict.reasons[0].code) == ("held", "rule_failed")
    assert isinstance(decided.fault, RuntimeError)
    assert books.batches == {(1, "TEA"): (LOT,)}


def test_before_a_rule_pack_is_published_orders_are_held() -> None:
    decided = decide(order(), "s", ledger({}, with_pack=False), moment=MOMENT)

    assert (decided.verdict.status, decided.verdict.reasons[0].code) == ("held", "no_rule_pack")


def test_a_confirmed_order_leaves_less_for_the_next() -> None:
    products = {"TEA": Product("TEA", "Tea", tax_class="full")}
    books = ledger(products)

    first = decide(order(), "s", books, moment=MOMENT)
    second = decide(order(), "s", books, moment=MOMENT)
    third = decide(order(), "s", books, moment=MOMENT)

    assert [one.answer.lines[0].qty for one in (first, second, third)] == [4, 4, 1]
    assert books.batches[1, "TEA"] == ()
