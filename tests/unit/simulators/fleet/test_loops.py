"""Several event loops beside each other: results in order, and one failure ends all."""

import asyncio
import threading

import pytest

from simulators.fleet import run_in_loops


def test_each_work_has_a_loop_of_its_own_and_results_keep_their_order() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def work(number: int) -> int:
        meeting.wait()  # all three are there at once, or nobody gets further
        return number

    async def one() -> int:
        return work(1)

    async def two() -> int:
        return work(2)

    async def three() -> int:
        return work(3)

    assert run_in_loops([one, two, three]) == [1, 2, 3]


def test_the_first_failure_stops_the_others() -> None:
    begun, stopped = threading.Event(), threading.Event()

    async def fails() -> None:
        begun.wait()
        raise ValueError("no paper")

    async def waits() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    with pytest.raises(ValueError, match="no paper"):
        run_in_loops([waits, fails, waits])

    assert stopped.is_set()
