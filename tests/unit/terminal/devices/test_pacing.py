"""How fast a printer is sent to that says nothing and holds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.printers.pacing import Pacing


def test_what_fits_into_the_buffer_goes_at_once_and_the_next_waits_for_the_paper() -> None:
    pacing = Pacing(100)

    assert pacing.wait_s(60, 0.0) == 0
    pacing.add(60, 0.0, 0.5)
    assert pacing.wait_s(40, 0.0) == 0
    pacing.add(40, 0.0, 0.5)

    assert pacing.wait_s(10, 0.0) == pytest.approx(0.6)
    assert pacing.wait_s(60, 0.2) == pytest.approx(0.4)
    assert pacing.wait_s(70, 0.2) == pytest.approx(0.5)
    assert pacing.wait_s(100, 0.8) == 0


def test_a_piece_larger_than_the_buffer_goes_alone() -> None:
    pacing = Pacing(100)
    pacing.add(60, 0.0, 0.0)

    assert pacing.wait_s(500, 0.0) == 0.1


@given(st.lists(st.integers(1, 60), max_size=50))
def test_never_more_than_the_buffer_is_on_its_way(sizes: list[int]) -> None:
    pacing, now, printed_at = Pacing(100), 0.0, 0.0
    held: list[tuple[int, float]] = []
    for size in sizes:
        now += pacing.wait_s(size, now)
        printed_at = max(now + 0.01, printed_at) + 0.1
        pacing.add(size, now, 0.01)
        held = [(one, at) for one, at in held if at > now + 1e-9] + [(size, printed_at)]

        assert sum(one for one, _ in held) <= 100
