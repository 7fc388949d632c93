"""A day of the whole board on which the heap is full once, at any line of it: all comes to its end.

CPython only: a MemoryError is raised at lines of the firmware that the day runs through.
"""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

from firmware.app.terminal import Terminal
from firmware.flash.building import build_products
from firmware.flash.journal import Journal
from firmware.flash.records import write_whole
from firmware.flash.settings import Settings
from tests.builders.hurried_board import (
    TERMINAL,
    Hub,
    HurriedBoard,
    HurriedLoop,
    golden,
    until,
    untraced,
)

pytestmark = pytest.mark.slow
FIRMWARE: Final = str(Path(Journal.__init__.__code__.co_filename).parents[1])
EVERY: Final = 101
"""Of the lines that a day runs through so many are passed over: all take twenty minutes."""
SECOND: Final = f"{TERMINAL}-00002"
BEGIN, END = b"\x1b@\x1c.", b"\x1dV"
KINDS: Final = (b"NOT CONFIRMED", b"NOTICE", b"NOT TAKEN", b"CONFIRMED")
CATALOGUE: Final = (
    '{"format":1,"products":['
    '{"base_unit":"PCS","gtins":[],"name":"Tea","pack_sizes":{"CASE":12},"sku":"TEA"},'
    '{"base_unit":"PCS","gtins":[],"name":"Rice","pack_sizes":{},"sku":"RICE"}]}'
)


@dataclass
class Day:
    """What a shop does, and what is seen of it from outside."""

    folder: Path
    starts: int = 0
    stored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "part").write_text(CATALOGUE)
        list(build_products(f"{self.folder}/part", f"{self.folder}/products"))
        wanted = golden("config")["data"]
        names = {kind: wanted[kind]["hash"] for kind in ("catalogue", "pack")}
        write_whole(f"{self.folder}/snapshots", str(names).replace("'", '"').encode())
        self.hub = Hub(str(self.folder))
        self.hub.post(golden("config"))

    async def run(self) -> None:
        """Live through it; a board that ends is switched on again."""
        self.board = HurriedBoard(str(self.folder), self.hub)
        running = asyncio.create_task(self.keep_running())
        await until(lambda: "link online" in self.board.said, within_s=60)
        for codes in (("TEA", "RICE"), ("RICE",), ("TEA", "OW-QTY-5"), ("TEA", "RICE")):
            for code in (*codes, "OW-SUBMIT"):
                await self.scan(code)
        await self.scan("OW-LAST")
        await until(self.is_over, within_s=300)
        await asyncio.sleep(5)
        running.cancel()

    async def keep_running(self) -> None:
        """Start the board again wherever its program ends."""
        while True:
            self.starts += 1
            try:
                await Terminal(self.board, Settings(SETTINGS)).run()
            except MemoryError:
                await asyncio.sleep(1)

    async def scan(self, code: str) -> None:
        """Scan a code, and wait for the tone that follows."""
        before, starts = len(self.board.said), self.starts

        def is_told() -> bool:
            tones = [one.split(" ")[0] for one in self.board.said[before:]]
            return self.starts > starts or any(one in ("ok", "done", "error") for one in tones)

        self.board.scan(code)
        await until(is_told, within_s=10)
        self.stored += re.findall(r"done stored (\S+)", "\n".join(self.board.said[before:]))

    def is_over(self) -> bool:
        """Tell whether the board has nothing more to send and to print."""
        with untraced():
            journal = Journal(str(self.folder))
            return not list(journal.waiting()) and not journal.count_slips()


SETTINGS: Final = {"id": TERMINAL, "password": "x", "host": "h"}


Place = tuple[str, int]
"""A module of the firmware and a line of it."""


class FullHeap:
    """Counts how often each line of the firmware is run; at one of them memory is short, once."""

    def __init__(self, place: Place | None = None, time: int = 0) -> None:
        self.runs: Counter[Place] = Counter()
        self._place = place
        self._time = time

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        """Trace as `sys.settrace` wants it."""
        del argument
        name = frame.f_code.co_filename
        if not name.startswith(FIRMWARE):
            return None
        if event == "line":
            place = (name.removeprefix(FIRMWARE), frame.f_lineno)
            self.runs[place] += 1
            if place == self._place and self.runs[place] == self._time:
                raise MemoryError
        return self


def live(day: Day, heap: FullHeap) -> None:
    """Run a day."""
    before = sys.gettrace()

    async def traced() -> None:
        sys.settrace(heap)
        await day.run()

    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        try:
            runner.run(traced())
        finally:
            sys.settrace(before)


def faults(runs: Counter[Place]) -> Iterator[tuple[Place, int]]:
    """Give each line with the first, one in the middle and the last time that it is run."""
    for place, most in sorted(runs.items()):
        for time in sorted({1, most // 2 + 1, most}):
            yield place, time


def assert_all_came_to_an_end(day: Day, where: object) -> None:
    hub, journal = day.hub, Journal(str(day.folder))
    assert hub.faults == [], where
    assert list(journal.waiting()) == [], where
    assert journal.count_slips() == 0, where
    assert len(day.stored) >= 3, (where, day.board.said)
    # What the person was told is stored is there, if under another number.
    numbers = [number for number, _ in hub.orders.values()]
    moved = {SECOND: hub.orders[hub.seen[1]][0]}
    assert {moved.get(one, one) for one in day.stored} <= set(numbers), where
    # No slip is on paper twice, and of one that is not, it is known that nobody knows.
    assert [slip for slip, count in whole_slips(day.board.paper).items() if count > 1] == [], where
    for stored in journal.orders:
        assert stored.slip is not None, where
        assert stored.slip.state in ("printed", "unknown"), where


def whole_slips(paper: bytes) -> Counter[tuple[str, str]]:
    """Count the slips on paper that are no copies, by what they are and their order's number."""
    found: Counter[tuple[str, str]] = Counter()
    for slip in paper.split(BEGIN)[1:]:
        words = [word for word in KINDS if word in slip]
        numbers = re.findall(rb"anand-stores-\d{5}", slip)
        if words and numbers and END in slip and b"LAST ORDERS" not in slip:
            found[words[0].decode(), numbers[0].decode()] += 1
    return found


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # what was not even begun
def test_a_day_comes_to_its_end_wherever_the_heap_is_full(tmp_path: Path) -> None:
    whole = Day(tmp_path / "whole")
    live(whole, heap := FullHeap())
    assert_all_came_to_an_end(whole, "nowhere")
    assert len(whole.stored) == 4
    assert len(whole_slips(whole.board.paper)) == 5

    tried = list(faults(heap.runs))[::EVERY]
    for count, (place, time) in enumerate(tried):
        day = Day(tmp_path / str(count))
        live(day, FullHeap(place, time))
        assert_all_came_to_an_end(day, (place, time))
    assert len(tried) > 40
