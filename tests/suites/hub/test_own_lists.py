"""A counter that cannot hold the catalogue: its list, and what it orders by bar code alone."""

from datetime import date

from hub.desk.terminals.reads.snapshots import read_ordered
from tests.builders.market import Market

TEA = "08901234567894"


def lines(market: Market) -> list[tuple[object, ...]]:
    """Read the lines of all orders."""
    return market.rows("SELECT sku, ordered, unit FROM order_line WHERE NOT free ORDER BY line")


def test_a_line_of_a_bar_code_is_the_product_s(market: Market) -> None:
    market.change(
        "INSERT INTO product_gtin (gtin, product_id, unit) SELECT '18901234567891', id, 'CASE' "
        "FROM product WHERE sku = 'TEA'"
    )

    answer = market.place((TEA, 3), ("18901234567891", 2))

    assert answer.status == "confirmed"
    assert [(one.sku, one.qty) for one in answer.lines] == [("TEA", 3), ("TEA", 24)]
    assert lines(market) == [("TEA", 3, None), ("TEA", 24, "CASE")]


def test_a_bar_code_of_no_product_is_no_order(market: Market) -> None:
    answer = market.place(("04006381333931", 3), ("RICE", 1))

    assert answer.status == "rejected"
    assert "product_unknown" in [reason.code for reason in answer.reasons]


def test_what_the_shop_orders_most_comes_before_what_others_do(market: Market) -> None:
    for sku in ("RICE", "SOAP", "SOAP"):
        market.place((sku, 1), terminal="shop-2")
    market.place(("TEA", 1), ("SOAP", 1), terminal="shop-1")

    with market.database.read() as connection:
        found = read_ordered(connection, "shop-2", since=date(2020, 1, 1))
        nobody = read_ordered(connection, "shop-9", since=date(2020, 1, 1))

    assert found[:2] == ["SOAP", "RICE"]
    assert nobody == []
