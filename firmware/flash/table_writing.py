"""Writes a table for `table` to read: records, then the index of their keys, sorted on flash."""

import json
import os
import struct
from array import array

from firmware.flash.table import ENTRY, ENTRY_SIZE, MAGIC, RECORD, RECORD_SIZE, remove, sum_of

_RUN = 256


class TableWriter:
    """Writes a table; `add` records, then run `finish` to its end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._data = open(path + ".new", "wb")
        self._runs = open(path + ".runs", "wb")
        self._run = array("Q")
        self._starts = [0]
        self._at = 0
        self.count = 0

    def add(self, keys: "list[str]", record: object) -> None:
        """Add a record that each of these keys finds; of equal keys, one finds. Raises OSError."""
        payload = json.dumps(record).encode()
        self._data.write(struct.pack(RECORD, len(payload), sum_of(payload)) + payload)
        for key in keys:
            self._run.append(sum_of(key.encode()) << 32 | self._at)
            if len(self._run) == _RUN:
                self._end_run()
        self._at += RECORD_SIZE + len(payload)
        self.count += 1

    def finish(self) -> "Iterator[int]":
        """Sort the index and put the table in its place; yields now and then, as it may take long.

        Until it ends the old table is there.
        """
        self._end_run()
        self._runs.close()
        entries = 0
        with open(self._path + ".runs", "rb") as runs:
            for entry in _merged(runs, self._starts):
                self._data.write(struct.pack(ENTRY, entry >> 32, entry & 0xFFFFFFFF))
                entries += 1
                if entries % _RUN == 0:
                    yield entries
        foot = struct.pack("<III", MAGIC, self._at, entries)
        self._data.write(foot + struct.pack("<I", sum_of(foot)))
        self._data.close()
        os.remove(self._path + ".runs")
        os.rename(self._path + ".new", self._path)

    def give_up(self) -> None:
        """Leave nothing behind."""
        for stream, name in ((self._data, ".new"), (self._runs, ".runs")):
            stream.close()
            remove(self._path + name)

    def _end_run(self) -> None:
        if not self._run:
            return
        _sort(self._run)
        for entry in self._run:
            self._runs.write(struct.pack(ENTRY, entry >> 32, entry & 0xFFFFFFFF))
        self._starts.append(self._starts[-1] + len(self._run) * ENTRY_SIZE)
        self._run = array("Q")


def _sort(entries: "array[int]") -> None:
    """Sort in place (Shell's way): a list of so large numbers would take six times the memory."""
    gap = len(entries) // 2
    while gap:
        for begin in range(gap, len(entries)):
            at, entry = begin, entries[begin]
            while at >= gap and entries[at - gap] > entry:
                entries[at] = entries[at - gap]
                at -= gap
            entries[at] = entry
        gap //= 2


def _merged(runs: "BinaryIO", starts: "list[int]") -> "Iterator[int]":
    """Give the entries of sorted runs in order; only the first of each is in memory."""
    places = starts[:-1]
    heads = [_entry_at(runs, place) for place in places]
    while heads:
        least = min(heads)
        at = heads.index(least)
        yield least
        places[at] += ENTRY_SIZE
        end = next(start for start in starts if start >= places[at])
        if places[at] == end:
            del heads[at], places[at]
        else:
            heads[at] = _entry_at(runs, places[at])


def _entry_at(stream: "BinaryIO", place: int) -> int:
    stream.seek(place)
    hashed, at = struct.unpack(ENTRY, stream.read(ENTRY_SIZE))
    return hashed << 32 | at
