"""What an order must be beyond its schema."""

import pytest

from broker.contract import Order, OrderData, OrderLine
from hub.desk.terminals.wire.requests import fault_of

UUID = "01a1fce7-0000-7000-8000-000000000000"


def order(*numbers: int, seq: int = 1, number: str = "shop-8-00001") -> Order:
    """Write an order of terminal shop-8, with lines of these numbers."""
    lines = [OrderLine(line=number, sku="TEA", qty=1) for number in numbers]
    data = OrderData(
        order=UUID,
        number=number,
        customer="C1",
        lines=lines,
        captured_at=1,
        mono_ms=1,
        clock_trusted=True,
    )
    return Order(id=UUID, term="shop-8", boot=1, seq=seq, at=1, data=data)


def test_an_ordinary_order_has_no_fault() -> None:
    assert fault_of(order(1, 2, 7)) is None


@pytest.mark.parametrize(
    ("faulty", "words"),
    [(order(1, seq=0), "counts from 1"), (order(1, 2, 1), "same number")],
)
def test_an_order_that_cannot_be_kept_says_why(faulty: Order, words: str) -> None:
    assert words in (fault_of(faulty) or "")


def test_zeros_before_the_seq_do_not_matter() -> None:
    assert fault_of(order(1, number="shop-8-1")) is None
    assert fault_of(order(1, seq=100_000, number="shop-8-100000")) is None


@pytest.mark.parametrize(
    "number",
    [
        "shop-9-00001",
        "shop-8-00002",
        "S-000001",
        "00001",
        "shop-8-",
        "shop-8-0",
        "shop-8--00001",
        "shop-8-00001 ",
        "shop-8-\u0661",
        "SHOP-8-00001",
        "<b>shop-8-00001</b>",
    ],
)
def test_an_order_under_the_number_of_another_says_so(number: str) -> None:
    assert "its terminal's name and its seq" in (fault_of(order(1, number=number)) or "")
