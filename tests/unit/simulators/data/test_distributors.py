"""Distributors made from real data: prices, names, shelves, stock and credit."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from simulators.data import (
    COUNTER,
    ORDERS,
    Pick,
    RealLine,
    RealOrder,
    fmcg,
    gathered,
    popular,
    read_orders,
    shaped_baskets,
    terminal_of,
    wholesaler,
)
from simulators.data.categories import shelf_of

TODAY = date(2026, 11, 21)
AT = datetime(2010, 3, 1, 9, 0)  # noqa: DTZ001  # the file's times have no zone


def line(**changed: object) -> RealLine:
    usual: dict[str, object] = {
        "row": 2,
        "invoice": "490397",
        "stock_code": "21844",
        "description": "RETRO SPOT MUG",
        "quantity": 6,
        "at": AT,
        "price": Decimal("2.95"),
        "customer": "12417",
        "country": "Belgium",
    }
    return RealLine(**(usual | changed))  # type: ignore[arg-type]  # a builder


def test_the_most_frequent_name_and_price_win() -> None:
    lines = [
        line(description="", price=Decimal("3.25")),
        line(),
        line(),
        line(description="mug?", price=Decimal("9.99")),
    ]

    made = wholesaler(lines, today=TODAY)

    assert [(p.sku, p.name, p.price) for p in made.products] == [
        ("21844", "RETRO SPOT MUG", Decimal("2.95"))
    ]


def test_every_customer_gets_a_terminal_and_the_same_one_each_time() -> None:
    lines = read_orders(ORDERS).lines

    made, again = wholesaler(lines, today=TODAY), wholesaler(lines, today=TODAY)

    assert len(set(made.terminals)) == len(made.customers) == 151
    assert made == again


def test_a_replay_meets_short_stock_and_credit_trouble() -> None:
    lines = read_orders(ORDERS).lines
    asked = sum(line.quantity for line in lines)

    made = wholesaler(lines, today=TODAY)

    stocked = dict.fromkeys((p.sku for p in made.products), 0)
    for batch in made.batches:
        stocked[batch.sku] += batch.on_hand
    wanted = dict.fromkeys(stocked, 0)
    for row in lines:
        wanted[row.stock_code] += row.quantity
    scarce = [sku for sku in stocked if stocked[sku] < wanted[sku]]
    assert 20 < len(scarce) < 200
    assert sum(stocked.values()) > asked
    assert {c.credit_limit for c in made.customers} > {"none", "cash_only", "1000000"}
    assert {c.status for c in made.customers} == {"active", "hold", "blocked"}


@pytest.mark.parametrize("customer", ["12417", "Müller & Söhne", "a" * 40, "---", "12417.0", "A"])
def test_a_terminal_is_named_after_any_customer(customer: str) -> None:
    from broker.contract import check_id  # noqa: PLC0415  # only this test needs the wire's rule

    assert check_id(terminal_of(customer)) == terminal_of(customer)


def test_customers_that_differ_in_one_sign_have_different_terminals() -> None:
    names = ["12417", "12417.", "12-417", "12_417", "A1", "a1"]

    assert len({terminal_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Milk Chocolate", "chocolate"),
        ("Chocolate Milk", "dairy"),
        ("Parle G", "biscuits"),
        ("MDH Arhar Dal Masala 100G", "spices"),
        ("Basmati Rice", "grains"),
        ("", "grocery"),
        ("Wenga", "grocery"),
    ],
)
def test_a_products_shelf_is_told_from_its_name(name: str, category: str) -> None:
    assert shelf_of(name).category == category


def test_the_packaged_goods_distributor_has_every_kind_of_trouble_in_stock_and_credit() -> None:
    made = fmcg(today=TODAY)

    lives = [(batch.expiry - TODAY).days for batch in made.batches if batch.expiry]
    assert len(made.products) == 5_196
    assert len(made.customers) == 21
    assert made.customers[0].terminal == COUNTER
    assert min(lives) < 0
    assert any(0 <= life <= 10 for life in lives)
    assert {"none", "cash_only"} < {customer.credit_limit for customer in made.customers}
    assert {customer.status for customer in made.customers} == {"active", "hold", "blocked"}
    assert all(p.price > 0 for p in made.products)
    assert fmcg(today=TODAY) == made


def test_baskets_keep_the_shape_of_the_orders_they_come_from() -> None:
    orders = [
        RealOrder("1", "12417", AT, (Pick("MUG", 6), Pick("CUP", 500), Pick("BAG", 1))),
        RealOrder("2", "12418", AT, (Pick("MUG", 12),)),
    ]

    baskets = shaped_baskets(orders, ["tea", "milk"], most_lines=2, most_pieces=24)

    assert baskets == ((Pick("tea", 6), Pick("tea", 24)), (Pick("tea", 12),))


def test_real_baskets_ask_only_for_products_made_in_india() -> None:
    made = fmcg(today=TODAY)
    orders = gathered(read_orders(ORDERS).lines)

    baskets = shaped_baskets(orders, popular(made), most_lines=8, most_pieces=48)

    assert {pick.sku[:3] for basket in baskets for pick in basket} == {"890"}
    assert max(len(basket) for basket in baskets) == 8
