"""Calls a service outside over HTTP, with the heads that it wants; jobs do so, at least once."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urlsplit

_TIMEOUT_S: Final = 15
"""Of one call; a job makes three at most, and its lease is four times as long."""
_MOST_BYTES: Final = 1_048_576
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class UnreachableError(Exception):
    """A service did not answer, or not in time: what was sent to it may be done or not."""


class Answered(NamedTuple):
    """What a service answered, whatever it says."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class WebHost:
    """A service by its address; `heads` are secret. Without an address nothing is called.

    `timeout_s` is how long it may be silent: a person waits for less than a job does.
    """

    url: str = ""
    heads: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_s: float = _TIMEOUT_S

    def fault(self) -> str:
        """Say what is wrong with the address; empty where it can be called.

        Whoever listens on the way would read the heads, so that plain HTTP goes to this machine
        alone.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return f"{self.url!r} is no address that begins with https://"
        if parts.scheme == "http" and parts.hostname not in _HERE:
            return f"{self.url!r} would send credentials in the open: use https://"
        return ""

    def call(self, method: str, path: str, body: bytes = b"") -> Answered:
        """Send one request and read the answer to its end; raises UnreachableError."""
        parts = urlsplit(self.url)
        heads = {"Accept": "application/json", **self.heads}
        if body:
            heads["Content-Type"] = "application/json"
        place = (parts.hostname or "", parts.port)
        connection = (
            http.client.HTTPSConnection(
                *place, timeout=self.timeout_s, context=ssl.create_default_context()
            )
            if parts.scheme == "https"
            else http.client.HTTPConnection(*place, timeout=self.timeout_s)
        )
        try:
            connection.request(method, parts.path.rstrip("/") + path, body or None, heads)
            answer = connection.getresponse()
            read = answer.read(_MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"{parts.hostname}: {error or type(error).__name__}") from error
        finally:
            connection.close()
        if len(read) > _MOST_BYTES:
            raise UnreachableError(f"{parts.hostname}: the answer has no end")
        return Answered(answer.status, read)
