"""How much of a limit a terminal holds, and what its orders take of it."""

import pytest

from hub.desk.schemes.model import NOTHING, Leased, LeaseTerms, LimitPart, is_low, one_use, renewed
from rules import CounterChange, Minor, Quantity, Rate, Shared
from rules.engine.schemes.benefits import Benefit

USES = Shared("R", "scheme", uses=100)
BOTH = Shared("R", "scheme", uses=100, amount=Minor(1_000))
ONE = LimitPart(1, 1, 1)


@pytest.mark.parametrize(
    ("bound", "gone", "own", "held"),
    [
        (USES, NOTHING, NOTHING, LimitPart(uses=2)),
        (USES, LimitPart(uses=50), NOTHING, LimitPart(uses=1)),
        (USES, LimitPart(uses=99), NOTHING, LimitPart(uses=1)),
        (USES, LimitPart(uses=100), NOTHING, NOTHING),
        (USES, LimitPart(uses=101), NOTHING, NOTHING),
        (USES, LimitPart(uses=50), LimitPart(uses=9), LimitPart(uses=9)),
        (USES, LimitPart(uses=95), LimitPart(uses=9), LimitPart(uses=5)),
        (BOTH, NOTHING, NOTHING, LimitPart(uses=2, amount=20)),
        (BOTH, LimitPart(amount=1_000), LimitPart(uses=1), NOTHING),
    ],
)
def test_a_terminal_holds_a_share_of_what_is_left_and_never_more(
    bound: Shared, gone: LimitPart, own: LimitPart, held: LimitPart
) -> None:
    assert renewed(bound, gone, own, rate=Rate(20_000), least=ONE) == held


@pytest.mark.parametrize(
    ("gone", "own", "held"),
    [
        (NOTHING, NOTHING, 50),
        (LimitPart(amount=949), NOTHING, 50),
        (LimitPart(amount=950), NOTHING, 50),
        (LimitPart(amount=951), NOTHING, 49),
        (LimitPart(amount=999), NOTHING, 1),
        (LimitPart(amount=500), LimitPart(amount=80), 80),
    ],
)
def test_a_slice_is_what_one_use_takes_as_long_as_there_is_so_much(
    gone: LimitPart, own: LimitPart, held: int
) -> None:
    bound = Shared("R", "scheme", amount=Minor(1_000))

    slice_ = renewed(bound, gone, own, rate=Rate(20_000), least=LimitPart(1, 50, 1))

    assert slice_ == LimitPart(amount=held)


@pytest.mark.parametrize(
    ("benefit", "used", "use"),
    [
        (Benefit(), NOTHING, ONE),
        (Benefit(Minor(500), Quantity(3)), NOTHING, LimitPart(1, 500, 3)),
        (Benefit(Minor(500), Quantity(3)), LimitPart(10, 9_000, 90), LimitPart(1, 500, 3)),
        (Benefit(), LimitPart(10, 1_005, 44), LimitPart(1, 101, 4)),
        (Benefit(), LimitPart(10, 0, 0), ONE),
        (Benefit(Minor(0)), NOTHING, ONE),
    ],
)
def test_one_use_takes_what_the_scheme_gives_at_most_or_else_what_it_gave_so_far(
    benefit: Benefit, used: LimitPart, use: LimitPart
) -> None:
    assert one_use(benefit, used) == use


@pytest.mark.parametrize(("held", "low"), [(49, True), (50, False), (98, False)])
def test_a_lease_is_low_below_one_use(held: int, *, low: bool) -> None:
    assert is_low(LimitPart(amount=held), LimitPart(amount=98), LimitPart(1, 50, 1)) is low


def test_of_what_is_less_than_one_use_in_all_a_lease_is_not_low() -> None:
    assert not is_low(LimitPart(amount=30), LimitPart(amount=30), LimitPart(1, 50, 1))


@pytest.mark.parametrize(
    ("own", "fair", "low"),
    [
        (LimitPart(uses=2), LimitPart(uses=4), False),
        (LimitPart(uses=1), LimitPart(uses=4), True),
        (LimitPart(uses=4, amount=9), LimitPart(uses=4, amount=20), True),
        (LimitPart(uses=5), LimitPart(uses=4), True),
        (NOTHING, NOTHING, False),
    ],
)
def test_a_lease_is_low_below_half(own: LimitPart, fair: LimitPart, *, low: bool) -> None:
    assert is_low(own, fair, ONE) is low


def test_an_order_above_its_own_lease_takes_nothing_of_the_others() -> None:
    key = ("R", "total")
    leased = Leased({key: LimitPart(amount=300)}, {("t1", *key): LimitPart(amount=100)})

    leased.spend("t1", CounterChange(*key, 1, Minor(150)))
    leased.spend("t2", CounterChange(*key, 1, Minor(150)))

    assert leased.own["t1", "R", "total"] == NOTHING
    assert leased.spent == {key: LimitPart(amount=100)}
    assert leased.of_others("t1")[key] == LimitPart(amount=200)


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
