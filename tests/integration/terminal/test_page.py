"""The page over a real socket, also to clients that do not speak HTTP well."""

import asyncio
import json
from pathlib import Path

import pytest

from terminal.app.settings import PageSettings
from tests.fixtures.counter_process import free_port
from tests.fixtures.counters import running
from tests.fixtures.shops import COLA, Shop


async def ask(port: int, request: bytes) -> bytes:
    """Send bytes and read until the page hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


def test_codes_typed_on_the_page_make_an_order(tmp_path: Path, shop: Shop) -> None:
    shop.settle(tmp_path)
    port = free_port()

    async def run() -> None:
        async with running(tmp_path, page=PageSettings(port=port)) as counter:
            for code in (COLA, "qty-6"):
                head = f"POST /scan HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: "
                answer = await ask(port, f"{head}{len(code)}\r\n\r\n{code}".encode())
                assert answer.startswith(b"HTTP/1.1 204 ")
            answer = await ask(
                port, f"GET /state HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
            )
            head_bytes, _, body = answer.partition(b"\r\n\r\n")
            assert b"Content-Security-Policy: default-src 'none'" in head_bytes
            assert json.loads(body)["lines"][0]["quantity"] == 6
            assert counter.terminal.page_url == f"http://127.0.0.1:{port}"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\r\n\r\n", b"400"),
        (b"GET /\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"413"),
        (b"POST /scan HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"411"),
        (b"POST /scan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n", b"413"),
        (b"POST /scan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", b"411"),
    ],
)
def test_a_broken_request_gets_a_plain_answer(
    tmp_path: Path, shop: Shop, request_bytes: bytes, status: bytes
) -> None:
    shop.settle(tmp_path)
    port = free_port()

    async def run() -> None:
        async with running(tmp_path, page=PageSettings(port=port)) as counter:
            assert (await ask(port, request_bytes)).split(b" ")[1] == status
            await counter.scan(COLA)

    asyncio.run(run())


def test_a_port_in_use_costs_the_page_and_not_the_sale(tmp_path: Path, shop: Shop) -> None:
    shop.settle(tmp_path)

    async def run() -> None:
        taken = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = taken.sockets[0].getsockname()[1]
        async with running(tmp_path, page=PageSettings(port=port)) as counter:
            assert counter.terminal.page_url is None
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"
        taken.close()

    asyncio.run(run())
