"""Whether an owner is the only person of the house who could do something: then no second one is.

A house of one person cannot ask for a second person's word. It may do without, and says why.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.access import Permission, Scope, read_default_grants
from hub.desk.people.model.accounts import OWNER, key_of_name
from hub.desk.people.tables import user_account

_HISTORY: Final = "user_account"


def is_alone(
    connection: Connection, name: str, *, may: Collection[Permission], scope: Scope
) -> bool:
    """Say whether a user is an owner, and no other active user may do one of these things."""
    del scope  # whoever else there is counts, seen or not
    table = user_account.c
    found = connection.execute(select(table.key, table.roles).where(table.active)).all()
    people = {row.key: frozenset(row.roles.split(",")) for row in found}
    own = people.pop(key_of_name(name), frozenset())
    return OWNER in own and not any(_may(roles, may) for roles in people.values())


def second_persons(
    connection: Connection,
    name: str,
    *,
    may: Collection[Permission],
    at_ms: int,
    scope: Scope,
) -> list[str]:
    """Name the others who were active at a moment and could have done one of these things.

    What was changed of them since is in the history, and is taken back.
    """
    del scope  # likewise
    table = user_account.c
    query = select(table.name, table.key, table.roles, table.active)
    found = connection.execute(query.where(table.created_at <= at_ms).order_by(table.name)).all()
    others = []
    for row in found:
        then = {"roles": row.roles, "active": row.active}
        told = history.read(connection, _HISTORY, row.name)
        then |= {one.field: one.old for one in reversed(told) if one.at_ms > at_ms}
        roles = frozenset(str(then["roles"] or "").split(","))
        if row.key != key_of_name(name) and then["active"] and _may(roles, may):
            others.append(row.name)
    return others


def _may(roles: Collection[str], permissions: Collection[Permission]) -> bool:
    """Say whether one of the roles has one of the permissions."""
    grants = read_default_grants()
    return any(one in grants.get(role, ()) for role in roles for one in permissions)
