"""Turns: who gives back and asks again stands behind whoever waits."""

import threading

import pytest
from sqlalchemy.exc import TimeoutError as WaitedTooLongError

from hub.base.engine.turns import Turns

LONG_S = 30.0


def until_waiting(turns: Turns, count: int) -> None:
    """Wait until so many threads stand in the row."""
    while turns.waiting < count:
        pass


def test_threads_have_their_turns_in_the_order_they_asked_and_who_asks_again_comes_last() -> None:
    turns, had = Turns(), []

    def have(name: str) -> None:
        with turns.turn(LONG_S):
            had.append(name)

    with turns.turn(LONG_S):
        threads = []
        for name in ("counter", "page"):
            threads.append(threading.Thread(target=have, args=(name,)))
            threads[-1].start()
            until_waiting(turns, len(threads))
    have("upload")
    for one in threads:
        one.join()

    assert had == ["counter", "page", "upload"]


def test_who_waited_too_long_goes_and_the_turn_passes_on() -> None:
    turns = Turns()

    with (
        turns.turn(LONG_S),
        pytest.raises(WaitedTooLongError, match="from this thread"),
        turns.turn(0.001),
    ):
        pass

    with turns.turn(0):
        assert turns.waiting == 0
