"""Serves the pages on a thread of their own, and ends every open stream on the way down."""

import socket
import threading
from collections.abc import Sequence
from typing import Final

import uvicorn
from fastapi import FastAPI

from hub.web.serving.connections import MOST_HEAD_BYTES, guarded_connections
from hub.web.site import Site

_GRACE_S: Final = 5


class WebServerError(Exception):
    """The pages cannot be served; the text says where and why."""


class WebServer:
    """The hub's web server; the socket is bound before `start` returns.

    `proxies` are the addresses whose word counts for whom they speak; from anybody else
    `X-Forwarded-For` and `X-Forwarded-Proto` are only text.
    """

    def __init__(self, app: FastAPI, *, host: str, port: int, proxies: Sequence[str] = ()) -> None:
        self._site: Final[Site] = app.state.site
        self._host, self._port = host, port
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=guarded_connections(),
            ws="none",
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=_GRACE_S,
        )
        self._server: Final = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Serve, and give the address; port 0 takes a free one. Raises WebServerError."""
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            bound = socket.create_server((self._host, self._port), family=family)
            # Inherited by every connection: asyncio sees to it only where the protocol is named,
            # and a page's body would wait 40 ms for the acknowledgement of its head.
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            where = f"{self._host}:{self._port}"
            raise WebServerError(f"{where}: {error.strerror or error}") from error
        # The socket listens already: who connects before the first answer is possible just waits.
        self._thread = threading.Thread(
            target=self._server.run, args=([bound],), name="web", daemon=True
        )
        self._thread.start()
        host, port = bound.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"

    def stop(self) -> None:
        """End the streams, finish what is being answered, and stop."""
        self._site.close()
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_GRACE_S * 2)
