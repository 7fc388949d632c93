"""How the daemon speaks without a screen of its own."""

import logging

from terminal.core.ports import Beep
from terminal.core.screen import Screen

_log = logging.getLogger(__name__)


class LoggedSignals:
    """Writes what was said to the log; the page shows the screen."""

    def __init__(self) -> None:
        self._kind: Beep = "ok"
        self._said = ""

    def beep(self, kind: Beep) -> None:
        """Note the sound for the line that comes with it."""
        self._kind = kind

    def show(self, screen: Screen) -> None:
        """Log what is said, once."""
        if screen.said != self._said:
            self._said = screen.said
            level = logging.WARNING if self._kind == "error" else logging.INFO
            _log.log(level, screen.said, extra={"tone": screen.tone, "read": screen.read})
