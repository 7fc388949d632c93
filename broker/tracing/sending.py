"""Sends spans to a collector, on a thread of its own: what is traced never waits for it."""

import http.client
import json
import logging
import threading
from collections import deque
from contextlib import closing
from typing import Final
from urllib.parse import SplitResult, urlsplit

from broker.tracing.spans import Span, write_document

_log = logging.getLogger(__name__)

_KEPT: Final = 4_096
"""How many spans wait at most; above it the oldest are lost."""
_AT_ONCE: Final = 512
_EVERY_S: Final = 1.0
_PATIENCE_S: Final = 3.0
_SUCCESS: Final = range(200, 300)


class TraceSender:
    """Takes spans and posts them, a second's together; what does not arrive is lost.

    `url` is the collector's, to which `/v1/traces` is added; `service` and `instance` name who
    tells: `orderwire-hub`, `hub-1`.
    """

    def __init__(self, url: str, *, service: str, instance: str) -> None:
        self._where = urlsplit(f"{url.rstrip('/')}/v1/traces")
        self._service = service
        self._instance = instance
        self._waiting: deque[Span] = deque(maxlen=_KEPT)
        self._stopping = threading.Event()
        self._arrives = True
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is left, once, and end."""
        self._stopping.set()
        self._thread.join()

    def put(self, span: Span) -> None:
        """Take a span; any thread may call this."""
        self._waiting.append(span)

    def _run(self) -> None:
        while not self._stopping.wait(_EVERY_S):
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        """Send what waits, until it is all sent or something does not arrive."""
        while self._waiting:
            count = min(len(self._waiting), _AT_ONCE)
            fault = self._send([self._waiting.popleft() for _ in range(count)])
            if fault and self._arrives:
                _log.warning("traces do not arrive at %s: %s", self._where.netloc, fault)
            self._arrives = not fault
            if fault:
                return

    def _send(self, spans: list[Span]) -> str:
        """Post a group of spans; gives why it did not arrive, else nothing."""
        document = write_document(spans, service=self._service, instance=self._instance)
        try:
            status = _post(self._where, json.dumps(document).encode())
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
        return "" if status in _SUCCESS else f"status {status}"


def _post(where: SplitResult, body: bytes) -> int:
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    with closing(kind(where.hostname or "", where.port, timeout=_PATIENCE_S)) as connection:
        connection.request("POST", where.path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
