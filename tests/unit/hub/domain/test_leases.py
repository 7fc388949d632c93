"""How much of a limit a terminal holds, and what its orders take of it."""

import pytest

from hub.domain.leases import NOTHING, Leased, Slice, is_low, renewed
from rules import CounterChange, Minor, Shared

USES = Shared("R", "scheme", uses=100)
BOTH = Shared("R", "scheme", uses=100, amount=Minor(1_000))


@pytest.mark.parametrize(
    ("bound", "gone", "own", "held"),
    [
        (USES, NOTHING, NOTHING, Slice(uses=2)),
        (USES, Slice(uses=50), NOTHING, Slice(uses=1)),
        (USES, Slice(uses=99), NOTHING, Slice(uses=1)),
        (USES, Slice(uses=100), NOTHING, NOTHING),
        (USES, Slice(uses=101), NOTHING, NOTHING),
        (USES, Slice(uses=50), Slice(uses=9), Slice(uses=9)),
        (USES, Slice(uses=95), Slice(uses=9), Slice(uses=5)),
        (BOTH, NOTHING, NOTHING, Slice(uses=2, amount=20)),
        (BOTH, Slice(amount=1_000), Slice(uses=1), NOTHING),
    ],
)
def test_a_terminal_holds_a_share_of_what_is_left_and_never_more(
    bound: Shared, gone: Slice, own: Slice, held: Slice
) -> None:
    assert renewed(bound, gone, own, percent=2) == held


@pytest.mark.parametrize(
    ("own", "fair", "low"),
    [
        (Slice(uses=2), Slice(uses=4), False),
        (Slice(uses=1), Slice(uses=4), True),
        (Slice(uses=4, amount=9), Slice(uses=4, amount=20), True),
        (Slice(uses=5), Slice(uses=4), True),
        (NOTHING, NOTHING, False),
    ],
)
def test_a_lease_is_low_below_half(own: Slice, fair: Slice, *, low: bool) -> None:
    assert is_low(own, fair) is low


def test_an_order_above_its_own_lease_takes_nothing_of_the_others() -> None:
    key = ("R", "total")
    leased = Leased({key: Slice(amount=300)}, {("t1", *key): Slice(amount=100)})

    leased.spend("t1", CounterChange(*key, 1, Minor(150)))
    leased.spend("t2", CounterChange(*key, 1, Minor(150)))

    assert leased.own["t1", "R", "total"] == NOTHING
    assert leased.of_others("t1")[key] == Slice(amount=200)
