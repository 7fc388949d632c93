"""Waiting before the next attempt: longer each time, never together, never for ever."""

from hypothesis import given
from hypothesis import strategies as st

from broker.link import Backoff


def test_ceilings_double_up_to_half_a_minute() -> None:
    backoff = Backoff()

    assert [backoff.ceiling_s(attempt) for attempt in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_wait_is_anywhere_below_its_ceiling(attempt: int, draw: float) -> None:
    backoff = Backoff()

    assert 0 <= backoff.delay_s(attempt, draw) <= backoff.ceiling_s(attempt) <= 30


def test_a_connection_that_held_begins_the_count_again() -> None:
    assert Backoff(steady_s=10).next_attempt(7, held_s=10) == 0


def test_a_connection_thrown_out_at_once_counts_as_a_failed_one() -> None:
    assert Backoff(steady_s=10).next_attempt(7, held_s=0.1) == 8
