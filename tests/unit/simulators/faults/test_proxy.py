"""The proxy passes bytes on, until it is told to fail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from simulators.faults import Proxy


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while said := await reader.read(4096):
        writer.write(said)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def proxied_echo() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Proxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await scenario()

    asyncio.run(bounded())


def test_bytes_pass_both_ways_and_so_does_the_end() -> None:
    async def scenario() -> None:
        async with proxied_echo() as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            sent = b"order " * 40_000

            writer.write(sent)
            writer.write_eof()

            assert await reader.read(-1) == sent
            writer.close()

    run(scenario)


def test_a_cut_drops_what_runs_and_refuses_what_comes_until_restored() -> None:
    async def scenario() -> None:
        async with proxied_echo() as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"

            proxy.cut()

            with pytest.raises(ConnectionError):
                await reader.readexactly(1)
            again, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await again.readexactly(1)
            proxy.restore()
            restored, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"back")
            assert await restored.readexactly(4) == b"back"
            assert proxy.cuts == 1
            writer.close()

    run(scenario)


def test_nobody_behind_the_proxy_looks_like_a_refusal() -> None:
    async def scenario() -> None:
        async with Proxy("127.0.0.1", 1) as proxy:
            reader, _ = await asyncio.open_connection("127.0.0.1", proxy.port)

            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)

    run(scenario)
