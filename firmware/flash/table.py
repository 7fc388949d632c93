"""A table on flash that is only read: records found by keys, without holding it in memory.

A file of records, then an index of (hash of the key, place) in the order of the hashes, then a
foot that says where the index is. It is written beside the old one and takes its place whole.
"""

import binascii
import json
import os
import struct

_RECORD = "<HI"
_RECORD_SIZE = 6
_ENTRY = "<II"
_ENTRY_SIZE = 8
_FOOT = "<IIII"
_FOOT_SIZE = 16
_MAGIC = 0x4F57_7401
_RUN = 256


class TableWriter:
    """Writes a table; `add` records, then run `finish` to its end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._data = open(path + ".new", "wb")
        self._runs = open(path + ".runs", "wb")
        self._run: list[int] = []
        self._starts = [0]
        self._at = 0
        self.count = 0

    def add(self, keys: "list[str]", record: object) -> None:
        """Add a record that each of these keys finds; of equal keys, one finds. Raises OSError."""
        payload = json.dumps(record).encode()
        self._data.write(struct.pack(_RECORD, len(payload), _sum(payload)) + payload)
        for key in keys:
            self._run.append(_sum(key.encode()) << 32 | self._at)
            if len(self._run) == _RUN:
                self._end_run()
        self._at += _RECORD_SIZE + len(payload)
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
                self._data.write(struct.pack(_ENTRY, entry >> 32, entry & 0xFFFFFFFF))
                entries += 1
                if entries % _RUN == 0:
                    yield entries
        foot = struct.pack("<III", _MAGIC, self._at, entries)
        self._data.write(foot + struct.pack("<I", _sum(foot)))
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
        for entry in sorted(self._run):
            self._runs.write(struct.pack(_ENTRY, entry >> 32, entry & 0xFFFFFFFF))
        self._starts.append(self._starts[-1] + len(self._run) * _ENTRY_SIZE)
        self._run = []


class Table:
    """A table that was written; it is empty where there is none or it is damaged."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._index, self._count = _foot(path)

    @property
    def is_there(self) -> bool:
        """Tell whether there is a whole table."""
        return self._count >= 0

    def find(self, key: str) -> "list[Any]":
        """Give the records whose key has this key's hash, as a list: the caller looks closer."""
        wanted = _sum(key.encode())
        found = []
        if self._count <= 0:
            return found
        with open(self._path, "rb") as stream:
            at = self._first(stream, wanted)
            while at < self._count:
                hashed, place = self._entry(stream, at)
                if hashed != wanted:
                    break
                record = _read_record(stream, place)
                if record is not None:
                    found.append(record)
                at += 1
        return found

    def _first(self, stream: "BinaryIO", wanted: int) -> int:
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._entry(stream, middle)[0] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _entry(self, stream: "BinaryIO", number: int) -> "tuple[int, int]":
        stream.seek(self._index + number * _ENTRY_SIZE)
        return struct.unpack(_ENTRY, stream.read(_ENTRY_SIZE))


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    try:
        os.remove(path)
    except OSError:
        return


def _foot(path: str) -> "tuple[int, int]":
    try:
        stream = open(path, "rb")
    except OSError:
        return 0, -1
    with stream:
        size = stream.seek(0, 2)
        if size < _FOOT_SIZE:
            return 0, -1
        stream.seek(size - _FOOT_SIZE)
        foot = stream.read(_FOOT_SIZE)
    magic, index, count, wanted = struct.unpack(_FOOT, foot)
    whole = magic == _MAGIC and wanted == _sum(foot[:12])
    whole = whole and index + count * _ENTRY_SIZE + _FOOT_SIZE == size
    return (index, count) if whole else (0, -1)


def _read_record(stream: "BinaryIO", place: int) -> object:
    stream.seek(place)
    length, wanted = struct.unpack(_RECORD, stream.read(_RECORD_SIZE))
    payload = stream.read(length)
    return json.loads(payload) if _sum(payload) == wanted else None


def _merged(runs: "BinaryIO", starts: "list[int]") -> "Iterator[int]":
    """Give the entries of sorted runs in order; only the first of each is in memory."""
    places = starts[:-1]
    heads = [_entry_at(runs, place) for place in places]
    while heads:
        least = min(heads)
        at = heads.index(least)
        yield least
        places[at] += _ENTRY_SIZE
        end = next(start for start in starts if start >= places[at])
        if places[at] == end:
            del heads[at], places[at]
        else:
            heads[at] = _entry_at(runs, places[at])


def _entry_at(stream: "BinaryIO", place: int) -> int:
    stream.seek(place)
    hashed, at = struct.unpack(_ENTRY, stream.read(_ENTRY_SIZE))
    return hashed << 32 | at


def _sum(content: bytes) -> int:
    return binascii.crc32(content) & 0xFFFFFFFF
