"""Posts a document to an address outside, once, within bounds: jobs call it, at least once each.

An address inside the house is refused unless a setting names its host: whoever may enter an address
must not reach by it what only this machine may reach. The name is looked up once, and the very
address that was looked at is connected to. No redirect is followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import SplitResult, urlsplit

_CONNECT_S: Final = 5.0
_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
_EMBEDDING: Final = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv6 that stand for one of IPv4, in their last 32 bits."""
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


Why = Literal["plain", "unknown", "inside", "late", "broken"]
"""Why a document did not arrive: no TLS, a host that is not known, an address inside the house, no
answer in time, or a connection that broke."""
WHYS: Final[tuple[Why, ...]] = get_args(Why)


class PostError(Exception):
    """A document did not reach its address, or nobody knows whether it did."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why: Final = why


@dataclass(frozen=True, slots=True)
class Posted:
    """What an address answered: its status, after so many milliseconds."""

    status: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class WebPost:
    """Posts documents; `inside` are the hosts that may be inside the house, and without TLS.

    An exchange as a whole takes `whole_s` at most.
    """

    inside: frozenset[str] = frozenset()
    whole_s: float = 10.0

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Post a document; raises PostError. Of the answer no more than the head is read."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and host not in self.inside:
            raise PostError("plain", parts.scheme)
        address = self._look_up(host, parts.port or _PORTS[parts.scheme])
        begun = time.monotonic()
        cut = _Cut(self.whole_s)
        try:
            status = _exchange(parts, address, body, headers=headers, cut=cut)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # The socket's own limit is the same, and may be noticed first.
            is_late = cut.is_done or isinstance(error, TimeoutError)
            raise (self._late if is_late else PostError("broken", _said(error))) from error
        finally:
            cut.close()
        if cut.is_done:
            raise self._late
        return Posted(status, int((time.monotonic() - begun) * 1_000))

    @property
    def _late(self) -> PostError:
        return PostError("late", f"{self.whole_s:g} s")

    def _look_up(self, host: str, port: int) -> tuple[str, int]:
        """Find the address of a host; raises PostError where any of its addresses is inside."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PostError("unknown", host) from error
        addresses = [str(one[4][0]).partition("%")[0] for one in found]
        if host not in self.inside:
            for one in addresses:
                if not is_outside(ipaddress.ip_address(one)):
                    raise PostError("inside", one)
        return addresses[0], port


def is_outside(address: Ip) -> bool:
    """Say whether an address is one of the internet, also where it stands for another one.

    Not 127.0.0.1, 10.0.0.1, 169.254.169.254 or ::1, and neither ::ffff:10.0.0.1.
    """
    if isinstance(address, ipaddress.IPv6Address):
        teredo = address.teredo
        embedded = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
        if embedded is None and address in _EMBEDDING:
            embedded = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if embedded is not None:
            return is_outside(embedded)
    return address.is_global and not address.is_multicast


class _Cut:
    """Cuts a connection once the whole time is over, however slowly the other end goes on."""

    def __init__(self, whole_s: float) -> None:
        self.socket: socket.socket | None = None
        self.is_done = False
        self.whole_s: Final = whole_s
        self._timer = threading.Timer(whole_s, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.is_done = True
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def close(self) -> None:
        """End the connection."""
        self._timer.cancel()
        if self.socket is not None:
            self.socket.close()


def _exchange(
    parts: SplitResult,
    address: tuple[str, int],
    body: bytes,
    *,
    headers: Mapping[str, str],
    cut: _Cut,
) -> int:
    """Send the document over a connection of its own, and read the status of the answer."""
    host = parts.hostname or ""
    try:
        cut.socket = connected = socket.create_connection(address, timeout=_CONNECT_S)
    except TimeoutError as error:
        raise PostError("late", f"{_CONNECT_S:g} s") from error
    connected.settimeout(cut.whole_s)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        cut.socket = connected = context.wrap_socket(connected, server_hostname=host)
    connection = http.client.HTTPConnection(host, address[1])
    connection.sock = connected
    connection.request("POST", _path_of(parts), body, {**headers, "Connection": "close"})
    return connection.getresponse().status


def _path_of(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300] if str(error) else type(error).__name__
