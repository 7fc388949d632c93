"""Slips encoded in a child process that serves many of them and ends when none comes for long.

The library that encodes would take the daemon from 34 to 50 MB for good, and loading it takes half
a second. So one child is started with the first scan, is ready when the slip is due, and gives its
memory back after ten quiet minutes.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from terminal.core.layout import Row
from terminal.core.ports import Job
from terminal.devices.children import child_environment, python_child
from terminal.devices.profiles import measured, profile_of

LENGTH_BYTES: Final = 4
"""Before each slip and each job on the pipes stands its length, most significant byte first."""
_LONGEST_S: Final = 60
_KEPT_S: Final = 600.0
_job: Final[msgspec.msgpack.Decoder[Job | str]] = msgspec.msgpack.Decoder(Job | str)


class EncodingError(OSError):
    """The child did not give a slip."""


class EncoderProcess:
    """Encodes for one profile; one slip at a time."""

    def __init__(
        self,
        profile: str,
        *,
        columns: Callable[[], int | None] = lambda: None,
        kept_s: float = _KEPT_S,
    ) -> None:
        """Encode for a profile, or for the same printer with the columns that were measured."""
        profile_of(profile)
        self._profile = profile
        self._columns = columns
        self._started_for = ""
        self._kept_s = kept_s
        self._child: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._one_at_a_time = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    def warm(self) -> None:
        """Start the child that the next slip will need; it ends with this process."""
        wanted = measured(self._profile, self._columns())
        if self._child is not None and self._started_for != wanted:
            self._let_go(kill=False)
        if self._child is None:
            self._started_for = wanted
            self._child = asyncio.get_running_loop().create_task(self._start(wanted))
        self._end_later()

    async def encode(self, rows: Sequence[Row]) -> Job:
        """Give the whole job; raises EncodingError."""
        slip = msgspec.json.encode(tuple(rows))
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(_LONGEST_S):
                    answer = await self._encoded(slip)
            except BaseException:
                self._let_go(kill=True)
                raise
        if isinstance(answer, str):
            raise EncodingError(f"the encoder failed: {answer[-300:]}")
        return answer

    async def aclose(self) -> None:
        """End the child and wait for it."""
        self._let_go(kill=False)
        await asyncio.gather(*self._closing)

    async def _encoded(self, slip: bytes) -> Job | str:
        """Have the child encode; one that ended since the last slip is replaced, once."""
        for last in (False, True):
            self.warm()
            assert self._child is not None  # noqa: S101  # warm started it
            child = await asyncio.shield(self._child)
            try:
                return await _ask(child, slip)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                self._let_go(kill=True)
                if last:
                    raise EncodingError("the encoder ended without an answer") from error
        raise AssertionError

    async def _start(self, profile: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *python_child("terminal.devices.escpos", profile),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
        )

    def _end_later(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(self._kept_s, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if self._one_at_a_time.locked():
            self._end_later()
        else:
            self._let_go(kill=False)

    def _let_go(self, *, kill: bool) -> None:
        if self._ending is not None:
            self._ending.cancel()
        child, self._child = self._child, None
        if child is not None:
            closing = asyncio.get_running_loop().create_task(_end(child, kill=kill))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


async def _ask(child: asyncio.subprocess.Process, slip: bytes) -> Job | str:
    if child.stdin is None or child.stdout is None:
        raise EncodingError("the encoder has no pipes")
    child.stdin.write(len(slip).to_bytes(LENGTH_BYTES, "big") + slip)
    await child.stdin.drain()
    length = int.from_bytes(await child.stdout.readexactly(LENGTH_BYTES), "big")
    return _job.decode(await child.stdout.readexactly(length))


async def _end(starting: "asyncio.Task[asyncio.subprocess.Process]", *, kill: bool) -> None:
    with contextlib.suppress(OSError):  # one that never started
        child = await starting
        if kill and child.returncode is None:
            child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()
