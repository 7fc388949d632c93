"""Slips encoded in a child process that lives for one slip.

The library that encodes would take the daemon from 34 to 50 MB for good. A child that was started
with the first scan has loaded it by the time the slip is due, and its memory goes back at once.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from terminal.core.layout import Row
from terminal.devices.children import child_environment, python_child
from terminal.devices.profiles import PROFILES

_LONGEST_S: Final = 60


class EncodingError(OSError):
    """The child did not give a slip."""


class EncoderProcess:
    """Encodes for one profile, each slip in its own process."""

    def __init__(self, profile: str) -> None:
        if profile not in PROFILES:
            names = ", ".join(sorted(PROFILES))
            raise ValueError(f"no printer profile {profile!r}; there are {names}")
        self._profile = profile
        self._next: asyncio.Task[asyncio.subprocess.Process] | None = None

    def warm(self) -> None:
        """Start the child that the next slip will need; it ends with this process."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._start())

    async def encode(self, rows: Sequence[Row]) -> bytes:
        """Give the whole job; raises EncodingError."""
        self.warm()
        started, self._next = self._next, None
        if started is None:
            raise EncodingError("no encoder was started")
        child = await started
        try:
            async with asyncio.timeout(_LONGEST_S):
                job, complaint = await child.communicate(msgspec.json.encode(tuple(rows)))
        except BaseException:
            if child.returncode is None:
                child.kill()
            raise
        if child.returncode != 0 or not job:
            raise EncodingError(f"the encoder failed: {complaint.decode(errors='replace')[-300:]}")
        return job

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *python_child("terminal.devices.escpos", self._profile),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(),
        )
