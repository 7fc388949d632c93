"""The fleet's slip encoder: in this process, one slip at a time over all loops."""

import threading
from collections.abc import Sequence
from typing import Final

from terminal.core.layout import Row
from terminal.core.ports import Job
from terminal.devices.escpos import EscposEncoder

_ONE_AT_A_TIME: Final = threading.Lock()


class SharedEncoder:
    """Encodes without a child process for each slip, which would cost a fleet all its time.

    The library underneath talks to standard output, which is redirected for the whole process
    meanwhile: two threads doing so at once would leave it redirected for good.
    """

    def __init__(self, profile: str) -> None:
        self._encoder = EscposEncoder(profile)

    def warm(self) -> None:
        """Nothing to prepare."""

    async def encode(self, rows: Sequence[Row]) -> Job:
        """Give the whole job; it never waits for anything but its turn."""
        with _ONE_AT_A_TIME:
            return await self._encoder.encode(rows)

    async def aclose(self) -> None:
        """Nothing to let go."""
