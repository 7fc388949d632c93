"""One page, one state and one scan box over just enough HTTP."""

import asyncio
import contextlib
import ipaddress
import json
import logging
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from terminal.core.screen import Screen, state_of
from terminal.core.words import Voice

_log = logging.getLogger(__name__)
_MAX_HEAD: Final = 8 * 1024
_MAX_BODY: Final = 4 * 1024
_PATIENCE_S: Final = 10
_FILES: Final = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/camera.js": ("camera.js", "text/javascript; charset=utf-8"),
}
_PLACE: Final = re.compile(r"\{\{([a-z_.]+)\}\}")
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
)
"""What `html.escape` does, which comes with 2,231 names of signs and 0.3 MiB for them."""
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Connection": "close",
}
_REASONS: Final = {
    200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 411: "Length Required", 413: "Content Too Large",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One request, with its header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back; the connection is closed after it."""

    status: int
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"


class Page:
    """Serves the screen and takes codes typed on the page."""

    def __init__(self, *, screen: Callable[[], Screen], scan: Callable[[str], None]) -> None:
        self._screen = screen
        self._scan = scan
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> str:
        """Start to listen; gives the page's address. Port 0 takes a free one."""
        self._server = await asyncio.start_server(self._talk, host, port, limit=_MAX_HEAD)
        bound = self._server.sockets[0].getsockname()[1]
        return f"http://{host}:{bound}"

    async def serve(self) -> None:
        """Serve until cancelled."""
        if self._server is not None:
            async with self._server:
                await self._server.serve_forever()

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        if not _is_own_host(request.headers.get("host", "")):
            return Response(403, b"this page is reached by address, not by that name\n")
        match (request.method, request.path):
            case ("GET", "/state"):
                shown = json.dumps(state_of(self._screen()), ensure_ascii=False)
                return Response(200, shown.encode(), "application/json")
            case ("GET", path) if path in _FILES:
                return _file(path, self._screen().voice)
            case ("POST", "/scan"):
                return self._scanned(request)
            case (_, path) if path in {*_FILES, "/state", "/scan"}:
                return Response(405, b"not so\n")
        return Response(404, b"no such page\n")

    def _scanned(self, request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            # Another site open in the same browser must not type into the order.
            return Response(403, b"codes are taken from this page only\n")
        try:
            code = request.body.decode()
        except UnicodeDecodeError:
            return Response(400, b"the code is not UTF-8\n")
        self._scan(code)
        return Response(204)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                response = await self._one(reader)
                writer.write(_written(response))
                await writer.drain()
        writer.close()

    async def _one(self, reader: asyncio.StreamReader) -> Response:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return Response(413, b"too long\n")
        request = _read_head(head)
        if request is None:
            return Response(400, b"not understood\n")
        if request.method == "POST":
            length = request.headers.get("content-length", "")
            if not (length.isascii() and length.isdigit()):
                return Response(411, b"how long?\n")
            if int(length) > _MAX_BODY:
                return Response(413, b"too long\n")
            body = await reader.readexactly(int(length))
            request = Request(request.method, request.path, request.headers, body)
        return self.answer(request)


def _read_head(head: bytes) -> Request | None:
    first, *lines = head.decode("latin-1").split("\r\n")
    match first.split(" "):
        case [method, target, version] if version.startswith("HTTP/1."):
            headers = {}
            for line in lines:
                name, found, value = line.partition(":")
                if found:
                    headers[name.strip().lower()] = value.strip()
            return Request(method, urlsplit(target).path, headers)
    return None


def _written(response: Response) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {_REASONS[response.status]}"]
    headers = {**_HEADERS, "Content-Type": response.kind, "Content-Length": len(response.body)}
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body


def _file(path: str, voice: Voice) -> Response:
    """Give a file of the page; its words stand in places: `{{page.code}}` is a message's id."""
    name, kind = _FILES[path]
    source = Path(__file__).with_name(name).read_text(encoding="utf-8")
    if path == "/":
        words = {"language": voice.language, "direction": "rtl" if voice.is_rtl else "ltr"}

        def word(at: re.Match[str]) -> str:
            return (words.get(at[1]) or voice.text(at[1])).translate(_ESCAPES)

        source = _PLACE.sub(word, source)
    return Response(200, source.encode(), kind)


def _is_own_host(host: str) -> bool:
    """Tell whether the page was asked for by address or the machine's own name.

    A foreign name that was made to point here (DNS rebinding) would pass the origin check.
    """
    name = urlsplit(f"//{host}").hostname or ""
    own = socket.gethostname().lower()
    if name in {"localhost", own, f"{own}.local"}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
