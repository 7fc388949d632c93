"""Serve a bench page from a thread of its own."""

import socket
import threading
from typing import Self

import uvicorn

from simulators.bench.app import create_bench
from simulators.bench.live import Live
from simulators.bench.settings import BenchSettings


class BenchServer:
    """A bench page at `url`, from `start` to `stop` or inside a `with` block."""

    def __init__(self, settings: BenchSettings, *, host: str = "127.0.0.1", port: int = 0) -> None:
        app = create_bench(settings)
        self._live: Live = app.state.live
        self._door = socket.create_server((host, port))
        self.url = f"http://{host}:{self._door.getsockname()[1]}/"
        """Where a browser finds the page."""
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._run, name="bench", daemon=True)

    def start(self) -> Self:
        """Begin to serve; a browser that connects at once waits a moment."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End all pages and the thread."""
        self._live.close()
        self._server.should_exit = True
        self._thread.join()
        self._door.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        self._server.run(sockets=[self._door])
