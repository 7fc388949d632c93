"""Work beside the orders goes on whatever happens to it."""

import threading

from hub.run.background import Background

DEADLINE_S = 60


def test_more_work_is_done_at_once_and_each_has_its_turn() -> None:
    left, done = [3, 2], threading.Event()
    order: list[int] = []

    def work(number: int) -> bool:
        if left[number]:
            left[number] -= 1
            order.append(number)
        if not any(left):
            done.set()
        return left[number] > 0

    sideline = Background([lambda: work(0), lambda: work(1)])
    sideline.start()

    assert done.wait(DEADLINE_S)
    sideline.stop()
    assert order == [0, 1, 0, 1, 0]


def test_what_fails_takes_no_turn_from_other_work_and_does_not_delay_the_end() -> None:
    done = threading.Event()

    def fail() -> bool:
        raise OSError("no database")

    def note() -> bool:
        done.set()
        return False

    sideline = Background([fail, note])
    sideline.start()

    assert done.wait(DEADLINE_S)
    sideline.stop()
