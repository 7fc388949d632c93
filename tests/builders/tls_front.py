"""A line by TLS before a broker that has none: certificates of an authority, and who holds them."""

import asyncio
import contextlib
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Final, Self

_CHUNK: Final = 65_536


def authority(folder: Path, name: str) -> Path:
    """Make an authority; gives its certificate in DER."""
    made = folder / f"{name}.pem"
    _openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9",
             "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", made.name)  # fmt: skip
    _openssl(folder, "x509", "-in", made.name, "-outform", "DER", "-out", f"{name}.der")
    return folder / f"{name}.der"


def certificate_of(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate for `localhost` by an authority of the folder; gives it and its key."""
    _openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
             "-keyout", "broker.key", "-out", "broker.csr")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", "broker.csr", "-CA", f"{name}.pem",
             "-CAkey", f"{name}.key", "-CAcreateserial", "-days", "9",
             "-out", "broker.pem")  # fmt: skip
    return folder / "broker.pem", folder / "broker.key"


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class TlsFront:
    """Takes TLS at a port of its own and hands what is in it to a broker on this machine.

    `authority` is the file that a board has to trust, in DER; `handed` counts its connections.
    """

    def __init__(self, folder: Path, broker_port: int) -> None:
        self.authority = authority(folder, "ours")
        self.handed = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate_of(folder, "ours"))
        self._broker_port = broker_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        """Listen at `port`."""
        self._thread.start()
        listening = asyncio.start_server(self._join, "127.0.0.1", 0, ssl=self._context)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *_: object) -> None:
        """End it, with all of its connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _join(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        self.handed += 1
        far, onward = await asyncio.open_connection("127.0.0.1", self._broker_port)
        try:
            await asyncio.gather(_pump(near, onward), _pump(far, answer))
        finally:
            answer.close()
            onward.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
    with contextlib.suppress(OSError):
        target.close()
