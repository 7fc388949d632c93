"""What is kept after the orders: remarks of terminals and refusals, gathered for one commit."""

from dataclasses import replace
from typing import Final, NamedTuple

from broker.contract import Log
from hub.desk.terminals.model import RefusedMessage

KEPT_EACH: Final = 5
"""How many refusals of one terminal for one reason are kept by themselves, at one time."""


class Gathered(NamedTuple):
    """What is to be kept."""

    logs: list[Log]
    refusals: list[RefusedMessage]


class Asides:
    """Gathers remarks and refusals until they are taken.

    What is gathered is acknowledged already: were it not, the orders behind it could not be either
    for half a second, and the broker would send no more. A kill loses remarks at most.

    Of a terminal that is refused again and again for one reason only the first five are kept by
    themselves; the fifth stands for all that follow: of 20,000 five are kept, and 20,000 counted.
    """

    def __init__(self) -> None:
        self._logs: list[Log] = []
        self._refusals: dict[tuple[str, str], list[RefusedMessage]] = {}

    def put(self, aside: Log | RefusedMessage) -> None:
        """Gather one."""
        if isinstance(aside, Log):
            self._logs.append(aside)
            return
        alike = self._refusals.setdefault((aside.terminal, aside.code), [])
        if len(alike) < KEPT_EACH:
            alike.append(aside)
        else:
            alike[-1] = replace(alike[-1], times=alike[-1].times + aside.times)

    def take(self) -> Gathered:
        """Take all that was gathered."""
        refusals = [one for alike in self._refusals.values() for one in alike]
        taken = Gathered(self._logs, refusals)
        self._logs, self._refusals = [], {}
        return taken

    def __len__(self) -> int:
        return len(self._logs) + len(self._refusals)
