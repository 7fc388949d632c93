"""What a stock document says of itself, as it is typed or sent: warehouse, reason, note, day."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, cast

from hub.base.fields import LONGEST_REASON, Reason
from hub.desk.parties.model import cells
from hub.desk.stock.model.lines import ROW_FIELDS, Reading, Texts, read_day, read_key
from hub.desk.stock.model.moves import REASONS, WAYS, WRITTEN_OFF, Bucket, How, ReasonWord

HEAD_FIELDS: Final = (
    *("warehouse", "to_warehouse", "how", "bucket", "supplier", "reason", "reference", "note"),
    "due",
)


@dataclass(frozen=True, slots=True)
class AskedHead:
    """A document's head; `to_warehouse` is of a transfer, and empty otherwise.

    `asked` is the digest of all that is sent under the key.
    """

    key: str
    warehouse: str
    to_warehouse: str
    reference: str
    note: str
    due: date | None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class AskedMove:
    """How stock is to be moved, and why; `bucket` is what a write-off takes from.

    `supplier` is who gets goods back, and empty of whatever stays or is written off.
    """

    how: How
    bucket: Bucket
    reason: ReasonWord
    supplier: str = ""


def read_head(texts: Texts, key: str, rows: Sequence[Texts] = ()) -> tuple[AskedHead, list[Reason]]:
    """Read the head of a document, and tell all that is wrong with it, each with its field."""
    faults: list[Reason] = []
    read = Reading({**texts, "key": key}, faults)
    head = AskedHead(
        read.cell("key", read_key, ""),
        read.cell("warehouse", cells.read_code, ""),
        texts.get("to_warehouse", "").strip(),
        read.cell("reference", cells.read_text, ""),
        read.cell("note", partial(cells.read_text, most=LONGEST_REASON), ""),
        read.cell("due", read_day, None),
        _digest_of(texts, rows),
    )
    return head, faults


def _digest_of(head: Texts, rows: Sequence[Texts]) -> str:
    """Give the SHA-256 of what a document says: under one key only ever the same.

    Blank cells and the order of fields do not count.
    """
    said = {name: text for name in HEAD_FIELDS if (text := head.get(name, "").strip())}
    if category := head.get("category", "").strip():
        said["category"] = category
    lines = [
        {name: text for name in ROW_FIELDS if (text := row.get(name, "").strip())} for row in rows
    ]
    written = json.dumps([said, lines], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def read_move(texts: Texts) -> tuple[AskedMove, list[Reason]]:
    """Read how stock is to be moved and why; a reason that is none of those wants a note."""
    faults: list[Reason] = []
    read = Reading(texts, faults)
    how = read.cell("how", partial(cells.read_choice, choices=tuple(WAYS)), "found")
    usual = "damaged" if how == "to_supplier" else "good"
    bucket = texts.get("bucket", "").strip() or usual
    if bucket not in WRITTEN_OFF:
        params = {"value": bucket, "choices": list(WRITTEN_OFF)}
        faults.append(Reason("cell_not_choice", params, "bucket"))
    supplier = read.cell("supplier", cells.read_text, "") if how == "to_supplier" else ""
    if how == "to_supplier" and not supplier:
        faults.append(Reason("stock_supplier_missing", {}, "supplier"))
    if not texts.get("reason", "").strip():
        faults.append(Reason("stock_reason_missing", {}, "reason"))
        return AskedMove(cast("How", how), "good", "other"), faults
    reason = read.cell("reason", partial(cells.read_choice, choices=REASONS), "other")
    if reason == "other" and not texts.get("note", "").strip():
        faults.append(Reason("stock_note_missing", {}, "note"))
    asked = AskedMove(
        cast("How", how), cast("Bucket", bucket), cast("ReasonWord", reason), supplier
    )
    return asked, faults
