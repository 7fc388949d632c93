"""Steps of orders at the counter, as the log tells of them, for a collector of traces."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from broker.tracing import Span, SpanSink

_STEPS: Final = {
    "order stored": "submit",
    "order sent": "send",
    "answer stored": "answer",
    "slip %s": "slip",
}
"""What the log says, and which step of the order's way that is."""
_ORDERS: Final = 256
_NS_PER_S: Final = 1_000_000_000


class TracedLog(logging.Handler):
    """Makes a span of each line of the log that names an order: `scan`, `submit`, `send`, ...

    `submit` lasts from the first scan of the order on, every other step since the one before: the
    `answer` that came 80 ms after `send` lasts 80 ms. Of what was scanned nothing is told.
    """

    def __init__(
        self, terminal: str, spans: SpanSink, *, at_end: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._at_end = at_end
        self._terminal = terminal
        self._spans = spans
        self._times: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """When the first and the last step of an order were, the order that was seen last last."""

    def emit(self, record: logging.LogRecord) -> None:
        """Make a span of a line, if it names an order."""
        order = getattr(record, "order", None)
        if not isinstance(order, str) or not order:
            return
        at_ns = int(record.created * _NS_PER_S)
        first, last = self._times.pop(order, (at_ns, at_ns))
        self._times[order] = first, at_ns
        if len(self._times) > _ORDERS:
            self._times.popitem(last=False)
        name = _step(record)
        said: dict[str, str | int] = {"terminal": self._terminal}
        if name == "slip" and isinstance(record.args, tuple):
            said["slip"] = str(record.args[0])
        for key in ("number", "status"):
            if hasattr(record, key):
                said[key] = str(getattr(record, key))
        fault = record.getMessage() if record.levelno >= logging.WARNING else ""
        began_ns = first if name == "submit" else last
        self._spans.put(Span(order, name, began_ns, at_ns, said, fault))

    def close(self) -> None:
        """Send what is left: no line comes any more."""
        self._at_end()
        super().close()


def _step(record: logging.LogRecord) -> str:
    """Name the step that a line tells of."""
    known = _STEPS.get(str(record.msg))
    if known is None and record.name == "terminal.app.counter":
        return "scan"
    return known or "remark"


def traced_log(url: str, terminal: str) -> TracedLog | None:
    """Have the terminal's steps told to the collector at `url`; None where there is none."""
    if not url or not terminal:
        return None
    # Most terminals have no collector, and none of them should pay for an HTTP client.
    from broker.tracing.sending import TraceSender  # noqa: PLC0415

    sender = TraceSender(url, service="orderwire-terminal", instance=terminal)
    sender.start()
    return TracedLog(terminal, sender, at_end=sender.stop)
