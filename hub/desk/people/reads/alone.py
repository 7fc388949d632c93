"""Whether an owner is the only person of the house who could do something: then no second one is.

A house of one person cannot ask for a second person's word. It may do without, and says why.
"""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.access import Permission, Scope, read_default_grants
from hub.desk.people.model.accounts import OWNER, key_of_name
from hub.desk.people.tables import user_account

_HISTORY: Final = "user_account"
_AT_WORK: Final = ("roles", "active")
"""What of a user says whether, and at what, the user could be a second person."""


def is_alone(
    connection: Connection, name: str, *, may: Collection[Permission], scope: Scope
) -> bool:
    """Say whether a user is an owner, and no other active user may do one of these things."""
    del scope  # whoever else there is counts, seen or not
    table = user_account.c
    found = connection.execute(select(table.key, table.roles).where(table.active)).all()
    return _is_only({row.key: row.roles for row in found}, name, may)


def was_alone(
    connection: Connection,
    name: str,
    *,
    may: Collection[Permission],
    at_ms: int,
    scope: Scope,
) -> bool:
    """Say the same of a moment: what was changed of users since is in the history."""
    del scope  # likewise
    table = user_account.c
    query = select(table.name, table.key, table.roles, table.active)
    active: dict[str, str] = {}
    for row in connection.execute(query.where(table.created_at <= at_ms)):
        then: dict[str, history.Value] = {"roles": row.roles, "active": row.active}
        for one in reversed(history.read(connection, _HISTORY, row.name)):
            if one.at_ms > at_ms and one.field in _AT_WORK:
                then[one.field] = one.old
        if then["active"]:
            active[row.key] = str(then["roles"] or "")
    return _is_only(active, name, may)


def _is_only(active: Mapping[str, str], name: str, may: Collection[Permission]) -> bool:
    """Say whether of active users, with their roles, one is an owner and no other may do this."""
    grants, own = read_default_grants(), key_of_name(name)
    others = {role for key, roles in active.items() if key != own for role in roles.split(",")}
    second = any(one in grants.get(role, ()) for role in others for one in may)
    return OWNER in active.get(own, "").split(",") and not second
