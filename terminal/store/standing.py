"""How a terminal's records stand, read beside the terminal without changing them."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from broker.contract.messages import ConfigData
from terminal.store.catalogue import catalogue_path
from terminal.store.database import FILE, open_for_reading

_config: Final = msgspec.json.Decoder(ConfigData)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the records say: is it halted, what waits, which hub it heard, and its catalogue's age.

    `http` is where the hub said that snapshots are, empty before it was heard. `built_at_s` is when
    the catalogue in use was built here, None where there is none.
    """

    halted: bool
    waiting: int
    parked: int
    http: str
    built_at_s: float | None


def read_standing(folder: Path) -> Standing | None:
    """Read it; None where there are no records yet. Raises sqlite3.Error for damaged ones."""
    if not (folder / FILE).exists():
        return None
    with contextlib.closing(open_for_reading(folder)) as db:
        meta = dict(db.execute("SELECT key, value FROM meta"))
        digest = bytes(meta.get("catalogue", b"")).decode()
        return Standing(
            halted="halted" in meta,
            waiting=_count(db, "queued"),
            parked=_count(db, "parked"),
            http=_config.decode(meta["config"]).http if "config" in meta else "",
            built_at_s=_built(catalogue_path(folder, digest)) if digest else None,
        )


def _count(db: sqlite3.Connection, state: str) -> int:
    (found,) = db.execute("SELECT count(*) FROM orders WHERE state = ?", (state,)).fetchone()
    return int(found)


def _built(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
