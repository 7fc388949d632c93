"""Several event loops beside each other, each in a thread of its own."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def run_in_loops(works: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
    """Run every one of `works` in its own loop and give the results in their order.

    A terminal waits for its disk at each scan, and its loop with it; other loops go on meanwhile.
    The first that fails stops all, and so does Ctrl-C.
    """
    loops = [_Loop(work) for work in works]
    with ThreadPoolExecutor(len(loops), thread_name_prefix="fleet") as pool:
        running = [pool.submit(loop.run) for loop in loops]
        try:
            for done in as_completed(running):
                done.result()
        except BaseException:
            for loop in loops:
                loop.stop()
            raise
    return [done.result() for done in running]


class _Loop(Generic[T]):
    """One loop with its work."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._work = work
        self._runner = asyncio.Runner()
        self._task: asyncio.Task[T] | None = None
        self._stopped = False

    def run(self) -> T:
        """Run the work to its end; raises CancelledError where it was stopped."""
        with self._runner as runner:
            return runner.run(self._begin())

    def stop(self) -> None:
        """Cancel the work, from any thread."""
        self._stopped = True
        if self._task is not None and not self._task.done():
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def _begin(self) -> T:
        self._task = asyncio.create_task(self._work())
        if self._stopped:  # before there was a task to cancel
            self._task.cancel()
        return await self._task
