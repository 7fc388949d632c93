"""Ask for what the hub has forgotten; tell one of two machines to stop."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from broker.contract import Halt, HaltData, Kept, Recall, RecallData, encode
from hub.base.ids import Ids
from hub.desk.terminals.model import Outgoing


@dataclass(slots=True)
class Recalls:
    """What this hub has asked of terminals since its start; the last question of each counts."""

    ids: Ids
    boot: int
    _last: dict[str, str] = field(default_factory=dict)

    def ask(self, terminal: str, *, after: int, now_ms: int) -> Outgoing:
        """Ask a terminal for its answered orders above a number."""
        message = Recall(
            id=self.ids(now_ms),
            term=terminal,
            boot=self.boot,
            at=now_ms,
            data=RecallData(after=after),
        )
        self._last[terminal] = message.id
        return Outgoing(terminal, "cmd", encode(message))

    def is_answered_by(self, kept: Kept) -> bool:
        """Say whether a message answers what was asked of its terminal last."""
        return kept.ref is not None and self._last.get(kept.term) == kept.ref


def halt(terminal: str, *, starts: Sequence[str], ids: Ids, boot: int, now_ms: int) -> Outgoing:
    """Tell the machines of one id which of their starts take no orders."""
    data = HaltData(starts=list(starts))
    message = Halt(id=ids(now_ms), term=terminal, boot=boot, at=now_ms, data=data)
    return Outgoing(terminal, "cmd", encode(message))
