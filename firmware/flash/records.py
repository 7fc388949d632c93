"""A file of records that is only appended to: each says its length and its checksum.

Every append is one write that is flushed. What a power cut left half written is seen when the file
is opened, and stepped over; so is a record that the flash has damaged.
"""

import binascii
import os
import struct

_HEAD = "<BBHI"
_HEAD_SIZE = 8
_MAGIC = 0xA5
_CHUNK = 256
_NOT_THERE = 2
MAX_RECORD = 0xFFFF


class RecordFile:
    """The records of one file. `damaged` counts the bytes in it that are no records.

    `written` counts the bytes appended since it was opened.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.damaged = 0
        self.written = 0
        self._size = 0

    @property
    def size(self) -> int:
        """Give the file's length in bytes."""
        return self._size

    def scan(self) -> "Iterator[tuple[str, int, int]]":
        """Give kind, place and length of every whole record; what is damaged is stepped over.

        Raises OSError where the file is there and cannot be read: that is not an empty one.
        """
        self.damaged = 0
        try:
            stream = open(self.path, "rb")
        except OSError as error:
            if error.errno != _NOT_THERE:
                raise
            self._size = 0
            return
        with stream:
            stream.seek(0, 2)
            self._size = stream.tell()
            at = 0
            while at < self._size:
                found = _record_at(stream, at)
                if found is None:
                    self.damaged += 1
                    at = _next_magic(stream, at + 1, self._size)
                    continue
                kind, length = found
                yield kind, at + _HEAD_SIZE, length
                at += _HEAD_SIZE + length

    def append(self, kind: str, *parts: "Part") -> int:
        """Write a record so that it outlives a power cut; gives its place. Raises OSError.

        After an OSError the record may or may not be there: the file must be scanned again.
        """
        length = sum([len(part) for part in parts])
        if length > MAX_RECORD:
            raise ValueError("a record of %d bytes" % length)
        with open(self.path, "ab") as stream:
            stream.write(_head(kind, parts))
            for part in parts:  # not put together first: an answer would be in memory twice
                for piece in _pieces(part):
                    stream.write(piece)
            stream.flush()
        at = self._size + _HEAD_SIZE
        self._size = at + length
        self.written += _HEAD_SIZE + length
        return at

    def read(self, at: int, length: int) -> bytes:
        """Read the payload of a record, or a part of it."""
        with open(self.path, "rb") as stream:
            stream.seek(at)
            return stream.read(length)

    def length_at(self, at: int) -> int:
        """Tell the length of the payload at a place."""
        with open(self.path, "rb") as stream:
            stream.seek(at - _HEAD_SIZE)
            return struct.unpack(_HEAD, stream.read(_HEAD_SIZE))[2]

    def head(self, at: int, length: int) -> bytes:
        """Read a payload's first line."""
        with open(self.path, "rb") as stream:
            stream.seek(at)
            line = b""
            while len(line) < length:
                chunk = stream.read(min(_CHUNK, length - len(line)))
                end = chunk.find(b"\n")
                if end >= 0:
                    return line + chunk[:end]
                line += chunk
            return line

    def begin(self) -> None:
        """Begin with no record. Raises OSError."""
        with open(self.path, "wb"):
            pass

    def replace(self, other: "RecordFile") -> None:
        """Take the place of another file, at one stroke; the other is to be scanned again."""
        os.rename(self.path, other.path)


class FileSpan:
    """Bytes of a file that are read where somebody looks at them; a few hundred are in memory."""

    def __init__(self, path: str, at: int, length: int) -> None:
        self._path = path
        self._at = at
        self._length = length
        self._window = b""
        self._begins = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: "Any") -> "Any":
        """Give one byte, or the bytes of a slice; raises OSError."""
        if isinstance(key, slice):
            end = self._length if key.stop is None else min(key.stop, self._length)
            return self._read(key.start or 0, end - (key.start or 0))
        if not 0 <= key - self._begins < len(self._window):
            if not 0 <= key < self._length:
                raise IndexError(key)
            self._window = self._read(key, min(_CHUNK, self._length - key))
            self._begins = key
        return self._window[key - self._begins]

    def _read(self, start: int, length: int) -> bytes:
        with open(self._path, "rb") as stream:
            stream.seek(self._at + start)
            return stream.read(length)


class Pieces:
    """Bytes that are made piece by piece, anew each time they are gone through: never all there.

    `make` gives the same pieces every time.
    """

    def __init__(self, make: "Callable[[], Iterator[bytes]]") -> None:
        self.make = make
        self._length = sum(len(piece) for piece in make())

    def __len__(self) -> int:
        return self._length


def write_whole(path: str, payload: bytes) -> None:
    """Write a small file anew so that either the old or the new one is there. Raises OSError."""
    draft = path + ".new"
    with open(draft, "wb") as stream:
        stream.write(_head("W", (payload,)) + payload)
        stream.flush()
    os.rename(draft, path)


def read_whole(path: str) -> "bytes | None":
    """Read what `write_whole` wrote; None where there is none or it is damaged. Raises OSError."""
    # All of them: a scan that is left half way would keep its file open.
    found = list(RecordFile(path).scan())
    if len(found) != 1 or found[0][0] != "W":
        return None
    return RecordFile(path).read(found[0][1], found[0][2])


def _head(kind: str, parts: "tuple[Part, ...]") -> bytes:
    sum_of = binascii.crc32(kind.encode())
    for part in parts:
        for piece in _pieces(part):
            sum_of = binascii.crc32(piece, sum_of)
    length = sum([len(part) for part in parts])
    return struct.pack(_HEAD, _MAGIC, ord(kind), length, sum_of & 0xFFFFFFFF)


def _pieces(part: "Part") -> "Iterator[Piece]":
    """Give what is in memory as it is, and what is in a file or still to be made bit by bit."""
    if isinstance(part, Pieces):
        yield from part.make()
    elif isinstance(part, FileSpan):
        for at in range(0, len(part), _CHUNK):
            yield part[at : at + _CHUNK]
    else:
        yield part


def _record_at(stream: "BinaryIO", at: int) -> "tuple[str, int] | None":
    stream.seek(at)
    head = stream.read(_HEAD_SIZE)
    if len(head) < _HEAD_SIZE:
        return None
    magic, letter, length, wanted = struct.unpack(_HEAD, head)
    if magic != _MAGIC or letter > 0x7F:
        return None
    found = binascii.crc32(bytes([letter]))
    left = length
    while left:
        chunk = stream.read(min(_CHUNK, left))
        if not chunk:
            return None
        found = binascii.crc32(chunk, found)
        left -= len(chunk)
    return (chr(letter), length) if found & 0xFFFFFFFF == wanted else None


def _next_magic(stream: "BinaryIO", at: int, size: int) -> int:
    """Find where a record could begin again."""
    while at < size:
        stream.seek(at)
        chunk = stream.read(_CHUNK)
        found = chunk.find(bytes([_MAGIC]))
        if found >= 0:
            return at + found
        at += len(chunk)
    return size
