"""What came of a transfer: what was sent arrives, some of it is missing, or there is more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hub.base.fields import Reason
from hub.desk.stock.model.lines import Reading, Texts, read_units
from hub.desk.stock.model.moves import Bucket, Move, ReasonWord


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrived of one batch that was sent: `source` is where it left, `target` where it is.

    `sent` is what was on its way, `bucket` where what arrives is put: goods that are not for sale
    are set apart.
    """

    line: int
    source: int
    target: int
    sent: int
    arrived: int
    bucket: Bucket = "good"


@dataclass(frozen=True, slots=True)
class ReasonedMove:
    """A move with why the book differs, empty where all is as it was sent."""

    move: Move
    reason: ReasonWord | None = None


def read_figures(
    texts: Texts, lines: Collection[int], *, scanned: Mapping[int, int]
) -> tuple[dict[int, int], list[Reason]]:
    """Read what was typed at lines of a document, beside what was scanned of their batches.

    Blank is no figure. A line that was typed as 18 and scanned as 2 is a fault: nothing is guessed.
    """
    faults: list[Reason] = []
    read = Reading(texts, faults)
    figures = dict(scanned)
    for name, text in texts.items():
        line = int(name) if name.isdecimal() else 0
        if line not in lines:
            faults.append(Reason("stock_line_unknown", {"line": line}, name))
        elif text.strip():
            typed = read.cell(name, read_units, 0)
            if typed != scanned.get(line, typed):
                params = {"typed": typed, "scanned": scanned[line]}
                faults.append(Reason("stock_line_twice", params, name))
            figures[line] = typed
    return figures, faults


def read_arrived(
    texts: Texts, sent: Mapping[int, int], *, scanned: Mapping[int, int], rest_as_sent: bool
) -> tuple[dict[int, int], list[Reason]]:
    """Read what arrived of each line, which somebody has to say: a blank is a fault.

    With `rest_as_sent` it was said of all lines that are left blank that they arrived as sent.
    """
    arrived, faults = read_figures(texts, sent, scanned=scanned)
    for line, many in sent.items():
        if rest_as_sent or not many:
            arrived.setdefault(line, many)
        elif line not in arrived:
            faults.append(Reason("arrival_missing", {"sent": many}, str(line)))
    return arrived, faults


def moves_of(arrivals: Sequence[Arrival]) -> list[ReasonedMove]:
    """Give the moves of what arrived: of 10 sent and 8 arrived, 8 go on and 2 are lost.

    Of 10 sent and 11 arrived, 10 go on and one is found.
    """
    moves = []
    for one in arrivals:
        went = min(one.sent, one.arrived)
        moves += [
            ReasonedMove(Move(one.source, "transit", None, went)),
            ReasonedMove(Move(one.source, "transit", None, one.sent - went), "lost"),
            ReasonedMove(Move(one.target, None, one.bucket, went)),
            ReasonedMove(Move(one.target, None, one.bucket, one.arrived - went), "found"),
        ]
    return [one for one in moves if one.move.quantity]
