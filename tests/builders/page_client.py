"""A client that asks the hub's pages in this process, and is given each answer whole.

That of Starlette hands an answer over from thread to thread in seven parts, which costs as much as
many a page.
"""

import asyncio
from typing import Any, Final
from urllib.parse import unquote

import httpx2
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient


class PageClient(TestClient):
    """A client of an application, to be used within `with`."""

    def __init__(self, app: Any, **settings: Any) -> None:
        super().__init__(app, **settings)
        self._transport = _WholeAnswers(self)


class _WholeAnswers(httpx2.BaseTransport):
    """Has the application answer in the loop of its client's portal."""

    def __init__(self, client: TestClient) -> None:
        self._client: Final = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask the application; what it raises is raised here."""
        portal = self._client.portal
        assert isinstance(portal, BlockingPortal), "the client is not open"
        asked = _Asked(request)
        portal.call(
            self._client.app, asked.scope(self._client.app_state), asked.receive, asked.send
        )
        return asked.answer()


class _Asked:
    """One question, and what was answered so far."""

    def __init__(self, request: httpx2.Request) -> None:
        self._request: Final = request
        self._is_read = False
        self._over: Final = asyncio.Event()
        self._start: Any = None
        self._parts: Final[list[bytes]] = []

    def scope(self, state: dict[str, Any]) -> dict[str, Any]:
        """Describe the question as a server does."""
        url = self._request.url
        headers = self._request.headers
        given = [(name.lower().encode(), value.encode()) for name, value in headers.multi_items()]
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self._request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": given,
            "client": ("testclient", 50000),
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "extensions": {},
            "state": state.copy(),
        }

    async def receive(self) -> dict[str, Any]:
        """Give the question's body, and after the answer that whoever asked has gone."""
        if self._is_read:
            await self._over.wait()
            return {"type": "http.disconnect"}
        self._is_read = True
        return {"type": "http.request", "body": self._request.read()}

    async def send(self, message: Any) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._parts.append(bytes(message.get("body", b"")))
        if not message.get("more_body", False):
            self._over.set()

    def answer(self) -> httpx2.Response:
        """Give the whole answer."""
        headers = [(key.decode(), value.decode()) for key, value in self._start["headers"]]
        body = b"" if self._request.method == "HEAD" else b"".join(self._parts)
        stream = httpx2.ByteStream(body)
        status = self._start["status"]
        return httpx2.Response(status, headers=headers, stream=stream, request=self._request)
