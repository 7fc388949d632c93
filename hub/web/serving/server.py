"""Serves the pages on a thread of their own, and ends every open stream on the way down."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from anyio import to_thread
from fastapi import FastAPI

from hub.web.serving.connections import MOST_HEAD_BYTES, guarded_connections
from hub.web.site import Site

_GRACE_S: Final = 5
THREADS: Final = 40
THREADS_BESIDE_ORDERS: Final = 16


class WebServerError(Exception):
    """The pages cannot be served; the text says where and why."""


@dataclass(frozen=True, slots=True)
class SafePort:
    """Where the pages are served over TLS as well, with which certificate and key."""

    port: int
    certificate: Path
    key: Path


class WebServer:
    """The hub's web server; the socket is bound before `start` returns.

    With a `safe` port the pages are there over TLS as well, by the same loop: what requests share,
    as the turns of those who sign in, belongs to one loop.

    So many `threads` answer requests at most: beside orders few, as each takes its share of the
    interpreter from the one that decides.

    `proxies` are the addresses whose word counts for whom they speak; from anybody else
    `X-Forwarded-For` and `X-Forwarded-Proto` are only text.
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        host: str,
        port: int,
        proxies: Sequence[str] = (),
        safe: SafePort | None = None,
        threads: int = THREADS,
    ) -> None:
        self._threads = threads
        self._site: Final[Site] = app.state.site
        self._host = host
        self._ports = [port, *([safe.port] if safe else [])]
        self._servers = [_server(app, proxies)]
        if safe is not None:
            self._servers.append(_server(app, proxies, safe))
        self._thread: threading.Thread | None = None
        self.safe_address = ""

    def start(self) -> str:
        """Serve, and give the address; port 0 takes a free one. Raises WebServerError.

        `safe_address` is then the one of HTTPS, where it is served.
        """
        bound = [self._bind(port) for port in self._ports]
        # The sockets listen already: who connects before the first answer is possible just waits.
        self._thread = threading.Thread(target=self._run, args=(bound,), name="web", daemon=True)
        self._thread.start()
        plain, *safe = (self._address(one) for one in bound)
        self.safe_address = "".join(f"https://{one}" for one in safe)
        return f"http://{plain}"

    def _run(self, bound: Sequence[socket.socket]) -> None:
        with asyncio.Runner(loop_factory=self._servers[0].config.get_loop_factory()) as runner:
            runner.run(self._serve(bound))

    async def _serve(self, bound: Sequence[socket.socket]) -> None:
        to_thread.current_default_thread_limiter().total_tokens = self._threads
        pairs = zip(self._servers, bound, strict=True)
        await asyncio.gather(*(one.serve(sockets=[place]) for one, place in pairs))

    def _bind(self, port: int) -> socket.socket:
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            bound = socket.create_server((self._host, port), family=family)
            # Inherited by every connection: asyncio sees to it only where the protocol is named,
            # and a page's body would wait 40 ms for the acknowledgement of its head.
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            where = f"{self._host}:{port}"
            raise WebServerError(f"{where}: {error.strerror or error}") from error
        return bound

    @staticmethod
    def _address(bound: socket.socket) -> str:
        host, port = bound.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        return f"{shown}:{port}"

    def stop(self) -> None:
        """End the streams, finish what is being answered, and stop."""
        self._site.close()
        for server in self._servers:
            server.should_exit = True
        if self._thread is not None:
            self._thread.join(_GRACE_S * 2)


def _server(app: FastAPI, proxies: Sequence[str], safe: SafePort | None = None) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=guarded_connections(),
            ws="none",
            lifespan="off",
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=_GRACE_S,
            ssl_certfile=safe.certificate if safe else None,
            ssl_keyfile=safe.key if safe else None,
        )
    )
