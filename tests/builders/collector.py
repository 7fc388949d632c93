"""A collector of traces, as far as a test needs one: it keeps the spans that it is sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Collector:
    """Listens on a free port; `spans` holds what came, `told` who told it."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []
        self.told: set[str] = set()
        self.arrived = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            """Takes documents at the one address there is."""

            def do_POST(self) -> None:
                """Keep what a document holds."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_known = self.path == "/v1/traces"
                self.send_response(200 if is_known else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if is_known:
                    collector.take(json.loads(body))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def take(self, document: Any) -> None:
        """Keep the spans of a document."""
        with self.arrived:
            for resource in document["resourceSpans"]:
                named = {one["key"]: one["value"] for one in resource["resource"]["attributes"]}
                self.told.add(named["service.name"]["stringValue"])
                for scope in resource["scopeSpans"]:
                    self.spans += scope["spans"]
            self.arrived.notify_all()

    def steps(self) -> set[str]:
        """Name the steps that came so far."""
        with self.arrived:
            return {one["name"] for one in self.spans}

    @contextmanager
    def listening(self) -> Iterator["Collector"]:
        """Listen meanwhile."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
