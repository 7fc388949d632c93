"""Ask for what the hub has forgotten; tell one of two machines to stop."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from broker.contract import Halt, HaltData, Kept, Recall, RecallData, encode
from hub.base.ids import Ids
from hub.desk.terminals.model import Outgoing

_OPEN: Final = 16
"""So many questions of one terminal may be on their way; of one that never answers, the last."""


@dataclass(slots=True)
class Recalls:
    """What this hub has asked of terminals since its start, and which of it is not answered yet."""

    ids: Ids
    boot: int
    _open: dict[str, deque[str]] = field(default_factory=dict)

    def ask(self, terminal: str, *, after: int, now_ms: int) -> Outgoing:
        """Ask a terminal for its answered orders above a number."""
        message = self._question(terminal, after=after, now_ms=now_ms)
        self._open.setdefault(terminal, deque(maxlen=_OPEN)).append(message.id)
        return Outgoing(terminal, "cmd", encode(message))

    def ask_on(self, kept: Kept, *, now_ms: int) -> Outgoing:
        """Ask for what a terminal keeps above a message; counts where this hub asked for that one.

        What was on its way before a restore answers the hub of before: its beginning is not here.
        """
        after = kept.data.upto
        if self.is_answered_by(kept):
            return self.ask(kept.term, after=after, now_ms=now_ms)
        message = self._question(kept.term, after=after, now_ms=now_ms)
        return Outgoing(kept.term, "cmd", encode(message))

    def is_answered_by(self, kept: Kept) -> bool:
        """Say whether a message is the answer to something that this hub asked."""
        return kept.ref is not None and kept.ref in self._open.get(kept.term, ())

    def close(self, kept: Kept) -> None:
        """Take note that a message was dealt with: it answers its question once."""
        if kept.ref is not None and self.is_answered_by(kept):
            self._open[kept.term].remove(kept.ref)

    def _question(self, terminal: str, *, after: int, now_ms: int) -> Recall:
        return Recall(
            id=self.ids(now_ms),
            term=terminal,
            boot=self.boot,
            at=now_ms,
            data=RecallData(after=after),
        )


def halt(terminal: str, *, starts: Sequence[str], ids: Ids, boot: int, now_ms: int) -> Outgoing:
    """Tell the machines of one id which of their starts take no orders."""
    data = HaltData(starts=list(starts))
    message = Halt(id=ids(now_ms), term=terminal, boot=boot, at=now_ms, data=data)
    return Outgoing(terminal, "cmd", encode(message))
