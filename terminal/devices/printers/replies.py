"""What a printer sends back, told apart: answers, status pushed by itself, notices, noise.

Source: Epson ESC/POS command reference, the fixed bits of each transmission. Only an answer to our
own question may call a slip printed, so everything else has to be known for what it is.
"""

from dataclasses import dataclass
from typing import Final, Literal

# 0xx1xx10 is real-time (DLE EOT), 0xx1xx00 the first of four pushed bytes (GS a).
_FIXED: Final = 0x93
_REALTIME: Final = 0x12
_PUSHED: Final = 0x10
_PUSHED_REST: Final = 0x90
_PUSHED_BYTES: Final = 4
_ORDERED: Final = frozenset({0x00, 0x03, 0x0C, 0x0F})
"""What GS r 1 answers: the two bits of the near end are equal, and so are those of the end."""
_PROCESS: Final = 0x37
_NOTICE: Final = 0x3B
_NAME: Final = 0x5F
_BLOCKS: Final = frozenset({_PROCESS, _NOTICE, _NAME})
_LONGEST_BLOCK: Final = 80
_FLOW: Final = frozenset({0x11, 0x13})

Kind = Literal["realtime", "ordered", "pushed", "process", "started", "other", "noise"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing that came back, whole.

    `realtime` answers DLE EOT and `ordered` GS r, each by one byte; `pushed` is four bytes that
    nobody asked for; `process` answers GS ( H by the process's name; `started` says that the
    printer was switched on; `other` is known and about nothing here; `noise` is no reply at all.
    """

    kind: Kind
    body: bytes

    @property
    def status(self) -> int:
        """The bits of a reply of one byte."""
        return self.body[0]


class ReplyReader:
    """Cuts what comes back into replies, however it was split on the line."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, received: bytes) -> list[Reply]:
        """Take bytes in; give the replies that they complete."""
        self._rest += received
        replies = []
        while self._rest and (length := self._length()):
            replies.append(_read(self._rest[:length]))
            self._rest = self._rest[length:]
        return replies

    def rest(self) -> list[Reply]:
        """Give what began like a reply and did not go on, once the line has gone quiet."""
        cut_off, self._rest = self._rest, b""
        return [Reply("noise", cut_off)] if cut_off else []

    def _length(self) -> int:
        """Measure the first reply; 0 where more of it has to come."""
        rest = self._rest
        if rest[0] & _FIXED == _PUSHED:
            follows = rest[1:_PUSHED_BYTES]
            if any(byte & _PUSHED_REST for byte in follows):
                return 1
            return _PUSHED_BYTES if len(rest) >= _PUSHED_BYTES else 0
        if rest[0] in _BLOCKS:
            end = rest.find(b"\0", 1, _LONGEST_BLOCK) + 1
            return end or (1 if len(rest) >= _LONGEST_BLOCK else 0)
        return 1


def _read(body: bytes) -> Reply:
    first = body[0]
    if len(body) == 1:
        if first & _FIXED == _REALTIME:
            return Reply("realtime", body)
        if first in _ORDERED:
            return Reply("ordered", body)
        return Reply("other" if first in _FLOW else "noise", body)
    if first == _PROCESS and body[1:2] == b'"':
        return Reply("process", body[2:-1])
    if first == _NOTICE:
        return Reply("started", body)
    return Reply("pushed" if first & _FIXED == _PUSHED else "other", body)
