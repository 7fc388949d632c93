"""Fetches a file over HTTP into the flash, bounded in memory, going on where it stopped."""

import asyncio
import binascii
import hashlib

_CHUNK = 256
_LONGEST_LINE = 512
_MOST_LINES = 64
_TIMEOUT_S = 20


async def fetch(
    board: "BaseBoard",
    url: str,
    path: str,
    *,
    most: int,
    have: int = 0,
    secret: str = "",
    ca: str = "",
    goes_on: "Callable[[], bool] | None" = None,
) -> None:
    """Fetch an address into a file, of which the first `have` bytes are there.

    `secret` is who we are, for the server itself only; more than `most` bytes in all are refused.
    Once `goes_on` says no, the rest is left for another time. Raises ValueError, OSError,
    asyncio.TimeoutError.
    """
    secure, host, port, place = split_url(url)
    opening = board.open(host, port, ca if secure else "")
    reader, writer = await asyncio.wait_for(opening, _TIMEOUT_S)
    try:
        asked = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n" % (place or "/", host)
        if secret:
            asked += "Authorization: Basic %s\r\n" % secret
        if have:
            asked += "Range: bytes=%d-\r\n" % have
        writer.write((asked + "\r\n").encode())
        await writer.drain()
        try:
            status, length = await asyncio.wait_for(_head(reader), _TIMEOUT_S)
        except IndexError:
            raise ValueError("no answer of a hub")
        if status not in (200, 206):
            raise ValueError("the server answered %d" % status)
        if length > most:
            raise ValueError("it is larger than it was said to be")
        with open(path, "ab" if status == 206 else "wb") as stream:
            while length > 0 and (goes_on is None or goes_on()):
                chunk = await asyncio.wait_for(reader.read(min(_CHUNK, length)), _TIMEOUT_S)
                if not chunk:
                    raise ValueError("the connection ended early")
                stream.write(chunk)
                length -= len(chunk)
    finally:
        writer.close()


def split_url(url: str) -> "tuple[bool, str, int, str]":
    """Split `http://host:port/prefix`; raises ValueError for another kind of address."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("http", "https"):
        raise ValueError("no address of a hub: " + url[:80])
    host, _, prefix = rest.partition("/")
    name, _, port = host.partition(":")
    number = int(port) if port else (443 if scheme == "https" else 80)
    return scheme == "https", name, number, "/" + prefix.rstrip("/") if prefix else ""


async def _head(reader: "asyncio.StreamReader") -> "tuple[int, int]":
    """Read a response's head; gives its status and the length of its body."""
    status = int((await _line(reader)).split(" ")[1])
    length = 0
    for _ in range(_MOST_LINES):
        line = await _line(reader)
        if not line:
            return status, length
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-length":
            length = int(value.strip())
    raise ValueError("no answer of a hub")


async def _line(reader: "asyncio.StreamReader") -> str:
    """Read a line of a head, byte by byte: it is short, and so is the memory."""
    line = b""
    while not line.endswith(b"\n"):
        byte = await reader.read(1)
        line += byte
        if not byte or len(line) > _LONGEST_LINE:
            raise ValueError("no answer of a hub")
    return line.decode().strip()


def digest_of(path: str) -> str:
    """Give the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            if not chunk:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(chunk)
