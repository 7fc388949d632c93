"""The same rules at another place: under another number, or after another pack."""

import json
from typing import Final

import msgspec

_write: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def renumbered(packed: bytes, version: int) -> bytes:
    """Write a packed pack again with another version number; all else stays as it is."""
    return _write({**json.loads(packed), "version": version}).encode()


def following(packed: bytes, previous: str | None) -> bytes:
    """Write a packed pack again with the hash of the pack before it; None is for the first.

    Packs that are equal after no pack are equal in all but their place. What stands in the pack is
    not read: a price list of a million rates goes from bytes to bytes.
    """
    parts = msgspec.json.decode(packed, type=dict[str, msgspec.Raw])
    parts.pop("previous", None)
    if previous is not None:
        parts["previous"] = msgspec.Raw(_write(previous).encode())
    written: list[bytes | msgspec.Raw] = []
    for name in sorted(parts):
        written += [b",", b'"%b":' % name.encode(), parts[name]]
    return b"".join([b"{", *written[1:], b"}"])
