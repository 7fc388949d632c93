"""A scanner in the network: one with a socket of its own, or a serial line behind a converter.

The terminal connects to it, and never listens: whoever may type codes is named in the settings.
"""

import asyncio
import logging
import socket
from typing import Final

from terminal.devices.scanners.lines import BlankPeriod
from terminal.devices.scanners.sources import DeviceScanner

_log = logging.getLogger(__name__)
_PATIENCE_S: Final = 5.0
_SETTLES_S: Final = 0.25
"""A converter keeps what was scanned before anybody was connected, and sends it at once."""
_SILENT_S: Final = 10
_ASKED_EVERY_S: Final = 5
_ASKED: Final = 3
"""One that was unplugged in mid-connection is known to be gone after 10 s and three questions."""


class TcpScanner(DeviceScanner):
    """A scanner that sends its codes over TCP, each with the usual suffix."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        blank: BlankPeriod | None = None,
        settles_s: float = _SETTLES_S,
    ) -> None:
        """Connect to `host` and `port`; what comes in the first `settles_s` seconds is old."""
        super().__init__(f"{host}:{port}", blank=blank)
        self._address = (host, port)
        self._settles_s = settles_s
        self._listens_from_s = 0.0

    async def open_device(self) -> int:
        """Connect."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                handle = await _connected(*self._address)
        except TimeoutError as error:
            raise OSError(f"{self._address[0]} does not answer") from error
        self._listens_from_s = loop.time() + self._settles_s
        return handle

    def read_bytes(self, received: bytes) -> bytes:
        """Give what was scanned since the connection stands; what came with it is dropped."""
        if asyncio.get_running_loop().time() < self._listens_from_s:
            _log.info("%d bytes that were scanned before are dropped", len(received))
            return b""
        return received


async def _connected(host: str, port: int) -> int:
    """Give the handle of a connection that tells when the other end is gone; raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, address = found[0]
    line = socket.socket(family, kind, protocol)
    try:
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _SILENT_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _ASKED_EVERY_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _ASKED)
        await loop.sock_connect(line, address)
    except BaseException:
        line.close()
        raise
    return line.detach()
