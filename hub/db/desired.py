"""What terminals should have: whom they serve, and which snapshots."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from broker.contract import Snapshot
from hub.base.engine.columns import table_of
from hub.base.engine.database import holders, padded
from hub.db import tables
from hub.db.orders.parties import PARTIES, read_party
from hub.db.packs.serving import serving_hash
from hub.db.wire import StoredPresence
from hub.domain.customer_facts import customer_facts
from hub.services.hear_terminals import Desired, config_data

_settings: Final = table_of(tables.Setting)


class StoredWatch(StoredPresence):
    """Presence, and what terminals should have."""

    def desired(self, terminals: Sequence[str], *, http: str, now_ms: int) -> Sequence[Desired]:
        """Say what these terminals should have; nothing before a catalogue and a pack are there."""
        if not terminals:
            return []
        with self._database.read() as connection:
            settings: dict[str, str] = {
                row.key: row.value for row in connection.execute(select(_settings))
            }
            catalogue = _snapshot(connection, settings.get("catalogue"))
            pack = _snapshot(connection, serving_hash(connection, now_ms))
            cursor = self._database.cursor(connection)
            statement = f"{PARTIES}({holders(len(terminals))}) ORDER BY t.id"
            cursor.execute(self._database.sql(statement), padded(terminals))
            parties = [read_party(row) for row in cursor.fetchall()]
        if catalogue is None or pack is None:
            return []
        return [
            Desired(
                party.terminal,
                config_data(
                    settings,
                    customer_facts(party, exposure=party.credit.exposure, as_of=now_ms),
                    warehouse=party.warehouse,
                    http=http,
                    catalogue=catalogue,
                    pack=pack,
                ),
            )
            for party in parties
            if not party.revoked
        ]

    def version(self, now_ms: int) -> tuple[str, ...]:
        """Name all that terminals are told now, so that a change of any of it is seen."""
        with self._database.read() as connection:
            settings = connection.execute(select(_settings).order_by(_settings.c.key)).all()
            pack = serving_hash(connection, now_ms)
        return (pack or "", *(f"{row.key}={row.value}" for row in settings))

    def online(self) -> Sequence[str]:
        """Name the terminals that said they are there."""
        table = tables.terminal_presence
        query = select(table.c.terminal).where(table.c.state == "online")
        with self._database.read() as connection:
            return connection.execute(query).scalars().all()


def _snapshot(connection: Connection, digest: str | None) -> Snapshot | None:
    """Name a snapshot with its size."""
    table = tables.snapshot
    query = select(func.length(table.c.body)).where(table.c.hash == digest)
    size = connection.execute(query).scalar() if digest else None
    return Snapshot(hash=digest, size=size) if digest and size is not None else None
