"""What a return moves of a line: an amount is credited, another charged, none below zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.invoices.model.settling import Amounts, Worth, split_move


def move(
    stands: Amounts, *, left: int, back: int, had: Worth, kept: Worth
) -> tuple[Amounts, Amounts]:
    """Move a line."""
    return split_move(stands, left=left, back=back, had=had, kept=kept)


@pytest.mark.parametrize(
    ("back", "had", "kept", "credited", "charged"),
    [
        (4, 90_000, (6, 60_000), 30_000, 0),  # what is kept lost its discount within the line
        (10, 90_000, (0, 0), 90_000, 0),
        (0, 90_000, (10, 100_000), 0, 10_000),  # other goods came back
        (0, 90_000, (10, 90_002), 0, 0),  # a discount that is spread anew
        (0, 90_000, (10, 80_000), 10_000, 0),  # another scheme gives more on what is kept
        (1, 90_000, (9, 100_000), 9_000, 19_000),  # its own price back, the rest is dearer
    ],
)
def test_a_line_is_credited_at_its_price_and_charged_what_it_earns_no_more(
    back: int, had: int, kept: tuple[int, int], credited: int, charged: int
) -> None:
    less, more = move(
        (100_000, had),
        left=10,
        back=back,
        had=Worth(10, (100_000, had)),
        kept=Worth(kept[0], (100_000 * kept[0] // 10, kept[1])),
    )

    assert (less[1], more[1]) == (credited, charged)


def test_what_was_lowered_before_stays_lowered() -> None:
    had, kept = Worth(10, (100_000, 90_000)), Worth(5, (50_000, 45_000))

    less, more = move((90_000, 80_000), left=10, back=5, had=had, kept=kept)

    assert (less, more) == ((45_000, 40_000), (0, 0))


def test_an_order_on_two_invoices_moves_each_by_what_it_has_of_it() -> None:
    """Ten at 9.00, six billed and four; two of the six come back, and eight cost 10.00."""
    had, kept = Worth(10, (10_000, 9_000)), Worth(8, (8_000, 8_000))

    first = move((6_000, 5_400), left=6, back=2, had=had, kept=kept)
    second = move((4_000, 3_600), left=4, back=0, had=had, kept=kept)

    assert first == ((2_000, 1_400), (0, 0))
    assert second == ((0, 0), (0, 400))


amount = st.integers(0, 10**7)


@given(
    stands=st.tuples(amount, amount, amount),
    left=st.integers(1, 50),
    part=st.integers(0, 50),
    worth=st.tuples(amount, amount, amount),
    kept=st.tuples(amount, amount, amount),
    others=st.integers(0, 50),
)
def test_nothing_is_below_zero_and_no_more_is_credited_than_there_is(
    stands: Amounts, *, left: int, part: int, worth: Amounts, kept: Amounts, others: int
) -> None:
    back = min(part, left)
    pieces = left + others - back

    less, more = move(
        stands, left=left, back=back, had=Worth(left + others, worth), kept=Worth(pieces, kept)
    )

    assert min(*less, *more) >= 0
    assert all(a <= b for a, b in zip(less, stands, strict=True))
    if back == left:
        assert less == stands


def test_what_stays_of_a_line_has_no_more_net_than_gross() -> None:
    """One of fourteen came back while a lower price was credited, which was then cancelled."""
    less, more = move(
        (13_021, 12_522),
        left=13,
        back=4,
        had=Worth(13, (13_000, 12_500)),
        kept=Worth(9, (9_000, 9_000)),
    )

    assert (less, more) == ((4_005, 3_506), (0, 0))
