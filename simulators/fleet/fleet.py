"""Many simulated counters in one event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from simulators.data import Pick
from simulators.errors import FleetError
from simulators.fleet.counter import SimulatedCounter
from terminal.app import Settings

AT_ONCE: Final = 16
QUIET_DEADLINE_S: Final = 120.0


class Fleet:
    """Run a terminal for each of `settings`; entering starts them, leaving stops them."""

    def __init__(self, settings: Iterable[Settings]) -> None:
        self.counters: Mapping[str, SimulatedCounter] = {
            one.id: SimulatedCounter(one) for one in settings
        }
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        """Start every terminal."""
        self._tasks = {
            name: asyncio.create_task(counter.run(), name=name)
            for name, counter in self.counters.items()
        }
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every terminal."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def ready(self, *, within_s: float = QUIET_DEADLINE_S) -> None:
        """Wait until every terminal is connected and knows whom it serves; raises FleetError."""
        await self._all(SimulatedCounter.ready, within_s, "did not get ready")

    async def quiet(self, *, within_s: float = QUIET_DEADLINE_S) -> None:
        """Wait until every answer is there and every slip printed; raises FleetError."""
        await self._all(SimulatedCounter.quiet, within_s, "did not come to rest")

    async def shop(
        self,
        baskets: Mapping[str, Sequence[Sequence[Pick]]],
        *,
        at_once: int = AT_ONCE,
        after_each: Callable[[str], Awaitable[None]],
    ) -> None:
        """Order all `baskets` of each terminal, a terminal's own one after another.

        At most `at_once` counters scan at the same time. Nobody waits for an answer before the
        next order, as in a shop. `after_each` is told the terminal after each order submitted.
        Raises MisreadError, FleetError.
        """
        gate = asyncio.Semaphore(at_once)

        async def visit(name: str) -> None:
            counter = self.counters[name]
            for basket in baskets[name]:
                async with gate:
                    await counter.order(basket)
                await after_each(name)

        await self.watch(map(visit, baskets))

    async def watch(self, work: Iterable[Awaitable[None]]) -> None:
        """Wait for all of `work`; raises FleetError where a terminal ends, for none ever should."""
        works = [asyncio.ensure_future(one) for one in work]
        together = asyncio.gather(*works)
        any_end: set[asyncio.Future[Any]] = {together, *self._tasks.values()}
        try:
            done, _ = await asyncio.wait(any_end, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in works:
                one.cancel()
            await asyncio.gather(together, *works, return_exceptions=True)
        for name, task in self._tasks.items():
            if task in done:
                raise FleetError(f"{name} stopped") from task.exception()
        await together

    async def _all(
        self,
        wait: Callable[[SimulatedCounter], Coroutine[None, None, None]],
        within_s: float,
        what: str,
    ) -> None:
        waits = {name: asyncio.create_task(wait(c)) for name, c in self.counters.items()}
        try:
            async with asyncio.timeout(within_s):
                await self.watch(waits.values())
        except TimeoutError:
            late = [name for name, task in waits.items() if not task.done() or task.cancelled()]
            raise FleetError(f"{', '.join(late)} {what} in {within_s:.0f} s") from None
