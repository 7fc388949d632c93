"""Changes of terminals' passwords as rows: asked for, given by the terminal, used."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import insert, select, update

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model.rotations import Rotation, RotationState
from hub.desk.terminals.tables import ROTATION_COLUMNS, rotation_of

_terminals: Final = table_of(tables.Terminal)
_rotation: Final = tables.terminal_rotation.c
_presence: Final = tables.terminal_presence.c
_OPEN: Final = """
SELECT terminal, name FROM terminal_rotation
WHERE state IN ('asked', 'given') AND terminal IN """


def can_rotate(t: Transaction, terminal: str, *, scope: Scope) -> bool | None:
    """Hold a terminal and tell whether it changes its password by itself.

    None where nobody of the scope sees one that is not revoked.
    """
    seen = visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)
    here = (_terminals.c.id == terminal) & _terminals.c.revoked_at.is_(None) & seen
    if t.connection.execute(select(_terminals.c.id).where(here).with_for_update()).first() is None:
        return None
    said = t.connection.execute(select(_presence.rotates).where(_presence.terminal == terminal))
    return bool(said.scalar_one_or_none())


def is_copied(t: Transaction, terminal: str) -> bool:
    """Tell whether two machines run under a terminal's id."""
    copies = tables.terminal_copy.c
    query = select(copies.terminal).where(copies.terminal == terminal).limit(1)
    return t.connection.execute(query).first() is not None


def open_names(t: Transaction, terminals: Sequence[str]) -> dict[str, str]:
    """Give the names of the rotations that these terminals are in, by terminal."""
    return {row[0]: row[1] for row in sorted(t.rows_in(_OPEN, terminals))}


def open_rotation(t: Transaction, terminal: str) -> Rotation | None:
    """Give the rotation that a terminal is in."""
    here = (_rotation.terminal == terminal) & _rotation.state.in_(("asked", "given"))
    return _find(t, here)


def named_rotation(t: Transaction, terminal: str, name: str) -> Rotation | None:
    """Find a rotation of a terminal by its name, and hold it."""
    return _find(t, (_rotation.terminal == terminal) & (_rotation.name == name))


def _find(t: Transaction, here: Any) -> Rotation | None:  # noqa: ANN401 -- a condition
    query = select(*ROTATION_COLUMNS).where(here).order_by(_rotation.id.desc()).limit(1)
    row = t.connection.execute(query.with_for_update()).one_or_none()
    return rotation_of(row) if row else None


def ask_rotation(t: Transaction, terminal: str, name: str, *, why: str) -> None:
    """Ask a terminal for another password."""
    row = {"name": name, "terminal": terminal, "state": "asked", "asked_at": t.at_ms}
    t.connection.execute(insert(tables.terminal_rotation).values(**row, asked_by=t.actor))
    _note(t, terminal, old=None, new="asked", why=why)


def give_rotation(t: Transaction, rotation: Rotation, digest: str) -> None:
    """Keep the digest of the new password: it is good from now on beside the one before."""
    _move(t, rotation, "given", password_sha256=digest, given_at=t.at_ms)


def use_rotation(t: Transaction, rotation: Rotation) -> None:
    """Have the new password count alone: the terminal was let in by it."""
    digest = rotation.password_sha256
    here = _terminals.c.id == rotation.terminal
    t.connection.execute(update(_terminals).where(here).values(secret_sha256=digest))
    _move(t, rotation, "used", ended_at=t.at_ms)


def end_rotations(t: Transaction, terminal: str, *, why: str = "") -> int:
    """Take back what a terminal is asked for; gives how many there were."""
    found = open_rotation(t, terminal)
    if found is None:
        return 0
    _move(t, found, "withdrawn", why=why, ended_at=t.at_ms)
    return 1


def _move(
    t: Transaction, rotation: Rotation, state: RotationState, *, why: str = "", **more: object
) -> None:
    here = update(tables.terminal_rotation).where(_rotation.id == rotation.id)
    t.connection.execute(here.values(state=state, **more))
    _note(t, rotation.terminal, old=rotation.state, new=state, why=why)


def _note(t: Transaction, terminal: str, *, old: str | None, new: str, why: str = "") -> None:
    said = {"rotation": old}, {"rotation": new}
    history.record(t, "terminal", terminal, before=said[0], after=said[1], why=why)
