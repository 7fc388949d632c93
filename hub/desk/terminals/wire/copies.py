"""Two machines that run under one id: known by starts that speak in turn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.desk.terminals.model import Presence
from hub.desk.terminals.wire.statuses import Heard, start_of

_RETURNS: Final = 3
_FORGOTTEN_MS: Final = 600_000
_MOST_STARTS: Final = 8


@dataclass(slots=True)
class Starts:
    """The starts of one id, in the order in which they were first heard.

    A machine never goes back to a start that it ended. One message that a broker brings late is
    followed by the machine that is there, which makes two returns: the third, within ten minutes,
    is of two machines that throw each other off the broker.
    """

    heard: list[str]
    now: str
    returns: int = 0
    returned_at: int = 0

    def follow(self, start: str, mono_ms: int) -> str | None:
        """Take the next word; gives the later of two starts that are told apart by it."""
        if start == self.now:
            return None
        before, self.now = self.now, start
        if start not in self.heard:
            self.heard = [*self.heard[-_MOST_STARTS + 1 :], start]
            return None
        if mono_ms - self.returned_at > _FORGOTTEN_MS:
            self.returns = 0
        self.returns, self.returned_at = self.returns + 1, mono_ms
        if self.returns < _RETURNS or before not in self.heard:
            return None
        later = max(start, before, key=self.heard.index)
        self.heard.remove(later)
        self.now = before if later == start else start
        self.returns = 0
        return later


class Found(NamedTuple):
    """What births tell of cards: starts that are of a second machine, and of an older card."""

    copies: Mapping[str, str]
    older: frozenset[str]


@dataclass(slots=True)
class Watch:
    """Follows the starts of all terminals, as this hub hears them."""

    _starts: dict[str, Starts] = field(default_factory=dict)

    def find(
        self,
        heard: Sequence[Heard],
        before: Mapping[str, Presence],
        *,
        halted: Mapping[str, Collection[str]],
        mono_ms: int,
    ) -> Found:
        """Tell by terminal which start has to halt; what the broker kept says nothing of it."""
        copies: dict[str, str] = {}
        older: set[str] = set()
        for one in heard:
            status, name = one.status, one.status.term
            if one.retained or status.data.state != "online":
                continue
            start, last = start_of(status), before.get(name)
            if start in halted.get(name, ()):
                continue
            if status.data.halted:
                copies[name] = start  # by a hub that has forgotten it
                continue
            starts = self._starts.get(name)
            if starts is None or last is None:  # never heard, or added again
                first = (last.start if last else None) or start
                starts = self._starts[name] = Starts([first], first)
            if start not in starts.heard and last is not None and _is_older(one, last):
                older.add(name)
            later = starts.follow(start, mono_ms)
            if later is not None:
                copies[name] = later
        return Found(copies, frozenset(older))


def _is_older(heard: Heard, last: Presence) -> bool:
    """Say whether a start is of the same card as the last one, and counts as few boots or fewer."""
    card = heard.status.data.card
    return card is not None and card == last.card and heard.status.boot <= last.boot
