"""What an order must be beyond its schema."""

import pytest

from broker.contract import Order, OrderData, OrderLine
from hub.desk.terminals.wire.requests import fault_of

UUID = "01a1fce7-0000-7000-8000-000000000000"


def order(*numbers: int, seq: int = 1) -> Order:
    """Write an order with lines of these numbers."""
    lines = [OrderLine(line=number, sku="TEA", qty=1) for number in numbers]
    data = OrderData(
        order=UUID,
        number="S-1",
        customer="C1",
        lines=lines,
        captured_at=1,
        mono_ms=1,
        clock_trusted=True,
    )
    return Order(id=UUID, term="s", boot=1, seq=seq, at=1, data=data)


def test_an_ordinary_order_has_no_fault() -> None:
    assert fault_of(order(1, 2, 7)) is None


@pytest.mark.parametrize(
    ("faulty", "words"),
    [(order(1, seq=0), "counts from 1"), (order(1, 2, 1), "same number")],
)
def test_an_order_that_cannot_be_kept_says_why(faulty: Order, words: str) -> None:
    assert words in (fault_of(faulty) or "")
