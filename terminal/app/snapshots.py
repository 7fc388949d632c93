"""Fetches catalogues and rule packs over HTTP, checks their hash, and offers them for use."""

import asyncio
import base64
import hashlib
import http.client
import logging
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from broker.contract.messages import Snapshot
from rules import PackLoadError
from terminal.app.knowledge import Knowledge
from terminal.store.catalogue import CatalogueError, build_catalogue, catalogue_path

_log = logging.getLogger(__name__)
_CHUNK: Final = 64 * 1024
_TIMEOUT_S: Final = 20
_FIRST_RETRY_S: Final = 2.0
_LAST_RETRY_S: Final = 60.0
_OK: Final = 200
_PARTIAL: Final = 206


class FetchError(Exception):
    """A snapshot could not be fetched now; another try may work."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where snapshots are and who asks for them."""

    base_url: str
    terminal: str
    password: str


class SnapshotKeeper:
    """Brings the terminal to the snapshots that its hub wants it to have."""

    def __init__(self, knowledge: Knowledge, folder: Path, *, terminal: str, password: str) -> None:
        self._knowledge = knowledge
        self._folder = folder
        self._terminal = terminal
        self._password = password
        self._wake = asyncio.Event()
        self._offered: set[str] = set()
        self.on_offered: Callable[[], None] = lambda: None
        self.on_bad: Callable[[str, str], None] = lambda _code, _text: None

    def wake(self) -> None:
        """Compare what the hub wants with what is here; a snapshot found bad is tried again."""
        self._offered.clear()
        self._wake.set()

    async def run(self) -> None:
        """Fetch what differs, whenever the hub says what it wants."""
        pause_s = _FIRST_RETRY_S
        while True:
            self._wake.clear()
            if await self._fetch_all():
                pause_s = _FIRST_RETRY_S
                await self._wake.wait()
                continue
            try:
                async with asyncio.timeout(pause_s * random.uniform(0.5, 1)):  # noqa: S311  # jitter
                    await self._wake.wait()
            except TimeoutError:
                pause_s = min(2 * pause_s, _LAST_RETRY_S)

    async def _fetch_all(self) -> bool:
        config = self._knowledge.config
        if config is None:
            return True
        source = Source(config.http, self._terminal, self._password)
        in_use = self._knowledge.hashes()
        try:
            if config.catalogue.hash not in {in_use.catalogue, *self._offered}:
                await self._catalogue(source, config.catalogue)
            if config.pack.hash not in {in_use.pack, *self._offered}:
                await self._pack(source, config.pack)
        except (FetchError, OSError, http.client.HTTPException, ValueError) as error:
            _log.warning("snapshot not fetched: %s", error)
            return False
        return True

    async def _catalogue(self, source: Source, wanted: Snapshot) -> None:
        target = catalogue_path(self._folder, wanted.hash)
        if not target.exists():
            path = await asyncio.to_thread(_download, source, wanted, self._folder)
            try:
                count = await asyncio.to_thread(build_catalogue, path, target)
                _log.info("catalogue of %d products built", count)
            except CatalogueError as error:
                self._offered.add(wanted.hash)
                self.on_bad("catalogue_refused", str(error))
                return
            finally:
                path.unlink()
        self._offered.add(wanted.hash)
        self._knowledge.offer_catalogue(wanted.hash)
        self.on_offered()

    async def _pack(self, source: Source, wanted: Snapshot) -> None:
        path = await asyncio.to_thread(_download, source, wanted, self._folder)
        body = path.read_bytes()
        path.unlink()
        self._offered.add(wanted.hash)
        try:
            self._knowledge.offer_pack(wanted.hash, body)
        except PackLoadError as error:
            text = f"rule pack {wanted.hash[:12]} does not load, the old one stays: {error}"
            self.on_bad("pack_refused", text)
            return
        self.on_offered()


def _download(source: Source, wanted: Snapshot, folder: Path) -> Path:
    """Fetch one snapshot to a file, going on where an earlier try stopped; blocking.

    Raises FetchError where the hub does not give it, or gives other bytes than the hash says.
    """
    part = folder / f"snapshot-{wanted.hash}.part"
    have = part.stat().st_size if part.exists() else 0
    if have >= wanted.size:
        part.unlink(missing_ok=True)
        have = 0
    url = urlsplit(source.base_url)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=_TIMEOUT_S)
    secret = base64.b64encode(f"{source.terminal}:{source.password}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        path = f"{url.path.rstrip('/')}/terminal/v1/snapshots/{wanted.hash}"
        connection.request("GET", path, headers=headers)
        _store(connection.getresponse(), part)
    finally:
        connection.close()
    with part.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != wanted.hash:
        part.unlink()
        raise FetchError(f"snapshot {wanted.hash[:12]} came as {found[:12]}")
    return part


def _store(response: http.client.HTTPResponse, part: Path) -> None:
    if response.status not in {_OK, _PARTIAL}:
        raise FetchError(f"the hub answered {response.status} {response.reason}")
    with part.open("ab" if response.status == _PARTIAL else "wb") as handle:
        while chunk := response.read(_CHUNK):
            handle.write(chunk)
        handle.flush()
        os.fsync(handle.fileno())
