"""What a process of the hub tells of itself over HTTP: health, and figures for Prometheus.

For whoever watches the machine, on a port of its own that only this machine reaches unless it is
told otherwise: figures say how much is sold.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Literal

from hub.base.commands import CommandError

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `orderwire_orders_total` of the kind `counter`, in base units; what it counts."""

    name: str
    kind: Literal["counter", "gauge"]
    purpose: str
    read: Callable[[], float]


def write_figures(figures: Iterable[Figure], role: str) -> str:
    """Write figures in the text form that Prometheus reads, each with the role of its process.

    `orderwire_orders_total{role="intake"} 12`.
    """
    lines = []
    for one in figures:
        lines += [f"# HELP {one.name} {one.purpose}", f"# TYPE {one.name} {one.kind}"]
        lines.append(f'{one.name}{{role="{role}"}} {one.read():.15g}')
    return "\n".join(lines) + "\n"


def figures_of_process() -> tuple[Figure, ...]:
    """Give what every process tells: its time on the processor, its memory, its open files."""
    return (
        Figure("process_cpu_seconds_total", "counter", "Time on the processor.", _cpu_s),
        Figure("process_resident_memory_bytes", "gauge", "Memory in use.", _memory),
        Figure("process_open_fds", "gauge", "Open files.", _open_files),
    )


def figure_of_health(faults: Callable[[], list[str]]) -> Figure:
    """Give what every process that serves tells of its health."""
    return Figure(
        "orderwire_healthy", "gauge", "1 where nothing is in the way.", lambda: not faults()
    )


class MetricsServer:
    """Serves `/metrics` and `/health` of one process, on a thread of its own."""

    def __init__(
        self, role: str, figures: Sequence[Figure], health: Callable[[], list[str]]
    ) -> None:
        self._role = role
        self._figures = figures
        self._health = health
        self._server: ThreadingHTTPServer | None = None

    def start(self, host: str, port: int) -> str:
        """Serve, and give the address; port 0 takes a free one. Raises CommandError."""
        try:
            self._server = ThreadingHTTPServer((host, port), self._handler())
        except OSError as error:
            raise CommandError(
                f"figures cannot be served on {host}:{port} ({error.strerror}): set metrics_port"
            ) from error
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()
        return f"http://{host}:{self._server.server_address[1]}/metrics"

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def answer(self, path: str) -> tuple[HTTPStatus, str, str]:
        """Give status, type and text of an address."""
        if path == "/metrics":
            return HTTPStatus.OK, _TYPE, write_figures(self._figures, self._role)
        if path == "/health":
            faults = self._health()
            status = HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK
            said = {"status": "failing" if faults else "ok", "role": self._role, "faults": faults}
            return status, "application/json", json.dumps(said)
        return HTTPStatus.NOT_FOUND, _TYPE, "there are /metrics and /health\n"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            """Answers one request."""

            timeout = 10

            def do_GET(self) -> None:
                """Answer."""
                status, kind, text = server.answer(self.path)
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's
                """Log nothing: somebody asks every few seconds."""

        return Handler


def _cpu_s() -> float:
    words = Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * _PAGE


def _open_files() -> float:
    return len(list(Path("/proc/self/fd").iterdir()))
