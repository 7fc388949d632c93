"""What people say of a note's end, as it is typed or sent: read whole, every fault told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from hub.base.fields import Reason
from hub.desk.deliveries.model.life import OUTCOMES, Outcome
from hub.desk.deliveries.model.outcome import LINE_REASONS, LineOutcome, LineReason
from hub.desk.deliveries.model.signature import read_signature
from hub.desk.parties.model import cells
from hub.desk.parties.model.cells import CellError

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AskedOutcome:
    """What became of a note, as somebody says; lines that nobody names were delivered.

    With no `outcome` the lines say it. `word` is what the receiver said to the driver, empty where
    nobody asked; `redeliver` is the day on which a closed shop is tried again. `signature` has the
    strokes of whoever is the `receiver`, empty where nobody signed. `at_ms` is when it was, in Unix
    ms, where it is told later: by a phone that had no connection.
    """

    outcome: Outcome | None = None
    lines: tuple[LineOutcome, ...] = ()
    receiver: str = ""
    word: str = ""
    redeliver: date | None = None
    note: str = ""
    signature: str = ""
    at_ms: int | None = None


def read_outcome(fields: Texts, rows: Sequence[Texts]) -> tuple[AskedOutcome, list[Reason]]:
    """Read an outcome out of texts; a row has `line`, `back`, `damaged`, `lost` and `reason`.

    The field of a fault is a name, or the line's number and the cell: `3.back`.
    """
    faults: list[Reason] = []
    outcome = fields.get("outcome", "").strip()
    if outcome and outcome not in OUTCOMES:
        params = {"value": outcome[:64], "choices": list(OUTCOMES)}
        faults.append(Reason("cell_not_choice", params, "outcome"))
    lines = tuple(line for row in rows if (line := _read_line(row, faults)))
    asked = AskedOutcome(
        outcome if outcome in OUTCOMES else None,
        lines,
        receiver=fields.get("receiver", "").strip(),
        word=cells.digits_of(fields.get("word", "").strip()),
        redeliver=_read_day(fields.get("redeliver", ""), faults),
        note=fields.get("note", "").strip(),
        signature=_read_strokes(fields.get("signature", ""), faults),
    )
    return asked, faults


def _read_line(row: Texts, faults: list[Reason]) -> LineOutcome | None:
    line = row.get("line", "").strip()
    if not any(row.get(name, "").strip() for name in ("back", "damaged", "lost")):
        return None
    counts = {}
    for name in ("back", "damaged", "lost"):
        text = row.get(name, "").strip() or "0"
        try:
            counts[name] = cells.read_count(text, least=0)
        except CellError as error:
            faults.append(error.reason._replace(field=f"{line}.{name}"))
    reason = row.get("reason", "").strip()
    if reason and reason not in LINE_REASONS:
        params = {"value": reason[:64], "choices": list(LINE_REASONS)}
        faults.append(Reason("cell_not_choice", params, f"{line}.reason"))
        return None
    number = int(line) if line.isdecimal() else 0
    return LineOutcome(number, 0, **counts, reason=cast("LineReason", reason))


def _read_strokes(text: str, faults: list[Reason]) -> str:
    if not text.strip():
        return ""
    read = read_signature(text)
    if isinstance(read, Reason):
        faults.append(read)
        return ""
    return read.text


def _read_day(text: str, faults: list[Reason]) -> date | None:
    if not text.strip():
        return None
    try:
        return cells.read_day(text)
    except CellError as error:
        faults.append(error.reason._replace(field="redeliver"))
        return None
