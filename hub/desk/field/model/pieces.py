"""Long lists cut into pieces, each named by its content: a phone is sent those that it lacks."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final
from zlib import crc32

import msgspec

MARK_LENGTH: Final = 8
"""Characters of a mark. A phone holds some fifty: that another piece has one of these marks, and is
taken for one that is held, happens once in 5,000,000,000,000 changes."""
_ROWS_OF_TWO: Final = 16
"""So many rows are worth a second piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a list, written as JSON, and the mark that names just this content."""

    mark: str
    body: bytes


def cut(name: str, rows: Sequence[tuple[str, object]]) -> Sequence[Piece]:
    """Cut the rows of a list, each with its key, into pieces.

    A row is always in the piece that its key says, so that one that is otherwise leaves the others
    as they are: of 5,000 products in 32 pieces, a new name sends one piece, 160 rows. Rows keep
    their order within a piece. A list of no rows has no piece.
    """
    count = _count_pieces(len(rows))
    bins: list[list[object]] = [[] for _ in range(count)]
    for key, row in rows:
        bins[crc32(key.encode()) % count].append(row)
    return [_name(name, one) for one in bins if one]


def whole(name: str, rows: Sequence[object]) -> Sequence[Piece]:
    """Give a list whose order counts as one piece."""
    return [_name(name, rows)] if rows else []


def marks_in(held: str) -> frozenset[str]:
    """Read the marks that a phone says that it holds, one behind the other."""
    return frozenset(held[at : at + MARK_LENGTH] for at in range(0, len(held), MARK_LENGTH))


def _count_pieces(rows: int) -> int:
    """Give about half the root of a count: 4 for 100 rows, and 32 for 5,000.

    With more pieces there are more marks to send each minute, with fewer more rows each change. It
    is a power of two, so that some rows more or less are cut the same way.
    """
    return 1 if rows < _ROWS_OF_TWO else 1 << (isqrt(rows) // 2).bit_length() - 1


def _name(name: str, rows: Sequence[object]) -> Piece:
    body = msgspec.json.encode(rows)
    digest = hashlib.sha256(b"%s:%s" % (name.encode(), body)).digest()
    return Piece(urlsafe_b64encode(digest)[:MARK_LENGTH].decode(), body)
