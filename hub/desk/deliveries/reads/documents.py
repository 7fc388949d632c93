"""Delivery notes as JSON documents, for programs and the command line."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from hub.desk.deliveries.reads.notes import NoteLineRow, NoteRow
from hub.desk.deliveries.reads.proof import Proof


def write_note(
    note: NoteRow, lines: Sequence[NoteLineRow] | None = None, proof: Proof | None = None
) -> dict[str, Any]:
    """Write a note, with its lines and what proves it where they are given.

    Days are ISO dates, moments Unix ms; a signature is the strokes of a pad of 1,000 by 300.
    """
    written: dict[str, Any] = msgspec.to_builtins(asdict(note))
    del written["seller"]
    if lines is not None:
        written["lines"] = [msgspec.to_builtins(asdict(one)) for one in lines]
    if proof is not None:
        written["signature"] = proof.signature
        written["photos"] = [asdict(one) for one in proof.photos]
    return written
