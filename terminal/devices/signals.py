"""How the daemon speaks where nothing but the page shows anything."""

from terminal.core.ports import Beep
from terminal.core.screen import Screen


class QuietSignals:
    """Makes no sound: the page shows the screen, and the counter's log says what was said."""

    def beep(self, kind: Beep) -> None:
        """Stay quiet."""

    def show(self, screen: Screen) -> None:
        """Leave it to the page, which asks for the screen by itself."""
