"""A terminal's connection that ends before it was one leaves nothing behind."""

import asyncio
import contextlib
import gc
from typing import Final

import pytest

from broker.contract.address import BrokerAddress
from broker.link import LinkChange
from broker.link.backoff import Backoff
from broker.link.terminal_link import TerminalLink, Timing

NOT_AUTHORIZED: Final = b"\x20\x02\x00\x05"
BAD_PASSWORD: Final = b"\x20\x02\x00\x04"
UNAVAILABLE: Final = b"\x20\x02\x00\x03"
TRIES: Final = 3
DEADLINE_S: Final = 10.0


class Door:
    """A broker that says one thing to whoever connects, or nothing, and keeps the line open."""

    def __init__(self, word: bytes) -> None:
        self.word = word
        self.knocked = asyncio.Event()
        self.left: asyncio.Queue[None] = asyncio.Queue()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the CONNECT, answer, and wait until the other end closes."""
        await reader.read(1024)
        self.knocked.set()
        writer.write(self.word)
        with contextlib.suppress(ConnectionError):
            while await reader.read(1024):
                pass
        self.left.put_nowait(None)
        writer.close()


def link_to(port: int, changes: asyncio.Queue[LinkChange]) -> TerminalLink:
    return TerminalLink(
        BrokerAddress("127.0.0.1", port),
        "shop-1",
        "pw",
        birth=lambda: b"there",
        will=lambda: b"gone",
        on_message=lambda _topic, _payload: None,
        on_change=changes.put_nowait,
        backoff=Backoff(first_s=0.0, most_s=0.0),
        timing=Timing(timeout_s=DEADLINE_S),
    )


async def first_change(word: bytes) -> LinkChange:
    """Let a link try once; gives what it says of it."""
    door, changes = Door(word), asyncio.Queue[LinkChange]()
    server = await asyncio.start_server(door.meet, "127.0.0.1", 0)
    running = asyncio.ensure_future(link_to(server.sockets[0].getsockname()[1], changes).run())
    async with asyncio.timeout(DEADLINE_S):
        change = await changes.get()
        running.cancel()
        await asyncio.wait({running})
        server.close()
        await server.wait_closed()
    return change


async def tries(word: bytes) -> list[str]:
    """Let a link try some times, stop it, and see its lines closed; gives the tasks it left."""
    door, changes = Door(word), asyncio.Queue[LinkChange]()
    server = await asyncio.start_server(door.meet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    running = asyncio.ensure_future(link_to(port, changes).run())
    async with asyncio.timeout(DEADLINE_S):
        await door.knocked.wait()
        for _ in range(TRIES if word else 0):
            await changes.get()
        running.cancel()
        await asyncio.wait({running})
        for _ in range(TRIES):  # what was called for soon is done
            await asyncio.sleep(0)
        tasks = [str(task.get_coro()) for task in asyncio.all_tasks()]
        server.close()
        await server.wait_closed()
        for _ in range(TRIES if word else 1):
            await door.left.get()
    return [task for task in tasks if "_misc_loop" in task]


@pytest.mark.parametrize("word", [NOT_AUTHORIZED, b""], ids=["refused", "not answered"])
def test_a_line_that_was_never_one_is_closed_and_no_task_asks_after_it(word: bytes) -> None:
    tasks = asyncio.run(tries(word))
    gc.collect()  # what is collected now would raise where its loop has ended

    assert tasks == []


@pytest.mark.parametrize(
    ("word", "shut_out"), [(NOT_AUTHORIZED, True), (BAD_PASSWORD, True), (UNAVAILABLE, False)]
)
def test_a_password_that_is_not_taken_is_told_apart_from_a_line_that_is_down(
    word: bytes,
    shut_out: bool,  # noqa: FBT001
) -> None:
    change = asyncio.run(first_change(word))

    assert (change.online, change.shut_out) == (False, shut_out)
