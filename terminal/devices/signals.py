"""How the daemon speaks: through the scanner's beeper, or not at all but for the page."""

from typing import Final

from terminal.core.ports import Beep
from terminal.core.screen import Screen
from terminal.devices.scanners import SerialScanner

# A code that was taken needs no sound of ours: the scanner beeps when it reads.
_RINGS: Final[dict[Beep, int]] = {"ok": 0, "done": 2, "error": 3}


class QuietSignals:
    """Makes no sound: the page shows the screen, and the counter's log says what was said."""

    def beep(self, kind: Beep) -> None:
        """Stay quiet."""

    def show(self, screen: Screen) -> None:
        """Leave it to the page, which asks for the screen by itself."""


class ScannerBell(QuietSignals):
    """Sounds through a serial scanner: twice for a sent order, three times for an error."""

    def __init__(self, scanner: SerialScanner) -> None:
        self._scanner = scanner

    def beep(self, kind: Beep) -> None:
        """Ring."""
        if rings := _RINGS[kind]:
            self._scanner.ring(rings)
