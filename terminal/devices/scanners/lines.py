"""Bytes of a scanner cut into codes: one symbol, one code.

A scanner sends a symbol without a pause, and a hand needs longer than that for the next one. So a
code ends with the pause behind it, not with the first line end: a QR code may hold line ends of its
own, and what follows one would be taken for another code, or a command.
"""

from typing import Final, NamedTuple

_ENDS: Final = b"\r\n\t\x03"
_FRAME: Final = _ENDS + b"\x00\x02"
_LONGEST: Final = 4096
_QUIET_S: Final = 0.04
"""The pause behind a code that ended as codes do: CR, LF, TAB or ETX."""
_PAUSE_S: Final = 0.3
"""The pause behind a code that did not: the scanner sends no suffix, or lost the line."""


class Symbol(NamedTuple):
    """A code, when the last of it was read, and what ended it: empty where nothing but a pause."""

    code: str
    read_s: float
    suffix: str = ""


class SymbolCutter:
    """Takes bytes with the time they were read, and gives a code once the line has gone quiet."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._last_s = 0.0

    @property
    def ends_s(self) -> float | None:
        """When the code that has begun will be at its end if nothing more comes; None for none."""
        if not self._rest:
            return None
        return self._last_s + (_QUIET_S if self._rest[-1] in _ENDS else _PAUSE_S)

    def feed(self, received: bytes, now_s: float) -> list[Symbol]:
        """Take bytes in; give the code that was at its end before they came."""
        codes = self.ended(now_s)
        # What is too long for any code is noise, and refused as one code that is too long.
        self._rest += received[: _LONGEST - len(self._rest)]
        self._last_s = now_s
        return codes

    def ended(self, now_s: float) -> list[Symbol]:
        """Give the code whose end has come by now; an empty one is none."""
        ends_s = self.ends_s
        if ends_s is None or now_s < ends_s:
            return []
        sent = bytes(self._rest)
        self._rest.clear()
        code, suffix = sent.strip(_FRAME), sent[len(sent.rstrip(_ENDS)) :]
        text = code.decode("utf-8", "replace")
        return [Symbol(text, self._last_s, suffix.decode())] if code else []


class BlankPeriod:
    """Lets a code through once where a scanner reads one symbol twice under one pull.

    A fast hand needs a quarter of a second for the same code again.
    """

    def __init__(self, blank_s: float = 0.2) -> None:
        self._blank_s = blank_s
        self._code = ""
        self._read_s = float("-inf")

    def lets_through(self, symbol: Symbol) -> bool:
        """Tell whether a code counts; one that does not prolongs the period."""
        again = symbol.code == self._code and symbol.read_s - self._read_s < self._blank_s
        self._code, self._read_s = symbol.code, symbol.read_s
        return not again
