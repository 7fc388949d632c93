"""Terminals as they are added and taken away, inside a given transaction."""

from typing import Final

from sqlalchemy import insert, select, update

from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.parties.tables import Party
from hub.desk.schemes.store.leases import OF_TERMINAL, take_back
from hub.desk.stock.tables import warehouse
from hub.desk.terminals import tables

_terminals: Final = table_of(tables.Terminal)
_parties: Final = table_of(Party)


def revoke_terminal(t: Transaction, terminal: str) -> bool:
    """Revoke a terminal and take its leases back; False if there is none, or it is revoked."""
    done = t.connection.execute(
        update(_terminals)
        .where(_terminals.c.id == terminal, _terminals.c.revoked_at.is_(None))
        .values(revoked_at=t.at_ms)
    )
    while take_back(t, OF_TERMINAL, value=terminal):
        pass
    return bool(done.rowcount)


def enrol_terminal(
    t: Transaction, terminal: str, digest: str, *, customer: str, warehouse_code: str
) -> str | None:
    """Add a terminal, or give one that is there a new secret; else says what is not known."""
    party = t.connection.execute(
        select(_parties.c.id).where(_parties.c.code == customer)
    ).scalar()
    place = t.connection.execute(
        select(warehouse.c.id, warehouse.c.seller_id).where(warehouse.c.code == warehouse_code)
    ).first()
    if party is None:
        return f"customer {customer!r} is not known"
    if place is None:
        return f"warehouse {warehouse_code!r} is not known"
    values = {
        "customer_id": party,
        "warehouse_id": place.id,
        "seller_id": place.seller_id,
        "secret_sha256": digest,
        "created_at": t.at_ms,
        "revoked_at": None,
    }
    here = _terminals.c.id == terminal
    if not t.connection.execute(update(_terminals).where(here).values(values)).rowcount:
        t.connection.execute(insert(_terminals).values(id=terminal, **values))
    return None
