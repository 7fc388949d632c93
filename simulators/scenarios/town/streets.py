"""The town's end of each street: started, told, heard, killed as the power kills it."""

import asyncio
import multiprocessing
import resource
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from simulators.errors import FleetError
from simulators.scenarios.town.street import StreetPlan, Tick, serve_street

_spawning: Final = multiprocessing.get_context("spawn")
_GOODBYE_S: Final = 10.0
_MORE_S: Final = 15.0
"""How much longer than a street was given for something its answer is waited for."""


class Street:
    """One process of terminals; what it says by itself goes to `heard`, on the town's loop."""

    def __init__(self, plan: StreetPlan, heard: Callable[[Tick], None]) -> None:
        self.plan = plan
        self._heard = heard
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._answers: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._turn = asyncio.Lock()

    @property
    def process(self) -> BaseProcess | None:
        """Give the process that runs now."""
        return self._process

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start the process; its terminals connect by themselves."""
        ours, theirs = _spawning.Pipe()
        self._answers = asyncio.Queue()
        self._pipe = ours
        self._process = _spawning.Process(
            target=serve_street, args=(self.plan, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(ours, loop, self._answers), daemon=True).start()

    def tell(self, word: str, said: object = None) -> None:
        """Say something that has no answer; a street without power hears nothing."""
        with suppress(OSError):
            if self._pipe is not None:
                self._pipe.send((word, said))

    async def ask(self, word: str, said: object = None, *, within_s: float) -> Any:  # noqa: ANN401  # what each word gives
        """Say something and wait for its answer; raises FleetError where none comes."""
        async with self._turn:
            self.tell(word, said)
            try:
                async with asyncio.timeout(within_s + _MORE_S):
                    while True:
                        name, given = await self._answers.get()
                        if name == "gone":
                            raise FleetError(f"street {self.plan.number} ended by itself")
                        return given
            except TimeoutError:
                raise FleetError(
                    f"street {self.plan.number} did not answer {word!r} in {within_s:.0f} s"
                ) from None

    def kill(self) -> None:
        """Take the power from all its terminals."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join(_GOODBYE_S)

    def bound_files(self, most: int | None) -> None:
        """Let the process write no file beyond `most` bytes, as a full disk does; None: any."""
        if self._process is not None and self._process.pid is not None:
            bound_files(self._process.pid, most)

    async def close(self) -> None:
        """End it in order."""
        if self.alive:
            with suppress(FleetError):
                await self.ask("close", within_s=_GOODBYE_S)
        self.kill()

    def _listen(
        self,
        pipe: Connection,
        loop: asyncio.AbstractEventLoop,
        answers: "asyncio.Queue[tuple[str, Any]]",
    ) -> None:
        """Pass on what the street says, on a thread of its own, until the pipe ends."""
        with suppress(RuntimeError):  # the town's loop has ended
            while True:
                try:
                    word, said = pipe.recv()
                except (EOFError, OSError):
                    loop.call_soon_threadsafe(answers.put_nowait, ("gone", None))
                    return
                if word == "tick":
                    loop.call_soon_threadsafe(self._heard, said)
                else:
                    loop.call_soon_threadsafe(answers.put_nowait, (word, said))


def bound_files(pid: int, most: int | None) -> None:
    """Let a process write no file beyond `most` bytes; None takes the bound away."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    soft = hard if most is None else most
    with suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
