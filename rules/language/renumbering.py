"""The same rules at another place: under another number, or after another pack."""

import json
from typing import Final

_write: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def renumbered(packed: bytes, version: int) -> bytes:
    """Write a packed pack again with another version number; all else stays as it is."""
    return _write({**json.loads(packed), "version": version}).encode()


def following(packed: bytes, previous: str | None) -> bytes:
    """Write a packed pack again with the hash of the pack before it; None is for the first.

    Packs that are equal after no pack are equal in all but their place.
    """
    document = json.loads(packed)
    document.pop("previous", None)
    return _write(document if previous is None else {**document, "previous": previous}).encode()
