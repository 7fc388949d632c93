"""Fetches catalogues and rule packs over HTTP, proves them, and offers them for use."""

import asyncio
import base64
import hashlib
import logging
import os
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from broker.contract.messages import SignedSnapshot, Snapshot
from rules import PackLoadError
from terminal.app.disk import is_of_disk
from terminal.app.enrolment.passwords import Passwords
from terminal.app.knowledge import Knowledge
from terminal.app.packs import loaded
from terminal.app.settings import Settings
from terminal.core.packs import PackHold
from terminal.devices.proving import ProofError, prove
from terminal.store.catalogue import CatalogueError, build_catalogue, catalogue_path

if TYPE_CHECKING:
    from http.client import HTTPResponse

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

    def __init__(self, knowledge: Knowledge, settings: Settings, passwords: Passwords) -> None:
        self._knowledge = knowledge
        self._settings = settings
        self._passwords = passwords
        self._folder = settings.data
        self._wake = asyncio.Event()
        self._offered: set[str] = set()
        self._refused: dict[SignedSnapshot, PackHold] = {}
        self.on_offered: Callable[[], None] = lambda: None
        self.on_trouble: Callable[[bool], None] = lambda _is_of_disk: None
        self.on_bad: Callable[[str, str], None] = lambda _code, _text: None

    def wake(self) -> None:
        """Compare what the hub wants with what is here; a catalogue found bad is tried again."""
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
        source = Source(config.http, self._settings.id, self._passwords.current)
        in_use = self._knowledge.hashes()
        wanted = {config.catalogue.hash, config.pack.hash} - {in_use.catalogue, in_use.pack}
        try:
            self._sweep(wanted)
            if config.catalogue.hash not in {in_use.catalogue, *self._offered}:
                await self._catalogue(source, config.catalogue)
            if config.pack in self._refused:
                self._knowledge.packs.refuse(self._refused[config.pack])
            elif config.pack.hash not in {in_use.pack, self._knowledge.packs.awaited}:
                await self._pack(source, config.pack)
        except (sqlite3.Error, OSError) as error:
            _log.warning("snapshot not stored: %s", error)
            self.on_trouble(is_of_disk(error))
            return False
        except (FetchError, ValueError) as error:
            _log.warning("snapshot not fetched: %s", error)
            return False
        self.on_trouble(False)
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
                path.unlink(missing_ok=True)
        self._offered.add(wanted.hash)
        self._knowledge.offer_catalogue(wanted.hash)
        self.on_offered()

    async def _pack(self, source: Source, wanted: SignedSnapshot) -> None:
        """Fetch a pack and have it follow, or refuse it once: the hub names it again and again.

        Its file stays until it is in force, so that a restart need not fetch it again.
        """
        path = await asyncio.to_thread(_download, source, wanted, self._folder)
        try:
            hold = await asyncio.to_thread(
                prove,
                path,
                wanted.hash,
                signature=wanted.signature,
                keys=tuple(self._settings.pack_keys.split()),
            )
            if hold is None:
                body = path.read_bytes()
                pack = await asyncio.to_thread(loaded, body)
                if self._is_wanted(wanted):
                    hold = self._knowledge.packs.follow(pack, body)
        except PackLoadError as error:
            hold = PackHold("pack_unreadable", str(error))
        except ProofError as error:
            self._knowledge.packs.refuse(PackHold("pack_check_failed", str(error)))
            raise
        if hold is not None:
            self._refused[wanted] = hold
            self._knowledge.packs.refuse(hold)
            text = f"rule pack {wanted.hash[:12]} is not taken, the old one stays: {hold.text}"
            self.on_bad(hold.code, text)
        self.on_offered()

    def _is_wanted(self, pack: SignedSnapshot) -> bool:
        """Tell whether the hub still wants a pack: it may have changed its mind meanwhile."""
        config = self._knowledge.config
        return config is not None and config.pack == pack

    def _sweep(self, wanted: set[str]) -> None:
        """Delete what is left of snapshots that nobody waits for any more."""
        kept = {f"snapshot-{digest}" for digest in wanted}
        for path in self._folder.glob("snapshot-*"):
            if path.name.split(".")[0] not in kept:
                path.unlink()


def _download(source: Source, wanted: Snapshot, folder: Path) -> Path:
    """Fetch one snapshot to a file, unless it is there; blocking. Raises FetchError, OSError."""
    part = folder / f"snapshot-{wanted.hash}.part"
    fetch(source, f"/terminal/v1/snapshots/{wanted.hash}", part, wanted=wanted)
    return part


def always() -> bool:
    """Go on in any case."""
    return True


def fetch(
    source: Source,
    address: str,
    part: Path,
    *,
    wanted: Snapshot,
    goes_on: Callable[[], bool] = always,
) -> bool:
    """Fetch a file of the hub, unless it is there, going on where it stopped; blocking.

    True where it is there whole; False where it did not go on: what has come stays for another
    time. Raises FetchError where the hub does not give it, or gives other bytes than the hash says.
    """
    # Imported here, with the mail parser behind it: a start has no file to fetch.
    import http.client  # noqa: PLC0415

    have = part.stat().st_size if part.exists() else 0
    if have == wanted.size and _digest(part) == wanted.hash:
        return True
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
        connection.request("GET", f"{url.path.rstrip('/')}{address}", headers=headers)
        if not _store(connection.getresponse(), part, most=wanted.size, goes_on=goes_on):
            return False
    except http.client.HTTPException as error:
        raise FetchError(f"the hub's answer is none: {error!r}") from error
    finally:
        connection.close()
    found = _digest(part)
    if found != wanted.hash:
        part.unlink()
        raise FetchError(f"{wanted.hash[:12]} came as {found[:12]}")
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _store(response: "HTTPResponse", part: Path, *, most: int, goes_on: Callable[[], bool]) -> bool:
    """Put what comes into a file, not more than a chunk above what it should have."""
    if response.status not in {_OK, _PARTIAL}:
        raise FetchError(f"the hub answered {response.status} {response.reason}")
    with part.open("ab" if response.status == _PARTIAL else "wb") as handle:
        while goes_on() and (chunk := response.read(_CHUNK)):
            handle.write(chunk)
            if handle.tell() > most:
                break
        handle.flush()
        os.fsync(handle.fileno())
    return goes_on()
