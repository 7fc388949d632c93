"""Terminals and users as the command line adds and takes them away."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert, select, update

from hub.base.clock import Clock
from hub.base.engine.columns import table_of
from hub.base.engine.database import Database
from hub.db import tables
from hub.db.orders.leases import OF_TERMINAL, take_back
from hub.services.terminals import TerminalLine
from hub.services.users import NewUser

_terminals: Final = table_of(tables.Terminal)
_customers: Final = table_of(tables.Customer)
_warehouses: Final = table_of(tables.Warehouse)
_users: Final = table_of(tables.UserAccount)
_LEASE: Final = (
    "terminal",
    "rule",
    "scope",
    "uses",
    "of_uses",
    "amount",
    "of_amount",
    "pieces",
    "of_pieces",
    "until_ms",
)


class StoredTerminals:
    """Terminals in the database; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self) -> Sequence[TerminalLine]:
        """List them by id."""
        presence = tables.terminal_presence
        query = (
            select(
                _terminals.c.id,
                _customers.c.code.label("customer"),
                _warehouses.c.code.label("warehouse"),
                _terminals.c.revoked_at,
                presence.c.state,
                presence.c.seen_at,
                presence.c.queued,
            )
            .join(_customers, _customers.c.id == _terminals.c.customer_id)
            .join(_warehouses, _warehouses.c.id == _terminals.c.warehouse_id)
            .join(presence, presence.c.terminal == _terminals.c.id, isouter=True)
            .order_by(_terminals.c.id)
        )
        with self._database.read() as connection:
            return [TerminalLine(**row) for row in connection.execute(query).mappings()]

    def revoke(self, terminal: str, now_ms: int) -> bool:
        """Revoke one; False if there is no such terminal, or it is revoked already."""
        with self._database.write() as connection:
            done = connection.execute(
                update(_terminals)
                .where(_terminals.c.id == terminal, _terminals.c.revoked_at.is_(None))
                .values(revoked_at=now_ms)
            )
            cursor = self._database.cursor(connection)
            while take_back(self._database, cursor, OF_TERMINAL, value=terminal):
                pass
            connection.commit()
            return bool(done.rowcount)

    def enrol(self, line: TerminalLine, digest: str, now_ms: int) -> str | None:
        """Add one, or give one that is there a new secret; else says what is not known."""
        with self._database.write() as connection:
            customer = connection.execute(
                select(_customers.c.id).where(_customers.c.code == line.customer)
            ).scalar()
            warehouse = connection.execute(
                select(_warehouses.c.id).where(_warehouses.c.code == line.warehouse)
            ).scalar()
            if customer is None:
                return f"customer {line.customer!r} is not known"
            if warehouse is None:
                return f"warehouse {line.warehouse!r} is not known"
            values = {
                "customer_id": customer,
                "warehouse_id": warehouse,
                "secret_sha256": digest,
                "created_at": now_ms,
                "revoked_at": None,
            }
            here = _terminals.c.id == line.id
            if not connection.execute(update(_terminals).where(here).values(values)).rowcount:
                connection.execute(insert(_terminals).values(id=line.id, **values))
            connection.commit()
        return None


class StoredLeaseList:
    """Lists open leases from the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self) -> Sequence[dict[str, object]]:
        """Give every open lease with the limits it is a slice of, by rule, scope and terminal."""
        lease = tables.lease.c
        query = (
            select(*(lease[name] for name in _LEASE))
            .where(lease.until_ms > self._clock.now_ms())
            .order_by(lease.rule, lease.scope, lease.terminal)
        )
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


class StoredUsers:
    """People who sign in, as the command line adds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, user: NewUser, now_ms: int) -> bool:
        """Add a user, or change role and password; False if the user was there."""
        values = {"password_hash": user.password_hash, "role": user.role, "active": True}
        with self._database.write() as connection:
            here = _users.c.name == user.name
            changed = connection.execute(update(_users).where(here).values(values)).rowcount
            if not changed:
                connection.execute(
                    insert(_users).values(name=user.name, created_at=now_ms, **values)
                )
            connection.commit()
        return not changed
