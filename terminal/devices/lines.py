"""Bytes of a scanner cut into codes."""

from typing import Final

_ENDS: Final = b"\r\n\t"
_LONGEST: Final = 4096


class LineCutter:
    """Cuts at CR, LF or TAB, whichever suffix the scanner was set to; empty codes are dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, received: bytes) -> list[str]:
        """Take bytes in; give the codes that they complete."""
        codes = []
        for byte in received:
            if byte not in _ENDS:
                self._rest.append(byte)
            elif self._rest:
                codes.append(self._rest.decode("utf-8", "replace"))
                self._rest.clear()
        if len(self._rest) > _LONGEST:  # noise on the line, not a code
            self._rest.clear()
        return codes
