"""What came of a transfer: what was sent arrives, some of it is missing, or there is more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.fields import Reason
from hub.desk.parties.model import cells
from hub.desk.stock.model.lines import Reading, Texts
from hub.desk.stock.model.moves import Move, ReasonWord


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrived of one batch that was sent: `source` is where it left, `target` where it is."""

    line: int
    source: int
    target: int
    sent: int
    arrived: int


@dataclass(frozen=True, slots=True)
class ReasonedMove:
    """A move with why the book differs, empty where all is as it was sent."""

    move: Move
    reason: ReasonWord | None = None


def read_arrived(texts: Texts, sent: Mapping[int, int]) -> tuple[dict[int, int], list[Reason]]:
    """Read what arrived of each line; what nobody says arrived as it was sent."""
    faults: list[Reason] = []
    read = Reading(texts, faults)
    arrived = dict(sent)
    for name in texts:
        line = int(name) if name.isdecimal() else 0
        if line not in sent:
            faults.append(Reason("stock_line_unknown", {"line": line}, name))
        elif texts[name].strip():
            arrived[line] = read.cell(name, partial(cells.read_count, least=0), 0)
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
            ReasonedMove(Move(one.target, None, "good", went)),
            ReasonedMove(Move(one.target, None, "good", one.arrived - went), "found"),
        ]
    return [one for one in moves if one.move.quantity]
