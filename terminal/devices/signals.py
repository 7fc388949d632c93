"""How the daemon speaks: through the scanner's beeper, or not at all but for the page."""

from collections.abc import Callable
from typing import Final

from terminal.core.ports import Beep
from terminal.core.screen import Screen, as_reply
from terminal.devices.scanners import SerialScanner

# A code that was taken needs no sound of ours: the scanner beeps when it reads.
_RINGS: Final[dict[Beep, int]] = {"ok": 0, "done": 2, "error": 3}


class QuietSignals:
    """Makes no sound: the page shows the screen, and the counter's log says what was said."""

    def beep(self, kind: Beep) -> None:
        """Stay quiet."""

    def show(self, screen: Screen) -> None:
        """Leave it to the page, which asks for the screen by itself."""


class PromptSignals:
    """Answers each code typed at the prompt with a line, and tells each order's fate."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._said = False
        self._fate = ("", "")

    def beep(self, kind: Beep) -> None:  # noqa: ARG002  # the screen that comes next tells it
        """Note that something is said."""
        self._said = True

    def show(self, screen: Screen) -> None:
        """Write what is new on the screen."""
        if self._said:
            self._said = False
            self._write(as_reply(screen))
        fate = (screen.last_order, screen.last_status)
        if fate != self._fate:
            self._fate = fate
            self._write(f"  {screen.last_order}: {screen.last_status}")


class ScannerBell(QuietSignals):
    """Sounds through serial scanners: twice for a sent order, three times for an error."""

    def __init__(self, *scanners: SerialScanner) -> None:
        self._scanners = scanners
        self._is_silent = False

    def show(self, screen: Screen) -> None:
        """Take note of how loud the counter is: a scanner's own beeper knows on and off alone."""
        self._is_silent = screen.volume == 0

    def beep(self, kind: Beep) -> None:
        """Ring."""
        rings = 0 if self._is_silent else _RINGS[kind]
        if rings:
            for scanner in self._scanners:
                scanner.ring(rings)
