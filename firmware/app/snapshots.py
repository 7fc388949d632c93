"""Fetches catalogue and price list over HTTP, proves them by their hash and takes them up."""

import asyncio
import binascii
import hashlib
import json
import os

from firmware.flash.catalogue import build_prices, build_products
from firmware.flash.records import read_whole, write_whole
from firmware.flash.table import remove

_NAMES = "/snapshots"
_PART = "/part"
_CHUNK = 512
_LONGEST_HEAD = 4096
_TIMEOUT_S = 20
_RETRY_MS = 10_000
_SPARE = 32 * 1024
# Each with what makes its table; the table of products holds less than the snapshot did.
_KINDS = (("catalogue", build_products, "/products"), ("pack", build_prices, "/prices"))


class SnapshotKeeper:
    """Brings the terminal to the catalogue and the price list that the hub wants it to have."""

    def __init__(self, desk: "Desk", postbox: "Postbox") -> None:
        self._desk = desk
        self._postbox = postbox
        self._refused: set[str] = set()
        kept = read_whole(desk.board.folder + _NAMES)
        postbox.names = json.loads(kept) if kept else {}
        postbox.on_config = desk.board.wake

    async def run(self) -> None:
        """Fetch what differs, whenever the hub says what it wants."""
        board = self._desk.board
        while True:
            try:
                for kind, build, table in _KINDS:
                    await self._bring(kind, build, table)
            except (OSError, ValueError, asyncio.TimeoutError) as error:
                board.say("warning", "snapshot not fetched: %r" % error)
                await asyncio.sleep(_RETRY_MS / 1000)
            await board.sleep(60_000, "snapshots")

    async def _bring(self, kind: str, build: "Callable", table: str) -> None:
        wanted = self._desk.journal.shop.get(kind)
        names = self._postbox.names
        if not wanted or wanted["hash"] in self._refused or names.get(kind) == wanted["hash"]:
            return
        folder = self._desk.board.folder
        if self._desk.board.free_bytes() < 2 * wanted["size"] + _SPARE:
            self._refuse(wanted["hash"], kind + "_too_large", "it does not fit into the flash")
            return
        await self._download(wanted)
        try:
            for done in build(folder + _PART, folder + table):
                if done % 16 == 0:
                    await asyncio.sleep(0)  # scans go on meanwhile
        except ValueError as error:
            self._refuse(wanted["hash"], kind + "_unreadable", str(error))
            return
        finally:
            remove(folder + _PART)
        names[kind] = wanted["hash"]
        write_whole(folder + _NAMES, json.dumps(names).encode())
        self._desk.take_up_catalogue()
        self._desk.board.say("catalogue", kind + " " + wanted["hash"][:12])

    def _refuse(self, digest: str, code: str, text: str) -> None:
        """Say once why something is not taken; what was there before stays."""
        self._refused.add(digest)
        self._desk.remark("alarm", code, text)

    async def _download(self, wanted: "dict[str, Any]") -> None:
        """Fetch a snapshot into a file, going on where it stopped; raises ValueError, OSError."""
        path = self._desk.board.folder + _PART
        have = _size(path)
        if have > wanted["size"]:
            remove(path)
            have = 0
        if have < wanted["size"]:
            await self._get(wanted["hash"], path, have)
        if _digest(path) != wanted["hash"]:
            remove(path)
            raise ValueError("it came otherwise than its hash says")

    async def _get(self, digest: str, path: str, have: int) -> None:
        base = self._desk.journal.shop["http"]
        settings = self._desk.settings
        secure, host, port, prefix = split_url(base)
        secret = binascii.b2a_base64((settings.id + ":" + settings.password).encode()).strip()
        opening = self._desk.board.open(host, port, settings.ca if secure else "")
        reader, writer = await asyncio.wait_for(opening, _TIMEOUT_S)
        try:
            writer.write(
                (
                    "GET %s/terminal/v1/snapshots/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
                    "Authorization: Basic %s\r\nRange: bytes=%d-\r\n\r\n"
                    % (prefix, digest, host, secret.decode(), have)
                ).encode()
            )
            await writer.drain()
            status, length, begun = await _head(reader)
            if status not in (200, 206):
                raise ValueError("the hub answered %d" % status)
            with open(path, "ab" if status == 206 else "wb") as stream:
                stream.write(begun)
                length -= len(begun)
                while length > 0:
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


async def _head(reader: "asyncio.StreamReader") -> "tuple[int, int, bytes]":
    """Read a response's head; gives status, length and what came of the body."""
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = await asyncio.wait_for(reader.read(_CHUNK), _TIMEOUT_S)
        head += chunk
        if not chunk or len(head) > _LONGEST_HEAD:
            raise ValueError("no answer of a hub")
    head, _, body = head.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    length = 0
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-length":
            length = int(value.strip())
    return int(lines[0].split(" ")[1]), length, body[:length]


def _size(path: str) -> int:
    try:
        return os.stat(path)[6]
    except OSError:
        return 0


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            if not chunk:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(chunk)
