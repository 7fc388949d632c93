"""Past orders as questions to the engine, from the evidence that is kept with each."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from hub.base.engine.database import Database
from hub.db.packs.rows import read_versions
from hub.db.stored_snapshots import StoredSnapshots, read_body
from hub.db.tables import decision
from hub.domain.evidence import inputs_of, read_evidence
from hub.domain.packs.versions import Version
from rules import CompiledPack, load_pack
from rules.tools.documents import Question

_GROUP: Final = 500


class StoredPastOrders:
    """Reads versions and orders; nothing is locked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self) -> Sequence[Version]:
        """Give every version, oldest first."""
        with self._database.read() as connection:
            return read_versions(connection)

    def pack(self, digest: str) -> CompiledPack:
        """Compile a version; raises PackLoadError."""
        return load_stored(self._database, digest)

    def newest(self, most: int) -> Sequence[Question]:
        """Give the newest orders that the rules decided, with what each was decided from."""
        found: list[Question] = []
        query = (
            select(decision.c.order_id, decision.c.inputs)
            .where(decision.c.result_hash.is_not(None))
            .order_by(decision.c.order_id.desc())
        )
        with self._database.read() as connection:
            snapshots = StoredSnapshots()
            last = None
            while len(found) < most:
                older = query if last is None else query.where(decision.c.order_id < last)
                rows = connection.execute(older.limit(min(_GROUP, most - len(found)))).all()
                if not rows:
                    break
                last = rows[-1].order_id
                found += [question_of(connection, row, snapshots) for row in rows]
        return found


def question_of(
    connection: Connection, row: Row[*tuple[Any, ...]], snapshots: StoredSnapshots
) -> Question:
    """Give what an order was decided from."""
    evidence = read_evidence(bytes(row.inputs))
    catalogue = snapshots.catalogue(connection, evidence.catalogue)
    return Question(*inputs_of(evidence, catalogue))


def load_stored(database: Database, digest: str) -> CompiledPack:
    """Compile a pack from its snapshot; raises PackLoadError."""
    with database.read() as connection:
        return load_pack(read_body(connection, digest) or b"")
