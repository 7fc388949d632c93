"""A heap that is full at any step of the journal: nothing stored is lost, whoever goes on with it.

CPython only: a MemoryError is raised at each line of the journal's that a day runs through.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

from firmware.flash import journal as journal_module
from firmware.flash import records as records_module
from firmware.flash.journal import Journal
from firmware.flash.stored import NOWHERE

pytestmark = pytest.mark.slow
SENDABLE: Final = 4
ORDERS: Final = SENDABLE + 5
ANSWERED: Final = 5
STRIDE: Final = 5
"""Each line is run through many times: so all of them are met."""
FILES: Final = (journal_module.__file__, records_module.__file__)


class Day:
    """Orders without a line, answers of some, one of them without a printer; then tidied up."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(str(folder))
        self.stored: list[str] = []
        self.taken: list[str] = []

    def run(self) -> None:
        """Live through it."""
        journal = self.journal
        journal.begin(1_760_000_000_000)
        for seq in range(1, ORDERS + 1):
            head = {"seq": seq, "order": f"order-{seq}", "number": f"shop-1-{seq:05d}"}
            stored = journal.submit(head, b"payload")
            self.stored.append(f"order-{seq}")
            journal.leave_queued(stored)
        for seq in [*range(1, ANSWERED + 1), ORDERS - 2]:
            self.answer(seq)
        journal.slip_became(journal.slips()[0], "printed")
        journal.by_seq(ORDERS - 1)
        journal.rewrite()
        self.answer(ANSWERED + 1)

    def answer(self, seq: int) -> None:
        """Take an answer."""
        head = {"order": f"order-{seq}", "number": f"shop-1-{seq:05d}", "revision": 1}
        self.journal.take(
            {**head, "status": "confirmed", "kind": "answer", "at": 1_760_000_001_000}, b"answer"
        )
        self.taken.append(f"order-{seq}")


def full_at(step: int) -> Callable[[FrameType, str, object], Any]:
    """Give a tracer that fails at so many lines of the journal's from now."""
    left = [step]

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        del argument
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                raise MemoryError
        return trace

    return trace


def run_until_full(day: Day, step: int) -> bool:
    """Run a day; False where it ended before its heap was full."""
    before = sys.gettrace()
    sys.settrace(full_at(step))
    try:
        day.run()
    except MemoryError:
        return True
    finally:
        sys.settrace(before)
    return False


def assert_all_there(journal: Journal, day: Day) -> None:
    """Each order that was told stored waits with its bytes, or has the answer that freed it."""
    waiting = list(journal.waiting())
    for order in day.stored:
        stored = journal.by_id(order)
        assert stored is not None, order
        if stored.is_waiting:
            assert stored.seq in waiting
            assert order not in day.taken
            assert journal.payload(stored)[:] == b"payload"
        elif stored.answer != NOWHERE:
            assert journal.answer(stored)[:] == b"answer"


def test_nothing_stored_is_lost_wherever_the_heap_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SENDABLE", SENDABLE)
    monkeypatch.setattr(journal_module, "PRINTABLE", 3)
    monkeypatch.setattr(journal_module, "KEPT_ANSWERS", 2)
    for step in count(1, STRIDE):
        folder = tmp_path / str(step)
        folder.mkdir()
        day = Day(folder)
        if not run_until_full(day, step):
            break
        # Others go on until the board starts again: the printer tidies up where it is idle.
        go_on(day.journal, day.journal.rewrite)
        go_on(day.journal, partial(day.answer, ORDERS))

        for later in (day.journal, Journal(str(folder))):
            assert_all_there(later, day)
    assert step > 1000


def go_on(journal: Journal, work: Callable[[], None]) -> None:
    """Do what another part of the program does, which reads the flash anew where that fails."""
    try:
        work()
    except OSError:
        journal.load()
