"""A real HTTP server that takes webhooks, and behaves in whatever way a test wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived: its path, its headers, its body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """The server's side: what came, and how it answers; `answer` writes the answer itself."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: plain(handler, 204)


def plain(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    """Answer with a status, no body, and headers."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Give an answer of a status."""
    return lambda handler: plain(handler, code, **headers)


def close_early(handler: BaseHTTPRequestHandler) -> None:
    """End the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def answer_hugely(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer that never ends, and stop once nobody reads it."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


def answer_late(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until the test is over."""
    handler.server.stopping.wait(30)  # type: ignore[attr-defined]


def answer_drop_by_drop(handler: BaseHTTPRequestHandler) -> None:
    """Answer a byte at a time for ever: each comes before any single read is late."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    try:
        while not handler.server.stopping.wait(0.1):  # type: ignore[attr-defined]
            handler.wfile.write(b"y")
    except OSError:
        return


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a server on a free port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            receiver.answer(self)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.stopping = threading.Event()  # type: ignore[attr-defined]
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.stopping.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()
