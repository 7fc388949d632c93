"""Terminals as they are added and taken away, inside a given transaction."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, insert, select, update

from hub.base.engine.columns import table_of
from hub.base.ids import new_secret
from hub.base.masters import Counts, Values, ids_by, write_masters
from hub.base.transaction import Transaction
from hub.desk.parties.tables import Party
from hub.desk.schemes.store.leases import OF_TERMINAL, take_back
from hub.desk.stock.tables import warehouse
from hub.desk.terminals import tables
from hub.desk.terminals.model import Secrets, TerminalRecord
from hub.desk.terminals.store.awaiting import await_no_more

_terminals: Final = table_of(tables.Terminal)
_parties: Final = table_of(Party)


def revoke_terminal(t: Transaction, terminal: str) -> bool:
    """Revoke a terminal and take its leases back; False if there is none, or it is revoked.

    Nobody awaits it any more.
    """
    done = t.connection.execute(
        update(_terminals)
        .where(_terminals.c.id == terminal, _terminals.c.revoked_at.is_(None))
        .values(revoked_at=t.at_ms)
    )
    await_no_more(t, [terminal])
    while take_back(t, OF_TERMINAL, value=terminal):
        pass
    return bool(done.rowcount)


def write_terminals(
    t: Transaction, records: Sequence[TerminalRecord], secrets_of: Secrets
) -> Counts:
    """Write terminals; each new one gets a secret, of which the SHA-256 is kept."""
    customers = ids_by(t.connection, _parties, "code")
    places = {
        row.code: row
        for row in t.connection.execute(
            select(warehouse.c.code, warehouse.c.id, warehouse.c.seller_id)
        )
    }
    known = set(t.connection.execute(select(_terminals.c.id)).scalars())
    rows = []
    for one in records:
        place = places[one.warehouse]
        row: Values = {
            "id": one.id,
            "customer_id": customers[one.customer],
            "warehouse_id": place.id,
            "seller_id": place.seller_id,
        }
        if one.id not in known:
            secret, digest = new_secret()
            secrets_of.issue(one.id, secret)
            row |= {"secret_sha256": digest, "created_at": t.at_ms}
        rows.append(row)
    return write_masters(t, _terminals, "id", rows=rows)


def enrol_terminal(
    t: Transaction, terminal: str, digest: str, *, customer: str, warehouse_code: str
) -> str | None:
    """Add a terminal, or give one that is there a new secret; else says what is not known.

    What one that is there said last is forgotten: the machine that takes the new secret may be
    another one. So is that two machines ran: one of them has the new secret.
    """
    party = t.connection.execute(select(_parties.c.id).where(_parties.c.code == customer)).scalar()
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
    for table in (tables.terminal_presence, tables.terminal_copy):
        t.connection.execute(delete(table).where(table.c.terminal == terminal))
    if not t.connection.execute(update(_terminals).where(here).values(values)).rowcount:
        t.connection.execute(insert(_terminals).values(id=terminal, **values))
    return None
