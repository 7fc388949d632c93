"""What happened to an order, from scan to slip, joined from every place that saw a part of it."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Step = Literal["scan", "outbox", "line", "rules", "answer", "slip", "fault"]
"""Where an order is: scanned, stored, on the line, decided, answered, printed; or what struck."""

KEPT: Final = 300
_FIELD: Final = re.compile(rb'"(type|term|order|status|number)":"([^"]{1,64})"')
_AT: Final = re.compile(rb'"at":(\d{10,15})')
_PUBLISH: Final = 0x30
_MOST: Final = 40
_ORDERS: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, at Unix ms; `since_ms` after the one before of the same order."""

    at_ms: int
    step: Step
    text: str
    order: str = ""
    number: str = ""
    since_ms: int | None = None


class Timeline:
    """Everything that was seen around one terminal, newest last; an order is joined by its id."""

    def __init__(self, terminal: str) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._terminal = terminal.encode()
        self._last_ms: dict[str, int] = {}
        self._numbers: dict[str, str] = {}
        self._open_scan_ms: int | None = None

    def scanned(self, code: str, at_ms: int) -> list[Entry]:
        """Note a code that was scanned; an order begins with its first one."""
        if self._open_scan_ms is None:
            self._open_scan_ms = at_ms
        return [self._add(Entry(at_ms, "scan", code))]

    def struck(self, text: str, at_ms: int) -> list[Entry]:
        """Note what was broken or put right."""
        return [self._add(Entry(at_ms, "fault", text))]

    def passed(self, packet: bytes, at_ms: int) -> list[Entry]:
        """Note an MQTT packet on the line, if it carries an order of this terminal or an answer."""
        start = packet.find(b'{"') if packet and packet[0] & 0xF0 == _PUBLISH else -1
        if start < 0:
            return []
        said: dict[str, str] = {}
        for name, value in _FIELD.findall(packet[start:]):
            said.setdefault(name.decode(), value.decode("utf-8", "replace"))
        made = _AT.search(packet[start:])
        order = said.get("order", "")
        if not order or said.get("term", "").encode() != self._terminal or made is None:
            return []
        if said.get("type") == "order":
            return self._sent(order, said, made_ms=int(made[1]), at_ms=at_ms)
        if said.get("type") in {"answer", "notice"}:
            return self._answered(order, said, made_ms=int(made[1]), at_ms=at_ms)
        return []

    def printed(self, order: str, heading: str, at_ms: int) -> list[Entry]:
        """Note a slip that was cut."""
        return [self._of_order("slip", order, heading, at_ms=at_ms)]

    def documents(self) -> Sequence[Mapping[str, Any]]:
        """Write all entries, oldest first: an order tells with its passing when it was stored."""
        return [asdict(entry) for entry in sorted(self.entries, key=lambda entry: entry.at_ms)]

    def _sent(
        self, order: str, said: Mapping[str, str], *, made_ms: int, at_ms: int
    ) -> list[Entry]:
        again = order in self._numbers
        self._numbers[order] = said.get("number", "")
        if again:
            return [self._of_order("line", order, "the order again", at_ms=at_ms)]
        if self._open_scan_ms is not None and order not in self._last_ms:
            self._last_ms[order], self._open_scan_ms = self._open_scan_ms, None
        return [
            self._of_order("outbox", order, "stored, in the outbox", at_ms=min(made_ms, at_ms)),
            self._of_order("line", order, "the order", at_ms=at_ms),
        ]

    def _answered(
        self, order: str, said: Mapping[str, str], *, made_ms: int, at_ms: int
    ) -> list[Entry]:
        status = said.get("status", "")
        return [
            self._of_order("rules", order, f"decided: {status}", at_ms=min(made_ms, at_ms)),
            self._of_order("answer", order, f"{said['type']}: {status}", at_ms=at_ms),
        ]

    def _of_order(self, step: Step, order: str, text: str, *, at_ms: int) -> Entry:
        before = self._last_ms.get(order)
        since_ms = None if before is None else max(at_ms - before, 0)
        if len(self._last_ms) > _ORDERS:
            oldest = next(iter(self._last_ms))
            self._last_ms.pop(oldest)
            self._numbers.pop(oldest, None)
        self._last_ms[order] = at_ms
        number = self._numbers.get(order, "")
        return self._add(Entry(at_ms, step, text[:_MOST], order, number, since_ms))

    def _add(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry
