"""How much of a limit a terminal holds, and what its orders take of it."""

import pytest

from hub.domain.leases import NOTHING, Leased, LeaseTerms, Slice, is_low, one_use, renewed
from rules import CounterChange, Minor, Quantity, Rate, Shared
from rules.tools.benefits import Benefit

USES = Shared("R", "scheme", uses=100)
BOTH = Shared("R", "scheme", uses=100, amount=Minor(1_000))
ONE = Slice(1, 1, 1)


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
    assert renewed(bound, gone, own, rate=Rate(20_000), least=ONE) == held


@pytest.mark.parametrize(
    ("gone", "own", "held"),
    [
        (NOTHING, NOTHING, 50),
        (Slice(amount=949), NOTHING, 50),
        (Slice(amount=950), NOTHING, 50),
        (Slice(amount=951), NOTHING, 49),
        (Slice(amount=999), NOTHING, 1),
        (Slice(amount=500), Slice(amount=80), 80),
    ],
)
def test_a_slice_is_what_one_use_takes_as_long_as_there_is_so_much(
    gone: Slice, own: Slice, held: int
) -> None:
    bound = Shared("R", "scheme", amount=Minor(1_000))

    slice_ = renewed(bound, gone, own, rate=Rate(20_000), least=Slice(1, 50, 1))

    assert slice_ == Slice(amount=held)


@pytest.mark.parametrize(
    ("benefit", "used", "use"),
    [
        (Benefit(), NOTHING, ONE),
        (Benefit(Minor(500), Quantity(3)), NOTHING, Slice(1, 500, 3)),
        (Benefit(Minor(500), Quantity(3)), Slice(10, 9_000, 90), Slice(1, 500, 3)),
        (Benefit(), Slice(10, 1_005, 44), Slice(1, 101, 4)),
        (Benefit(), Slice(10, 0, 0), ONE),
        (Benefit(Minor(0)), NOTHING, ONE),
    ],
)
def test_one_use_takes_what_the_scheme_gives_at_most_or_else_what_it_gave_so_far(
    benefit: Benefit, used: Slice, use: Slice
) -> None:
    assert one_use(benefit, used) == use


@pytest.mark.parametrize(("held", "low"), [(49, True), (50, False), (98, False)])
def test_a_lease_is_low_below_one_use(held: int, *, low: bool) -> None:
    assert is_low(Slice(amount=held), Slice(amount=98), Slice(1, 50, 1)) is low


def test_of_what_is_less_than_one_use_in_all_a_lease_is_not_low() -> None:
    assert not is_low(Slice(amount=30), Slice(amount=30), Slice(1, 50, 1))


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
    assert is_low(own, fair, ONE) is low


def test_an_order_above_its_own_lease_takes_nothing_of_the_others() -> None:
    key = ("R", "total")
    leased = Leased({key: Slice(amount=300)}, {("t1", *key): Slice(amount=100)})

    leased.spend("t1", CounterChange(*key, 1, Minor(150)))
    leased.spend("t2", CounterChange(*key, 1, Minor(150)))

    assert leased.own["t1", "R", "total"] == NOTHING
    assert leased.spent == {key: Slice(amount=100)}
    assert leased.of_others("t1")[key] == Slice(amount=200)


@pytest.mark.parametrize(
    ("terminals", "rate"),
    [(0, 20_000), (1, 20_000), (50, 20_000), (51, 19_608), (100, 10_000), (2_000, 500)],
)
def test_in_a_large_network_a_slice_is_smaller_in_proportion(terminals: int, rate: int) -> None:
    assert LeaseTerms(percent=2).rate(terminals) == rate


def test_all_terminals_of_a_large_network_together_leave_a_third_to_who_comes_first() -> None:
    left = 1_000_000
    rate = LeaseTerms().rate(2_000)

    for _ in range(2_000):
        left -= renewed(
            Shared("R", "scheme", uses=left), NOTHING, NOTHING, rate=rate, least=ONE
        ).uses

    assert 360_000 < left < 375_000
