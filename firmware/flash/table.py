"""A table on flash that is only read: records found by keys, without holding it in memory.

A file of records, then an index of (hash of the key, place) in the order of the hashes, then a
foot that says where the index is. It is written beside the old one and takes its place whole.
"""

import binascii
import json
import os
import struct

RECORD = "<HI"
RECORD_SIZE = 6
ENTRY = "<II"
ENTRY_SIZE = 8
_FOOT = "<IIII"
_FOOT_SIZE = 16
MAGIC = 0x4F57_7401


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
        wanted = sum_of(key.encode())
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
        stream.seek(self._index + number * ENTRY_SIZE)
        return struct.unpack(ENTRY, stream.read(ENTRY_SIZE))


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
    whole = magic == MAGIC and wanted == sum_of(foot[:12])
    whole = whole and index + count * ENTRY_SIZE + _FOOT_SIZE == size
    return (index, count) if whole else (0, -1)


def _read_record(stream: "BinaryIO", place: int) -> object:
    stream.seek(place)
    length, wanted = struct.unpack(RECORD, stream.read(RECORD_SIZE))
    payload = stream.read(length)
    return json.loads(payload) if sum_of(payload) == wanted else None


def sum_of(content: bytes) -> int:
    """Give the checksum that stands beside each record, and by which keys are found."""
    return binascii.crc32(content) & 0xFFFFFFFF
