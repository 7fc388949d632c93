"""What a terminal tells of itself when the hub asks: one text, compressed, in pieces.

A piece is small, so that an order that waits behind it does not wait long.
"""

import zlib
from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta, Struct

from broker.contract.envelope import Envelope, Uuid

PIECE_BYTES: Final = 8 * 1024
"""The most that one piece has, before it is base64 in JSON."""
MAX_PIECES: Final = 8
MAX_DIAGNOSIS_BYTES: Final = PIECE_BYTES * MAX_PIECES
"""The most that a diagnosis has when it is compressed."""
MAX_DIAGNOSIS_TEXT: Final = 1024 * 1024
"""The most that it unpacks to."""

_Place = Annotated[int, Meta(ge=1, le=MAX_PIECES)]


class DiagnosisData(Struct, frozen=True, kw_only=True):
    """Piece `part` of `parts` of the diagnosis that the hub `asked` for by this id.

    All pieces in turn are one JSON object, compressed with zlib.
    """

    asked: Uuid
    part: _Place
    parts: _Place
    content: Annotated[bytes, Meta(max_length=PIECE_BYTES)]


class Diagnosis(Envelope, tag="diagnosis", frozen=True, kw_only=True):
    """A piece of what a terminal tells of itself; the hub asks again until it has all of them."""

    data: DiagnosisData


def in_pieces(packed: bytes) -> list[bytes]:
    """Cut a compressed diagnosis into pieces; raises ValueError for one that is too large."""
    if len(packed) > MAX_DIAGNOSIS_BYTES:
        raise ValueError(f"{len(packed)} bytes: a diagnosis has {MAX_DIAGNOSIS_BYTES} at most")
    return [packed[at : at + PIECE_BYTES] for at in range(0, len(packed), PIECE_BYTES)]


def text_of(pieces: Sequence[bytes]) -> str:
    """Put pieces together again; raises ValueError for what is no diagnosis."""
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(b"".join(pieces), MAX_DIAGNOSIS_TEXT)
    except zlib.error as error:
        raise ValueError(f"the pieces cannot be unpacked: {error}") from error
    if not stream.eof:
        raise ValueError(f"it is cut, or unpacks to more than {MAX_DIAGNOSIS_TEXT} bytes")
    return found.decode()
