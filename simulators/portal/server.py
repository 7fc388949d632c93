"""The stand-in as an HTTP server, with a switch for each thing that goes wrong with portals."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self, get_args
from urllib.parse import parse_qs, urlsplit

from simulators.portal.registry import (
    ObjectionError,
    Registry,
    write_registered,
    written_day,
)

Switch = Literal["down", "late", "twice", "html", "busy", "foreign", "refuse", "strangers"]
"""What goes wrong.

`down` hangs up at once, `late` does what it is asked and hangs up before it answers, `twice` takes
a document again that it has. `html` answers with a page, `busy` with 503. `foreign` answers with
another document's IRN, `refuse` with an objection, `strangers` with one to the credentials.
"""
SWITCHES: Final[tuple[Switch, ...]] = get_args(Switch)
_BASE: Final = "/eicore/v1.03/Invoice"
_PAGE: Final = b"<html><body><h1>Under maintenance</h1></body></html>"
_MOST_BYTES: Final = 2_000_000


class HungUpError(Exception):
    """The line ends without an answer."""


@dataclass(slots=True)
class PortalServer:
    """Serves the stand-in on a port of this machine; 0 takes a free one.

    `wrong` are the switches that are on, `left` of how many requests one still is: what is not in
    it stays on. `objection` is what `refuse` says. `clock` gives the time.
    """

    port: int = 0
    registry: Registry = field(default_factory=Registry)
    wrong: set[Switch] = field(default_factory=set)
    left: dict[Switch, int] = field(default_factory=dict)
    objection: tuple[str, str] = ("3028", "GSTIN is not present in invoice system")
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    asked: list[str] = field(default_factory=list)
    """The requests that came: `POST /eicore/v1.03/Invoice`."""
    heads: list[Mapping[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Give the address that a hub is told."""
        assert self._server is not None  # noqa: S101  # it is served
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def switch(self, name: Switch, *, on: bool = True, times: int = 0) -> None:
        """Have something go wrong, or right again; `times` is for so many requests."""
        with self._lock:
            (self.wrong.add if on else self.wrong.discard)(name)
            self.left.pop(name, None)
            if times:
                self.left[name] = times

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"portal": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def take(self, name: Switch) -> bool:
        """Say whether something goes wrong with this request, and count it."""
        if name not in self.wrong:
            return False
        if name in self.left:
            self.left[name] -= 1
            if self.left[name] <= 0:
                self.wrong.discard(name)
                del self.left[name]
        return True

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer one request; raises HungUpError."""
        with self._lock:
            self.asked.append(f"{method} {urlsplit(path).path}")
            if self.take("down"):
                raise HungUpError
            if self.take("html"):
                return 200, _PAGE
            if self.take("busy"):
                return 503, b""
            said = self._say(method, path, body)
            if self.take("late"):
                raise HungUpError
            return 200, json.dumps(said).encode()

    def _say(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        if self.take("strangers"):
            return _refused(ObjectionError("1005", "Invalid Token"))
        if self.take("refuse"):
            return _refused(ObjectionError(*self.objection))
        try:
            return {"Status": 1, "Data": self._do(method, path, body), "ErrorDetails": None}
        except ObjectionError as error:
            return _refused(error)

    def _do(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        place, now = urlsplit(path), self.clock()
        if method == "POST" and place.path == _BASE:
            taken = self.registry.register(_read(body), at=now, twice=self.take("twice"))
            return self._foreign(write_registered(taken, self.registry.sign))
        if method == "POST" and place.path in {f"{_BASE}/Cancel", "/eicore/v1.03/Cancel"}:
            gone = self.registry.cancel(str(_read(body).get("Irn", "")), at=now)
            return {"Irn": gone.irn, "CancelDate": written_day(gone)}
        if method == "GET" and place.path == f"{_BASE}/irnbydocdetails":
            wanted = parse_qs(place.query)
            named = (wanted.get(one, [""])[0] for one in ("doctype", "docnum", "docdate"))
            return write_registered(self.registry.find(*named), self.registry.sign)
        if method == "GET" and place.path.startswith(f"{_BASE}/irn/"):
            return write_registered(
                self.registry.read(place.path.rpartition("/")[2]), self.registry.sign
            )
        raise ObjectionError("2142", "Incomplete request parameters")

    def _foreign(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "Irn": "f" * 64} if self.take("foreign") else given


class _Handler(BaseHTTPRequestHandler):
    portal: PortalServer

    def do_GET(self) -> None:  # http.server calls it so
        """Answer a request without a body."""
        self._answer(b"")

    def do_POST(self) -> None:  # http.server calls it so
        """Answer a request with a body, or turn a switch: `POST /switches/late/on`."""
        length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
        body = self.rfile.read(length)
        parts = self.path.strip("/").split("/")
        if parts[0] == "switches":
            self._turn(*parts[1:3])
        else:
            self._answer(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as in the base
        """Say nothing: what came is in `asked`."""

    def _turn(self, name: str = "", state: str = "on") -> None:
        if name in SWITCHES and state in {"on", "off"}:
            self.portal.switch(name, on=state == "on")
            self._send(200, json.dumps(sorted(self.portal.wrong)).encode())
        else:
            self._send(404, json.dumps(SWITCHES).encode())

    def _answer(self, body: bytes) -> None:
        self.portal.heads.append(dict(self.headers))
        try:
            self._send(*self.portal.answer(self.command, self.path, body))
        except HungUpError:
            self.close_connection = True

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ObjectionError("2140", "Error while validating invoice")
    return said


def _refused(error: ObjectionError) -> dict[str, Any]:
    said: dict[str, Any] = {
        "Status": 0,
        "Data": None,
        "ErrorDetails": [{"ErrorCode": error.code, "ErrorMessage": error.words}],
        "InfoDtls": None,
    }
    if error.known is not None:
        given = write_registered(error.known)
        desc = {name: given[name] for name in ("AckNo", "AckDt", "Irn")}
        said["InfoDtls"] = [{"InfCd": "DUPIRN", "Desc": desc}]
    return said
