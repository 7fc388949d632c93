"""Versions of the rule pack in the database, locked while a step is taken."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, astuple, fields, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, RowMapping, func, insert, select, update

from hub.base.engine.database import Database
from hub.db.stored_snapshots import read_body
from hub.db.tables import order_, pack_event, pack_file, rule_pack, snapshot
from hub.domain.packs.versions import Version
from hub.services.packs.ports import PackedPack, PackEvent, PackRows, PackUnit

_COLUMNS: Final = tuple(rule_pack.c[one.name] for one in fields(Version))
_LONGEST_TEXT: Final = 500


class OpenPackUnits:
    """Opens transactions on rule packs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> AbstractContextManager[PackUnit]:
        """Open one."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[PackUnit]:
        with self._database.write() as connection:
            yield _Unit(connection)


class _Unit:
    """One transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.packs: PackRows = StoredPackRows(connection)

    def commit(self) -> None:
        """Keep everything."""
        self._connection.commit()


class StoredPackRows:
    """Versions on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(self) -> Sequence[Version]:
        """Lock and give every version, oldest first."""
        ids = select(rule_pack.c.id).order_by(rule_pack.c.id).with_for_update()
        self._connection.execute(ids).all()
        # Read again: what another added while this one waited was not there when it asked.
        return read_versions(self._connection)

    def body(self, digest: str) -> bytes:
        """Give the packed bytes of a version."""
        return read_body(self._connection, digest) or b""

    def last_order(self) -> int:
        """Give the row id of the newest order, 0 where there is none."""
        return self._connection.execute(select(func.max(order_.c.id))).scalar() or 0

    def add(self, version: Version, pack: PackedPack, event: PackEvent) -> Version:
        """Keep a new version with its content and history; gives it with its row's id."""
        self._keep_bytes(version, pack)
        values = _values(version) | {
            "cases": len(pack.compiled.cases),
            "doubts": msgspec.json.encode([astuple(one) for one in pack.doubts]),
        }
        statement = insert(rule_pack).values(**values).returning(rule_pack.c.id)
        row = self._connection.execute(statement).scalar_one()
        files = [{"pack_id": row, "path": path, "body": body} for path, body in pack.files.items()]
        if files:
            self._connection.execute(insert(pack_file), files)
        self._note(row, event)
        return replace(version, id=row)

    def put(self, version: Version, event: PackEvent) -> None:
        """Write what changed of a version, and note it in its history."""
        self._connection.execute(
            update(rule_pack).where(rule_pack.c.id == version.id).values(**_values(version))
        )
        self._note(version.id, event)

    def _note(self, pack_id: int, event: PackEvent) -> None:
        values = {
            "pack_id": pack_id,
            "at": event.at,
            "kind": event.kind,
            "actor": event.actor,
            "text": event.text[:_LONGEST_TEXT],
        }
        self._connection.execute(insert(pack_event).values(**values))

    def _keep_bytes(self, version: Version, pack: PackedPack) -> None:
        known = select(snapshot.c.hash).where(snapshot.c.hash == version.hash)
        if self._connection.execute(known).first() is None:
            values = {"hash": version.hash, "kind": "pack", "body": pack.body}
            self._connection.execute(insert(snapshot).values(**values, created_at=version.added_at))


def read_versions(connection: Connection) -> Sequence[Version]:
    """Read every version, oldest first."""
    query = select(*_COLUMNS).order_by(rule_pack.c.id)
    return [version_of(row) for row in connection.execute(query).mappings()]


def version_of(row: RowMapping) -> Version:
    """Read one row."""
    return Version(**{one.name: row[one.name] for one in fields(Version)})


def _values(version: Version) -> dict[str, Any]:
    return {name: value for name, value in asdict(version).items() if name != "id"}
