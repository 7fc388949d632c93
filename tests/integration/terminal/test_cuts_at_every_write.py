"""The power is cut at every point at which something is written: what is on disk then must do.

Each statement that SQLite carries out, and each file that is put in another's place, is a point.
The folder is copied there as it is, in the midst of whatever is going on, and opened as after a
restart.
"""

import itertools
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from terminal.store import Store, audit, read_records
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, RICE, TEA, Shop

POINTS = 300
"""So many at the least."""


@dataclass
class Cuts:
    """Cuts the power at each point, and looks at what a restart finds there."""

    folder: Path
    scratch: Path
    points: int = 0
    stored: set[str] = field(default_factory=set)
    """Orders that somebody was told are stored."""
    on_paper: dict[str, str] = field(default_factory=dict)
    """What the newest printed slip of each order says: its number, and the word on top."""
    faults: list[str] = field(default_factory=list)
    current: ClassVar["Cuts | None"] = None

    def cut(self) -> None:
        """Open a copy of the folder as it is now."""
        self.points += 1
        copy = self.scratch / "after the cut"
        with _nothing_is_a_point():
            shutil.copytree(self.folder, copy, copy_function=_copied)
            try:
                self._look(copy)
            finally:
                shutil.rmtree(copy)

    def _look(self, copy: Path) -> None:
        store = Store(copy, "after-the-cut")
        following = store.next_seq()
        store.close()
        records = read_records(copy)
        numbers = [record.number for record in records]
        found = [f"point {self.points}: {fault}" for fault in audit(copy).faults]
        lost = self.stored - set(numbers)
        if lost:
            found.append(f"point {self.points}: lost {sorted(lost)}")
        if [record.seq for record in records] != list(range(1, len(records) + 1)):
            found.append(f"point {self.points}: sequences {[record.seq for record in records]}")
        if following <= len(records):
            found.append(f"point {self.points}: number {following} would be given twice")
        status = {record.number: record.status for record in records}
        for number, word in self.on_paper.items():
            if word == "CONFIRMED" and status.get(number) != "confirmed":
                found.append(f"point {self.points}: a slip claims {word} of {number}")
        self.faults += found


def _copied(source: str, target: str) -> None:
    """Copy what is written to; the catalogue, which only ever comes whole, is shared."""
    if "catalogue" in Path(source).name:
        Path(target).hardlink_to(source)
    else:
        shutil.copyfile(source, target)


_looking = False


@contextmanager
def _nothing_is_a_point() -> Iterator[None]:
    global _looking  # noqa: PLW0603  # a hook of the interpreter cannot be taken away again
    _looking = True
    try:
        yield
    finally:
        _looking = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    cuts = Cuts.current
    if cuts is None or _looking or event not in {"os.rename", "os.remove"}:
        return
    if str(arguments[0]).startswith(str(cuts.folder)):
        cuts.cut()


def _statement(text: str) -> None:
    changes = not text.lstrip().upper().startswith(("SELECT", "PRAGMA"))
    if Cuts.current is not None and not _looking and changes:
        Cuts.current.cut()


def watch_records(store: Store) -> None:
    """Have every statement on a terminal's records be a point, from now on."""
    for one in vars(store).values():
        if isinstance(one, sqlite3.Connection):
            one.set_trace_callback(_statement)


sys.addaudithook(_hook)


@pytest.fixture
def cuts(tmp_path: Path, shop: Shop) -> Iterator[Cuts]:
    """Cut the power from now on."""
    folder = tmp_path / "data"
    shop.settle(folder)
    (tmp_path / "scratch").mkdir()
    Cuts.current = Cuts(folder, tmp_path / "scratch")
    yield Cuts.current
    Cuts.current = None


def test_a_cut_at_any_point_loses_nothing_doubles_nothing_and_no_slip_claims_too_much(
    cuts: Cuts,
) -> None:
    baskets = itertools.cycle([(COLA,), (RICE, "OW-QTY-3"), (COLA, TEA, "OW-UNDO")])

    async def play(counter: Counter) -> None:
        watch_records(counter.terminal.store)
        for round_number in range(16):
            if round_number % 4 == 3:
                counter.link.cut()
            order = None
            printed = len(counter.printer.slips)
            await counter.scan(*next(baskets), "OW-SUBMIT")
            number = counter.screen.last_order
            cuts.stored.add(number)
            if round_number % 4 == 3:
                await counter.until(lambda printed=printed: len(counter.printer.slips) > printed)  # type: ignore[misc]
                counter.link.connect()
            await counter.until(
                lambda number=number: any(  # type: ignore[misc]
                    one.data.number == number for one in counter.link.orders()
                )
            )
            order = next(one for one in counter.link.orders() if one.data.number == number)
            printed = len(counter.printer.slips)
            counter.link.answer(order)
            await counter.until(lambda printed=printed: len(counter.printer.slips) > printed)  # type: ignore[misc]
            assert "CONFIRMED" in counter.printer.slips[-1].replace(" ", "")
            cuts.on_paper[number] = "CONFIRMED"
            await counter.scan("OW-REPRINT")

    at_the_counter(cuts.folder, play)

    assert cuts.faults == []
    assert cuts.points >= POINTS
