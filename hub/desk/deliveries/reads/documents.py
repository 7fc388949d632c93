"""Delivery notes as JSON documents, for programs and the command line."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow


def write_note(note: NoteRow, lines: Sequence[NoteLineRow] | None = None) -> dict[str, Any]:
    """Write a note, with its lines where they are given; days are ISO dates, moments Unix ms."""
    written: dict[str, Any] = msgspec.to_builtins(asdict(note))
    del written["seller"]
    if lines is not None:
        written["lines"] = [msgspec.to_builtins(asdict(one)) for one in lines]
    return written
