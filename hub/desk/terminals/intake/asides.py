"""What is kept after the orders: remarks of terminals and refusals, gathered for one commit."""

from dataclasses import replace
from typing import Final, NamedTuple

from broker.contract import Log
from hub.desk.terminals.intake.receipts import Receipt
from hub.desk.terminals.model import RefusedMessage

KEPT_EACH: Final = 2
"""How many refusals of one terminal for one reason are kept by themselves, at one time."""


class Gathered(NamedTuple):
    """What is to be kept, and the messages that are dealt with then."""

    logs: list[Log]
    refusals: list[RefusedMessage]
    receipts: list[Receipt]


class Asides:
    """Gathers remarks and refusals until they are taken.

    Of a terminal that is refused again and again for one reason only the first two are kept by
    themselves; the second stands for all that follow: of 20,000 two are kept, and 20,000 counted.
    """

    def __init__(self) -> None:
        self._logs: list[Log] = []
        self._refusals: dict[tuple[str, str], list[RefusedMessage]] = {}
        self._receipts: list[Receipt] = []

    def put(self, aside: Log | RefusedMessage, receipt: Receipt | None = None) -> None:
        """Gather one, with the receipt of the message where there is one message."""
        if receipt is not None:
            self._receipts.append(receipt)
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
        taken = Gathered(self._logs, refusals, self._receipts)
        self._logs, self._refusals, self._receipts = [], {}, []
        return taken

    def __len__(self) -> int:
        return len(self._logs) + len(self._refusals)
