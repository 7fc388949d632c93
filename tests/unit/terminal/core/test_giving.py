"""What one message gives back: so many orders, so many bytes, and where the next one begins."""

from dataclasses import dataclass
from random import Random

from broker.contract import MAX_KEPT, MAX_UP_BYTES, encode
from terminal.core.giving import MOST_BYTES, give_back


@dataclass(frozen=True)
class Order:
    """An answered order."""

    seq: int
    payload: bytes
    told: tuple[bytes, ...] = (b"{}",)


def noise(size: int, seed: int) -> bytes:
    """Make bytes that do not compress."""
    return Random(seed).randbytes(size)


def test_a_message_holds_so_many_orders_and_says_that_there_are_others() -> None:
    orders = [Order(seq, b"{}") for seq in range(10, 10 + MAX_KEPT + 1)]

    given = give_back(orders, after=9)

    assert len(given.orders) == MAX_KEPT
    assert (given.upto, given.more) == (9 + MAX_KEPT, True)


def test_a_message_stays_below_what_a_terminal_may_send() -> None:
    orders = [Order(seq, noise(20_000, seq)) for seq in range(1, 10)]

    given = give_back(orders, after=0)

    assert given.more
    assert given.upto == len(given.orders) < 9
    assert len(encode(given)) < MAX_UP_BYTES


def test_an_order_that_no_message_holds_does_not_keep_back_the_others() -> None:
    orders = [Order(1, noise(MOST_BYTES + 1, 1)), Order(2, b"{}")]

    given = give_back(orders, after=0)

    assert (len(given.orders), given.upto, given.more) == (1, 2, False)


def test_nothing_to_give_ends_it() -> None:
    given = give_back([], after=7)

    assert (given.orders, given.upto, given.more) == ([], 7, False)
