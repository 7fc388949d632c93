"""A file of orders decided with two packs, by as many processes as there are cores."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

from rules.engine.packs import load_pack
from rules.engine.tables import CompiledPack
from rules.tools.replay.changes import Comparison
from rules.tools.replay.comparing import Tally, tally
from rules.tools.replay.questions import Lines, lines_of, questions
from rules.tools.replay.touching import Touched
from rules.tools.schema.reading import DocumentError

# Enough that handing a part over costs nothing beside deciding it, and every core gets some.
_PART: Final = 100


@dataclass(frozen=True, slots=True)
class _Packs:
    """Both packs, and which orders their differences can touch."""

    before: CompiledPack
    after: CompiledPack
    touched: Touched

    @classmethod
    def of(cls, before: bytes, after: bytes) -> "_Packs":
        packs = load_pack(before), load_pack(after)
        touched = Touched(json.loads(before), json.loads(after)).giving(*packs)
        return cls(*packs, touched)

    def tally(self, lines: Lines) -> tuple[Tally, list[str]]:
        """Decide the orders of some lines; of those with faults there is no tally."""
        try:
            asked = questions(lines)
        except DocumentError as error:
            return Tally(self.after.scale), list(error.faults)
        return tally(self.before, self.after, asked, touched=self.touched), []


def compare_file(before: bytes, after: bytes, text: str, *, jobs: int | None = None) -> Comparison:
    """Decide every order of a file with two packed packs; the answer is the same by any `jobs`.

    Without `jobs`, as many processes decide as there are cores for them.

    Raises:
        DocumentError: with every fault of the file, each with the number of its line.
    """
    lines = lines_of(text)
    packs = _Packs.of(before, after)
    jobs = min(jobs or os.cpu_count() or 1, -(-len(lines.orders) // _PART))
    sums, faults = Tally(packs.after.scale), list[str]()
    alone = jobs <= 1
    tallies = _alone(packs, lines) if alone else _together(packs, lines, (before, after), jobs=jobs)
    for part, found in tallies:
        sums.join(part)
        faults += found
    if faults:
        raise DocumentError(faults)
    return sums.comparison(packs.before, packs.after)


def _alone(packs: _Packs, lines: Lines) -> Iterator[tuple[Tally, list[str]]]:
    yield packs.tally(lines)


def _together(
    packs: _Packs, lines: Lines, packed: tuple[bytes, bytes], *, jobs: int
) -> Iterator[tuple[Tally, list[str]]]:
    """Hand the lines out by parts; where processes are forked, they have the packs already."""
    starts = range(0, len(lines.orders), _PART)
    _HERE["given"] = packs, lines
    try:
        with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(packed, lines)) as pool:
            yield from pool.map(_part, starts)
    finally:
        _HERE.clear()


_HERE: dict[str, tuple[_Packs, Lines]] = {}
"""What a process decides with: it decides many parts of one file."""


def _begin(packed: tuple[bytes, bytes], lines: Lines) -> None:
    if not _HERE:
        _HERE["given"] = _Packs.of(*packed), lines


def _part(start: int) -> tuple[Tally, list[str]]:
    packs, lines = _HERE["given"]
    return packs.tally(lines.part(start, start + _PART))
