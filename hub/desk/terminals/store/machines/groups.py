"""Groups of counters as rows: made, changed, taken away, and which counters are in them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select, update

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.transaction import LockRank, Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model import CounterSettings
from hub.desk.terminals.model.counters import SETTINGS, settings_of_row
from hub.desk.terminals.model.groups import GroupFields
from hub.desk.terminals.store.counters import columns_of

_terminals: Final = table_of(tables.Terminal)
_groups: Final = tables.counter_group
_NOUN: Final = "counter_group"


@dataclass(frozen=True, slots=True)
class LockedGroup:
    """A group that is held for a change."""

    id: int
    code: str
    name: str
    seller: int
    settings: CounterSettings


def has_group(t: Transaction, code: str) -> bool:
    """Tell whether a code is taken, by whichever seller's group; it is held for who makes one."""
    t.lock(LockRank.DOCUMENT, [f"counter_group:{code}"])
    return bool(t.rows("SELECT 1 FROM counter_group WHERE code = ?", (code,)))


def lock_group(t: Transaction, code: str, *, scope: Scope) -> LockedGroup | None:
    """Hold a group by its code; None where nobody of the scope sees one."""
    t.lock(LockRank.DOCUMENT, [f"counter_group:{code}"])
    query = select(_groups).where(
        _groups.c.code == code, visible(scope, seller=_groups.c.seller_id)
    )
    row = t.connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    settings = settings_of_row([getattr(row, name) for name in SETTINGS])
    return LockedGroup(row.id, row.code, row.name, row.seller_id, settings)


def add_group(t: Transaction, fields: GroupFields, *, seller: int) -> None:
    """Make a group without counters."""
    row = {"code": fields.code, "name": fields.name, "seller_id": seller}
    made = {"made_at": t.at_ms, "made_by": t.actor, **columns_of(fields.settings)}
    t.connection.execute(insert(_groups).values(**row, **made))
    after = {"name": fields.name, **fields.settings.fields}
    history.record(t, _NOUN, fields.code, before={}, after=after)


def change_group(t: Transaction, group: LockedGroup, fields: GroupFields, *, why: str) -> None:
    """Set a group; its counters go by it from their next status on."""
    row = {"name": fields.name, **columns_of(fields.settings)}
    t.connection.execute(update(_groups).where(_groups.c.id == group.id).values(**row))
    before = {"name": group.name, **group.settings.fields}
    after = {"name": fields.name, **fields.settings.fields}
    history.record(t, _NOUN, group.code, before=before, after=after, why=why)


def drop_group(t: Transaction, group: LockedGroup, *, why: str) -> None:
    """Take a group away that no counter is in."""
    t.connection.execute(delete(_groups).where(_groups.c.id == group.id))
    before = {"name": group.name, **group.settings.fields}
    history.record(t, _NOUN, group.code, before=before, after={}, why=why)


def count_counters(t: Transaction, group: LockedGroup) -> int:
    """Count the counters of a group."""
    query = select(func.count()).where(_terminals.c.group_id == group.id)
    return int(t.connection.execute(query).scalar_one())


def group_of(t: Transaction, terminal: str) -> tuple[int, str]:
    """Give a terminal's seller, and the code of the group that it is in, empty for none."""
    query = (
        select(_terminals.c.seller_id, _groups.c.code)
        .outerjoin(_groups, _groups.c.id == _terminals.c.group_id)
        .where(_terminals.c.id == terminal)
    )
    row = t.connection.execute(query).one()
    return row[0], row[1] or ""


def put_in(
    t: Transaction, terminal: str, group: LockedGroup | None, *, before: str, why: str
) -> None:
    """Put a counter into a group, or into none; what is set at itself stays."""
    number, code = (group.id, group.code) if group else (None, "")
    t.connection.execute(
        update(_terminals).where(_terminals.c.id == terminal).values(group_id=number)
    )
    history.record(t, "counter", terminal, before={"group": before}, after={"group": code}, why=why)
