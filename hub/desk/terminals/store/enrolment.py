"""Terminals as they are added and taken away, inside a given transaction."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, insert, select, update

from broker.contract import check_id
from hub.base import history
from hub.base.engine.columns import table_of
from hub.base.ids import new_secret
from hub.base.masters import Counts, Values, ids_by, write_masters
from hub.base.transaction import Transaction
from hub.desk.parties.tables import Party
from hub.desk.schemes.store.leases import OF_TERMINAL, take_back
from hub.desk.stock.tables import warehouse
from hub.desk.terminals import tables
from hub.desk.terminals.model import EnrolmentError, Secrets, TerminalRecord
from hub.desk.terminals.store.awaiting import await_no_more
from hub.desk.terminals.store.claims import withdraw_claims
from hub.desk.terminals.store.machines.rotations import end_rotations

_terminals: Final = table_of(tables.Terminal)
_parties: Final = table_of(Party)
NO_SECRET: Final = ""
"""Kept of a terminal that no device has access as: it is the SHA-256 of no password."""


def check_name(terminal: str) -> None:
    """See that a terminal may be called so; raises EnrolmentError.

    `new` is the address of the form for a new one.
    """
    try:
        check_id(terminal)
    except ValueError as error:
        raise EnrolmentError("terminal_id_invalid", terminal) from error
    if terminal == "new":
        raise EnrolmentError("terminal_id_invalid", terminal)


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
    withdraw_claims(t, terminal)
    end_rotations(t, terminal)
    if done.rowcount:
        _note_access(t, terminal, old="given", new="revoked")
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
) -> EnrolmentError | None:
    """Add a terminal, or give one that is there a new secret; else says what is not known."""
    fault = write_terminal(t, terminal, customer=customer, warehouse_code=warehouse_code)
    if fault is None:
        give_access(t, terminal, digest, why="file")
    return fault


def write_terminal(
    t: Transaction, terminal: str, *, customer: str, warehouse_code: str
) -> EnrolmentError | None:
    """Write whom a terminal orders for and who serves it; a new one has no access yet."""
    party = t.connection.execute(select(_parties.c.id).where(_parties.c.code == customer)).scalar()
    place = t.connection.execute(
        select(warehouse.c.id, warehouse.c.seller_id).where(warehouse.c.code == warehouse_code)
    ).first()
    if party is None:
        return EnrolmentError("terminal_customer_unknown", customer)
    if place is None:
        return EnrolmentError("terminal_warehouse_unknown", warehouse_code)
    values = {"customer_id": party, "warehouse_id": place.id, "seller_id": place.seller_id}
    here = _terminals.c.id == terminal
    if not t.connection.execute(update(_terminals).where(here).values(values)).rowcount:
        new = {"id": terminal, "secret_sha256": NO_SECRET, "created_at": t.at_ms}
        t.connection.execute(insert(_terminals).values(**new, **values))
        told = {"customer": customer, "warehouse": warehouse_code}
        history.record(t, "terminal", terminal, before={}, after=told)
    return None


def give_access(t: Transaction, terminal: str, digest: str, *, why: str) -> None:
    """Let the device in whose password has this SHA-256, and no other.

    What the terminal said last is forgotten: the machine that takes the new secret may be another
    one. So is that two machines ran: one of them has the new secret.
    """
    values = {"secret_sha256": digest, "created_at": t.at_ms, "revoked_at": None}
    t.connection.execute(update(_terminals).where(_terminals.c.id == terminal).values(values))
    for table in (tables.terminal_presence, tables.terminal_copy):
        t.connection.execute(delete(table).where(table.c.terminal == terminal))
    end_rotations(t, terminal, why=why)
    _note_access(t, terminal, old=None, new="given", why=why)


def _note_access(
    t: Transaction, terminal: str, *, old: str | None, new: str, why: str = ""
) -> None:
    history.record(t, "terminal", terminal, before={"access": old}, after={"access": new}, why=why)
