"""When a job counts as printed: the questions behind it, and what their answers come to.

A printer answers in order, so an answer to a question behind the job proves the job. But a line
also carries what is no answer: a NUL where the printer was switched off, a notice where it was
switched on, answers to somebody else's question.
"""

from itertools import count
from typing import Final

from terminal.devices.printers.replies import Reply

_GS_R: Final = b"\x1dr\x01"
_GS_H: Final = b"\x1d(H\x06\x00\x30\x30"
_PRINTER_THEN_CAUSE: Final = b"\x10\x04\x01\x10\x04\x02"
_TWO_ANSWERS: Final = 2
_NAMES: Final = 10_000


class DoubtError(OSError):
    """What came back is no proof, and no later answer can be one: the job may be lost."""


class NamedBarrier:
    """GS ( H: the printer says the name of each question; nothing else looks like it."""

    def __init__(self, start: int) -> None:
        self._names = (f"{(start + step) % _NAMES:04d}".encode() for step in count())
        self._awaited: list[bytes] = []
        self.passed = 0
        self.awaits_realtime = False

    @property
    def is_proven(self) -> bool:
        """Tell whether every name was said: the last one says it all."""
        return not self._awaited

    def question(self) -> bytes:
        """Give the question that goes behind the next piece."""
        name = next(self._names)
        self._awaited.append(name)
        return _GS_H + name

    def check(self) -> bytes:
        """Ask nothing more once all pieces have passed."""
        return b""

    def take(self, reply: Reply) -> None:
        """Count a name that is ours, in its turn."""
        _refuse_start(reply)
        if reply.kind == "process" and self._awaited[:1] == [reply.body]:
            del self._awaited[0]
            self.passed += 1


class CountedBarrier:
    """GS r: one byte that a broken line can make as well.

    So the answers are counted, and once all have come the printer is asked whether it is there
    (DLE EOT) and once more in order. A stray answer before ours is made good by that: two questions
    that were both answered. A printer that went off does not answer; a line with noise proves
    nothing.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._answered = 0
        self._realtime = 0
        self._checking = False

    @property
    def passed(self) -> int:
        """Count the questions that were answered: the pieces before them are on paper."""
        return self._answered

    @property
    def is_proven(self) -> bool:
        """Tell whether the check was answered, too."""
        return self._checking and self._answered == self._asked

    def question(self) -> bytes:
        """Give the question that goes behind the next piece."""
        self._asked += 1
        return _GS_R

    def check(self) -> bytes:
        """Ask, once all pieces have passed, whether it is there, then once more in order."""
        if self._checking:
            return b""
        self._checking = True
        return _PRINTER_THEN_CAUSE + self.question()

    @property
    def awaits_realtime(self) -> bool:
        """Tell whether the printer has still to say that it is there."""
        return self._checking and self._realtime < _TWO_ANSWERS

    def take(self, reply: Reply) -> None:
        """Count what comes back."""
        _refuse_start(reply)
        match reply.kind:
            case "realtime" if self.awaits_realtime:
                self._realtime += 1
            case "ordered":
                if self._answered == self._asked or self.awaits_realtime:
                    raise DoubtError("the printer sent an answer that nobody asked for")
                self._answered += 1
            case "noise":
                raise DoubtError(f"noise from the printer: {reply.body[:8].hex(' ')}")


def _refuse_start(reply: Reply) -> None:
    if reply.kind == "started":
        raise DoubtError("the printer was switched off and on during the slip")


Barrier = NamedBarrier | CountedBarrier
