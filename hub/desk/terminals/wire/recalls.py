"""Ask for what the hub has forgotten; tell one of two machines to stop."""

from collections.abc import Sequence

from broker.contract import Halt, HaltData, Recall, RecallData, encode
from hub.base.ids import Ids
from hub.desk.terminals.model import Outgoing


def recall(terminal: str, *, after: int, ids: Ids, boot: int, now_ms: int) -> Outgoing:
    """Ask a terminal for its answered orders above a number."""
    message = Recall(
        id=ids(now_ms), term=terminal, boot=boot, at=now_ms, data=RecallData(after=after)
    )
    return Outgoing(terminal, "cmd", encode(message))


def halt(terminal: str, *, starts: Sequence[str], ids: Ids, boot: int, now_ms: int) -> Outgoing:
    """Tell the machines of one id which of their starts take no orders."""
    data = HaltData(starts=list(starts))
    message = Halt(id=ids(now_ms), term=terminal, boot=boot, at=now_ms, data=data)
    return Outgoing(terminal, "cmd", encode(message))
