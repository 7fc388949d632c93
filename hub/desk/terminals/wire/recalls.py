"""Ask for what the hub has forgotten."""

from broker.contract import Recall, RecallData, encode
from hub.base.ids import Ids
from hub.desk.terminals.model import Outgoing


def recall(terminal: str, *, after: int, ids: Ids, boot: int, now_ms: int) -> Outgoing:
    """Ask a terminal for its answered orders above a number."""
    message = Recall(
        id=ids(now_ms), term=terminal, boot=boot, at=now_ms, data=RecallData(after=after)
    )
    return Outgoing(terminal, "cmd", encode(message))
