"""The rows of updates in a given transaction, and which terminals each is offered to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from broker.contract import Manifest, SignedManifest, read_signed
from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model.software import (
    BAD,
    HEARD_MS,
    OPEN,
    RUNNING,
    USUAL_LIMIT,
    USUAL_SHARE,
    Update,
    name_of,
)
from hub.desk.terminals.tables import update_of

_terminals = table_of(tables.Terminal)
_updates: Final = tables.terminal_update
_tries: Final = tables.terminal_try
_said: Final = tables.terminal_software
_presence: Final = tables.terminal_presence


def find_update(connection: Connection, name: str) -> Update | None:
    """Find an update by what people call it by; None where there is none."""
    row = connection.execute(select(_updates).where(_updates.c.name == name)).one_or_none()
    return None if row is None else update_of(row)


def lock_update(t: Transaction, name: str) -> Update | None:
    """Find an update that is to be changed, and keep others from changing it meanwhile."""
    query = select(_updates).where(_updates.c.name == name).with_for_update()
    row = t.connection.execute(query).one_or_none()
    return None if row is None else update_of(row)


def add_update(
    t: Transaction, manifest: Manifest, signed: SignedManifest, *, content: bytes
) -> str:
    """Keep an update that was proven; gives its name."""
    name = name_of(manifest.number, manifest.machine, manifest.python)
    row = {
        "name": name,
        "number": manifest.number,
        "version": manifest.version,
        "machine": manifest.machine,
        "python": manifest.python,
        "digest": signed.digest,
        "signed": content,
        "bundle": manifest.bundle,
        "size": manifest.size,
        "stage": "kept",
        "reach": "kept",
        "share": USUAL_SHARE,
        "most_failed": USUAL_LIMIT,
        "added_at": t.at_ms,
        "added_by": t.actor,
    }
    t.connection.execute(insert(_updates).values(row))
    history.record(t, "update", name, before={}, after={"stage": "kept"})
    return name


def keep_update(t: Transaction, before: Update, *, why: str, **changes: Any) -> Update:  # noqa: ANN401  # fields
    """Change an update, and keep what it was, by whom and why."""
    after = replace(before, **changes)
    history.record(t, "update", before.name, before=before.fields, after=after.fields, why=why)
    t.connection.execute(update(_updates).where(_updates.c.id == before.id).values(**changes))
    return after


def sees_all(t: Transaction, scope: Scope) -> bool:
    """Tell whether somebody sees every terminal: an update is everybody's."""
    shown = visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)
    hidden = select(_terminals.c.id).where(_terminals.c.revoked_at.is_(None), not_(shown)).limit(1)
    return t.connection.execute(hidden).first() is None


def candidates(t: Transaction, one: Update) -> Sequence[str]:
    """Name whom an update may be offered to first, in an order that differs for each update."""
    query = (
        select(_said.c.terminal)
        .join(_presence, _presence.c.terminal == _said.c.terminal)
        .join(_terminals, _terminals.c.id == _said.c.terminal)
        .where(
            _is_for(one),
            _terminals.c.revoked_at.is_(None),
            _presence.c.seen_at >= t.at_ms - HEARD_MS,
        )
        .order_by(_said.c.terminal)
    )
    names = list(t.connection.execute(query).scalars())
    turn = int(one.digest[:8], 16) % len(names) if names else 0
    return names[turn:] + names[:turn]


def _is_for(one: Update) -> ColumnElement[bool]:
    """Say of what a terminal said that the update is for its machine, and later than its own."""
    return and_(
        _said.c.machine == one.machine, _said.c.python == one.python, _said.c.number < one.number
    )


def others_running(t: Transaction, one: Update) -> Sequence[Update]:
    """Give the other updates for the same kind of machine that are not over."""
    query = select(_updates).where(
        _updates.c.machine == one.machine,
        _updates.c.python == one.python,
        _updates.c.id != one.id,
        _updates.c.stage.in_([*RUNNING, "paused", "stopped"]),
    )
    return [update_of(row) for row in t.connection.execute(query)]


def offer_to(t: Transaction, one: Update, terminals: Sequence[str]) -> None:
    """Offer an update to terminals, also where it was offered to them before."""
    rows = [
        {
            "update_id": one.id,
            "terminal": name,
            "state": "offered",
            "text": "",
            "offered_at": t.at_ms,
            "at": t.at_ms,
        }
        for name in terminals
    ]
    if rows:
        mine = (_tries.c.update_id == one.id) & _tries.c.terminal.in_(terminals)
        t.connection.execute(delete(_tries).where(mine))
        t.connection.execute(insert(_tries), rows)


def forget_left(t: Transaction, one: Update) -> None:
    """Have an update that is offered anew begin anew where it was taken back before it was tried.

    What was refused or failed is told again by the terminal itself, which does not try it again.
    """
    t.connection.execute(
        delete(_tries).where(_tries.c.update_id == one.id, _tries.c.state.in_(["left", *BAD]))
    )


def leave_open(t: Transaction, one: Update) -> None:
    """Have the terminals that are not at their end with an update leave it."""
    t.connection.execute(
        update(_tries)
        .where(_tries.c.update_id == one.id, _tries.c.state.in_(OPEN))
        .values(state="left", at=t.at_ms)
    )


def count_tries(t: Transaction, one: Update) -> Mapping[str, int]:
    """Count the terminals that an update was offered to, by how far they are."""
    query = (
        select(_tries.c.state, func.count().label("terminals"))
        .where(_tries.c.update_id == one.id)
        .group_by(_tries.c.state)
    )
    return {row.state: row.terminals for row in t.connection.execute(query)}


def offers_of(t: Transaction, terminals: Sequence[str]) -> Mapping[str, SignedManifest]:
    """Give the update that each of these terminals is to try, or runs since it did."""
    query = (
        select(_tries.c.terminal, _updates.c.signed)
        .join(_updates, _updates.c.id == _tries.c.update_id)
        .where(
            _tries.c.terminal.in_(terminals),
            _tries.c.state != "left",
            _updates.c.stage.in_(RUNNING),
        )
    )
    return {row.terminal: read_signed(bytes(row.signed)) for row in t.connection.execute(query)}
