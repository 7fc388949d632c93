"""All of a terminal's storage behind one door: records, settings from the hub, packs, catalogue."""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from broker.contract.ids import uuid7
from broker.contract.messages import ConfigData
from rules import Product
from terminal.core.cards import Tries
from terminal.core.clocks import HubTime
from terminal.core.codes import RULED_COLUMNS
from terminal.store.catalogue import Catalogue, CatalogueError, catalogue_path
from terminal.store.database import FILE, open_database, sync_folder, transaction
from terminal.store.orders import Orders
from terminal.store.records import NewOrder, StoredOrder
from terminal.store.salvage import read_waiting
from terminal.store.spool import Spool

_log = logging.getLogger(__name__)
_config: Final = msgspec.json.Decoder(ConfigData)
_tries: Final = msgspec.json.Decoder(dict[str, Tries])
_hub_time: Final = msgspec.json.Decoder(HubTime)

Kept = TypeVar("Kept")
KEPT_DAYS: Final = 60
KEPT_ORDERS: Final = 2_000
"""How long answered orders are kept, and how many of the newest always."""
_DAY_MS: Final = 86_400_000
_AT_ONCE: Final = 100
_WORD: Final = re.compile(rb"[0-9a-f-]{1,64}")
_MOST: Final = 2**53 - 1
"""The highest number that the wire takes."""
_ROOM: Final = 10_000_000
"""How many numbers a terminal has to have above the hub's: told of fewer, it would end selling."""


class StoreInUseError(Exception):
    """Another terminal runs on this folder: two of them would use each sequence twice."""


class Store:
    """Everything one terminal keeps, in one folder that belongs to it alone."""

    def __init__(self, folder: Path, stamp: str) -> None:
        """Open the records; raises StoreInUseError, and OSError or sqlite3.Error of a bad disk."""
        self.folder = folder
        self._lock = _lock(folder)
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, self._lock)
            opened = open_database(folder, stamp)
            undo.callback(opened.connection.close)
            self.durability = opened.durability
            self._db = opened.connection
            self.orders = Orders(self._db)
            self.spool = Spool(self._db)
            self._floor = _Floor(folder / "floor.json")
            self._catalogue: Catalogue | None = None
            self.moved_to = opened.moved_to or self._moved_before()
            self.salvaged = self._salvage(self.moved_to) if self.moved_to else ()
            self.boot = self._next_boot()
            self.card = self._own_card()
            self.start = _new_id()
            self.slips_given_up = self.spool.give_up_sent()
            self.unreadable = tuple(self.orders.set_aside_unreadable())
            undo.pop_all()

    def _moved_before(self) -> Path | None:
        """Find damaged records that a start put aside, and was cut short before it read them.

        Records that have served name the start in which they did.
        """
        if self._read("boot") is not None:
            return None
        return max(self.folder.glob(f"damaged-*-{FILE}"), default=None)

    def _salvage(self, damaged: Path) -> tuple[str, ...]:
        """Take over the orders that wait in damaged records; gives their numbers."""
        highest = self._floor.read("seq")
        found = read_waiting(damaged, up_to=highest)
        self.orders.take_over(found, numbered_to=highest)
        return tuple(one.number for one in found)

    def close(self) -> None:
        """Close every file."""
        if self._catalogue is not None:
            self._catalogue.close()
        self._db.close()
        os.close(self._lock)

    def next_seq(self) -> int:
        """Give the sequence of the next order."""
        return self.numbered_to() + 1

    def numbered_to(self) -> int:
        """Give the highest number that an order of this terminal has, as far as is known here.

        The hub tells it to a new card, or to an older one: those orders are not here.
        """
        told = self._number("numbered_to") or 0
        return max(self.orders.last_seq(), self._floor.read("seq"), told)

    def number_above(self, seq: int) -> None:
        """Number the next orders above this one; on disk when this returns.

        A number that leaves hardly any above it is passed over: it is none of a hub that is whole.
        """
        last = self.numbered_to()
        if last < seq <= _MOST - _ROOM:
            with transaction(self._db):
                self._write("numbered_to", str(seq).encode())
                self.orders.leave_out(last + 1, seq)

    def number_from(self, seq: int) -> int:
        """Give the first free number above one that the hub names, far below those used here.

        Numbers so far above all that the hub knows are a broken disk's: the next ones follow it.
        """
        self._write("numbered_to", str(seq).encode())
        with contextlib.suppress(OSError):
            self._floor.lower_to("seq", seq)
        return self.orders.first_free(seq)

    def renumber(self, old: StoredOrder, new: NewOrder) -> None:
        """Put an order that waits under another number, on which nothing was decided yet."""
        self.orders.renumber(old.seq, new)
        self._raise_floor(new.seq)

    def submit(self, order: NewOrder) -> StoredOrder:
        """Store a frozen order; on disk when this returns."""
        stored = self.orders.submit(order)
        self._raise_floor(order.seq)
        return stored

    def _raise_floor(self, seq: int) -> None:
        try:
            self._floor.raise_to("seq", seq)
        except OSError as error:  # the order is stored; this was only for a lost database
            _log.warning("floor not written: %s", error)

    def let_go(self, now_ms: int) -> int:
        """Let go of orders that were answered more than 60 days ago, but of the newest 2,000 never.

        A hub that forgets gets back what is kept. Gives how many went; there may be more.
        """
        before_ms = now_ms - KEPT_DAYS * _DAY_MS
        return self.orders.let_go(before_ms, newest=KEPT_ORDERS, most=_AT_ONCE)

    def put_aside_open_order(self) -> None:
        """Empty the counter of an order that cannot be read; its bytes are kept beside it."""
        (self.folder / f"damaged-open-order-{self.boot}").write_bytes(
            self.orders.take_out_open_order()
        )

    def _own_card(self) -> str:
        """Name this folder; a card that is copied, or put back from an image, keeps the name."""
        found = self._text("card")
        if not found:
            found = _new_id()
            self._write("card", found.encode())
        return found

    @property
    def halted(self) -> bool:
        """Tell whether this is the later of two machines of one id: it takes no orders."""
        return self._read("halted") is not None

    def halt(self) -> None:
        """Take no more orders until the terminal has another password; on disk when it returns."""
        self._write("halted", b"")

    def enrol(self, password: str) -> None:
        """Take note of the password that the terminal is let in by.

        Another one than before was made for this machine alone: its folder is a card of its own
        from now on, whatever it was copied from, and it sells.
        """
        digest = hashlib.sha256(password.encode()).hexdigest().encode()
        before = self._read("enrolled")
        if before == digest:
            return
        with transaction(self._db):
            if before is not None:
                self.card = _new_id()
                self._write("card", self.card.encode())
                self._db.execute("DELETE FROM meta WHERE key = 'halted'")
            self._write("enrolled", digest)

    def _next_boot(self) -> int:
        boot = max(self._number("boot") or 0, self._floor.read("boot")) % _MOST + 1
        self._write("boot", str(boot).encode())
        self._floor.raise_to("boot", boot)
        return boot

    # --- what the hub sets ---

    def config(self) -> ConfigData | None:
        """Give the hub's last word on whom this terminal serves, None before the first."""
        return self._decoded("config", _config)

    def keep_config(self, config: ConfigData) -> None:
        """Store the hub's settings."""
        self._write("config", msgspec.json.encode(config))

    def hub_time(self) -> HubTime | None:
        """Give the hub's time as last learnt."""
        return self._decoded("hub_time", _hub_time)

    def keep_hub_time(self, known: HubTime) -> None:
        """Store the hub's time, so that a restart in the same run of the machine still knows it."""
        self._write("hub_time", msgspec.json.encode(known))

    def card_tries(self) -> Mapping[str, Tries]:
        """Give the wrong PINs of operators' cards, by card."""
        return self._decoded("card_tries", _tries) or {}

    def keep_card_tries(self, tries: Mapping[str, Tries]) -> None:
        """Store the wrong PINs; on disk when this returns, so that switching off forgets none."""
        self._write("card_tries", msgspec.json.encode(tries))

    def columns(self) -> int | None:
        """Give the columns of the printer as somebody measured them, None where nobody did.

        A count that no printer has is a damaged one: with it nothing could be printed.
        """
        found = self._number("columns")
        return found if found in RULED_COLUMNS else None

    def volume(self) -> int | None:
        """Give how loud the counter is as somebody set it, None where nobody did."""
        return self._number("volume")

    def keep_volume(self, volume: int) -> None:
        """Store how loud the counter is."""
        self._write("volume", str(volume).encode())

    def keep_columns(self, columns: int) -> None:
        """Store the printer's columns."""
        self._write("columns", str(columns).encode())

    def packs(self) -> Iterator[tuple[str, bytes]]:
        """Give (hash, body) of the current rule pack, then of the previous one, where it is asked.

        A body may be of megabytes: it is read into one piece of memory, not first into SQLite's.
        """
        query = "SELECT rowid, hash FROM packs ORDER BY place = 'previous'"
        for row, digest in self._db.execute(query).fetchall():
            with self._db.blobopen("packs", "body", row, readonly=True) as body:
                yield digest, body.read()

    def swap_pack(self, digest: str, body: bytes) -> None:
        """Make a pack the current one and keep the one before it."""
        with transaction(self._db):
            self._db.execute("DELETE FROM packs WHERE place = 'previous' OR hash = ?", (digest,))
            self._db.execute("UPDATE packs SET place = 'previous'")
            self._db.execute("INSERT INTO packs VALUES ('current', ?, ?)", (digest, body))

    # --- catalogue ---

    def catalogue_hash(self) -> str | None:
        """Name the snapshot in use."""
        return self._text("catalogue")

    def catalogue(self) -> Catalogue | None:
        """Give the catalogue in use; None where there is none yet, or its file is gone."""
        if self._catalogue is None:
            digest = self.catalogue_hash()
            path = catalogue_path(self.folder, digest) if digest else None
            if path is not None and path.exists():
                self._catalogue = self._opened(path)
        return self._catalogue

    def _opened(self, path: Path) -> Catalogue | None:
        """Open a catalogue; one that is damaged goes, and is fetched again."""
        try:
            return Catalogue(path)
        except CatalogueError as error:
            _log.error("%s: %s", path.name, error)
            self._remove(path)
            return None

    def drop_catalogue(self) -> None:
        """Have a catalogue that turned out damaged go: it can be fetched again."""
        digest = self.catalogue_hash()
        if self._catalogue is not None:
            self._catalogue.close()
        self._catalogue = None
        if digest is not None:
            self._remove(catalogue_path(self.folder, digest))

    def _remove(self, path: Path) -> None:
        with contextlib.suppress(OSError):  # a disk that cannot be written: at the next try
            path.unlink(missing_ok=True)

    def try_to_write(self) -> None:
        """Write something that is there already; raises where the disk cannot be written."""
        self._write("boot", str(self.boot).encode())

    def swap_catalogue(self, digest: str) -> None:
        """Use the snapshot that was built for `digest`; older files are removed."""
        self._write("catalogue", digest.encode())
        if self._catalogue is not None:
            self._catalogue.close()
        self._catalogue = None
        kept = catalogue_path(self.folder, digest)
        for path in self.folder.glob("catalogue-*.db"):
            if path != kept:
                self._remove(path)

    def products(self) -> Mapping[str, Product]:
        """Give the products by SKU, none where there is no catalogue."""
        catalogue = self.catalogue()
        # Asked whether it is empty, a catalogue would count its 100,000 products with every scan.
        return {} if catalogue is None else catalogue

    def _decoded(self, key: str, decoder: "msgspec.json.Decoder[Kept]") -> Kept | None:
        """Read what the hub will say again: where it is damaged, as if it had not been said."""
        found = self._read(key)
        try:
            return decoder.decode(found) if found else None
        except msgspec.MsgspecError as error:
            _log.warning("the stored %s cannot be read: %s", key, error)
            return None

    def _number(self, key: str) -> int | None:
        """Read a count that the wire takes; a damaged one is as good as none."""
        found = self._text(key)
        if not found or not found.isdigit() or int(found) >= _MOST:
            return None
        return int(found)

    def _text(self, key: str) -> str | None:
        """Read a count, an id or a hash; a damaged one is as good as none."""
        found = self._read(key)
        if found and not _WORD.fullmatch(found):
            _log.warning("the stored %s cannot be read", key)
            return None
        return found.decode() if found else None

    def _read(self, key: str) -> bytes | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else None

    def _write(self, key: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def _lock(folder: Path) -> int:
    """Keep the folder to this store, for as long as the handle is open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreInUseError(f"another terminal runs on {folder}") from error
    return handle


class _Floor:
    """Counters that must never fall, kept beside the database as well.

    Should the database be lost, sequences and boots go on where they were: the hub would take an
    order under a used sequence for another order's repeat, and a lower boot for an old message.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> int:
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            found = int(json.loads(self._path.read_bytes()).get(name, 0))
            return found if 0 <= found < _MOST else 0
        return 0

    def raise_to(self, name: str, value: int) -> None:
        if self.read(name) < value:
            self._put(name, value)

    def lower_to(self, name: str, value: int) -> None:
        """Have a counter fall, where the hub says so."""
        self._put(name, value)

    def _put(self, name: str, value: int) -> None:
        counters = {key: self.read(key) for key in ("boot", "seq")}
        counters[name] = value
        draft = self._path.with_suffix(".draft")
        with draft.open("wb") as handle:
            handle.write(json.dumps(counters).encode())
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(self._path)
        sync_folder(self._path.parent)
