"""What people do at a simulated counter: scan codes, hear beeps, look at the screen."""

import asyncio
from collections import deque
from collections.abc import Callable

from terminal.core.ports import Beep
from terminal.core.screen import Screen


class HandScanner:
    """A scanner in a simulated hand: codes are read in the order they were scanned."""

    def __init__(self) -> None:
        self._codes: deque[str] = deque()
        self._scanned = asyncio.Event()
        self._idle = asyncio.Event()

    async def read(self) -> str:
        """Wait for the next code; asking for one says that the one before was dealt with.

        Between two codes the other counters have their turn, as if this hand were no faster than
        theirs: a long order would else keep the answers of a whole fleet waiting.
        """
        await asyncio.sleep(0)
        while not self._codes:
            self._idle.set()
            self._scanned.clear()
            await self._scanned.wait()
        return self._codes.popleft()

    async def scan(self, *codes: str) -> None:
        """Scan codes one by one and wait until the terminal asks for more."""
        self._idle.clear()
        self._codes.extend(codes)
        self._scanned.set()
        await self._idle.wait()


class WatchedScreen:
    """The terminal's sounds and screen, watched by somebody who waits for something to happen."""

    def __init__(self, terminal: str) -> None:
        self.screen = Screen(terminal)
        self.errors: list[Screen] = []
        self._error_heard = False
        self._changed = asyncio.Event()

    def beep(self, kind: Beep) -> None:
        """Hear a sound; the screen that comes with an error says what is wrong."""
        self._error_heard = kind == "error"

    def show(self, screen: Screen) -> None:
        """Look at the new screen."""
        self.screen = screen
        if self._error_heard:
            self.errors.append(screen)
            self._error_heard = False
        self._changed.set()

    async def until(self, seen: Callable[[Screen], bool]) -> Screen:
        """Wait until the screen shows what `seen` looks for; the caller sets the deadline."""
        while not seen(self.screen):
            self._changed.clear()
            await self._changed.wait()
        return self.screen
