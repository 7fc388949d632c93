"""Whether an owner is the only person of the house who could do something: then no second one is.

A house of one person cannot ask for a second person's word. It may do without, and says why.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.access import OF_NETWORK, Permission, Scope, read_default_grants
from hub.desk.people.model.accounts import OWNER, key_of_name
from hub.desk.people.tables import HOUSE_CODE, user_account, user_grant

_HISTORY: Final = "user_account"
_AT_WORK: Final = ("roles", "active", "rows")
"""What of a user says whether, and at what, the user could be a second person."""


@dataclass(frozen=True, slots=True)
class _Person:
    """An active user: in which roles, and whether for the company, not for single sellers."""

    roles: tuple[str, ...]
    of_company: bool

    def may(self, permission: Permission, grants: Mapping[str, frozenset[Permission]]) -> bool:
        """Say whether the person may do this: what all sellers share is not for staff of one."""
        of_all = permission in OF_NETWORK
        granted = any(permission in grants.get(role, ()) for role in self.roles)
        return granted and (self.of_company or not of_all)


def is_alone(
    connection: Connection, name: str, *, may: Collection[Permission], scope: Scope
) -> bool:
    """Say whether a user is an owner, and no other active user may do one of these things."""
    del scope  # whoever else there is counts, seen or not
    table, sellers = user_account.c, _read_sellers(connection)
    found = connection.execute(select(table.id, table.key, table.roles).where(table.active)).all()
    people = {row.key: _person(row.roles, sellers.get(row.id, ())) for row in found}
    return _is_only(people, name, may)


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
    table, sellers = user_account.c, _read_sellers(connection)
    query = select(table.id, table.name, table.key, table.roles, table.active)
    people: dict[str, _Person] = {}
    for row in connection.execute(query.where(table.created_at <= at_ms)):
        rows = ", ".join(f"seller {code}" for code in sellers.get(row.id, ()))
        then: dict[str, history.Value] = {"roles": row.roles, "active": row.active, "rows": rows}
        for one in reversed(history.read(connection, _HISTORY, row.name)):
            if one.at_ms > at_ms and one.field in _AT_WORK:
                then[one.field] = one.old
        if then["active"]:
            granted = [one.split(" ", 1) for one in str(then["rows"] or "").split(", ") if one]
            codes = [one[-1] for one in granted if one[0] == "seller"]
            people[row.key] = _person(str(then["roles"] or ""), codes)
    return _is_only(people, name, may)


def tell_alone(what: str, did: str, deciders: Iterable[str]) -> list[str]:
    """Tell of how many things each decided alone: `what` was theirs already, by what they `did`.

    As `documents of stock that asha decided, who made them, without a second person: 3`.
    """
    return [
        f"{what} that {who} decided, who {did}, without a second person: {count}"
        for who, count in sorted(Counter(deciders).items())
    ]


def _read_sellers(connection: Connection) -> Mapping[int, Collection[str]]:
    """Give the codes of the sellers that users are granted, by the users' ids."""
    query = select(user_grant.c.user_id, user_grant.c.ref).where(user_grant.c.kind == "seller")
    found: dict[int, list[str]] = {}
    for user, code in connection.execute(query):
        found.setdefault(user, []).append(code)
    return found


def _person(roles: str, sellers: Collection[str]) -> _Person:
    return _Person(tuple(roles.split(",")), not sellers or HOUSE_CODE in sellers)


def _is_only(people: Mapping[str, _Person], name: str, may: Collection[Permission]) -> bool:
    """Say whether of active users one is an owner and no other may do this."""
    grants, own = read_default_grants(), key_of_name(name)
    others = [person for key, person in people.items() if key != own]
    second = any(person.may(one, grants) for person in others for one in may)
    return own in people and OWNER in people[own].roles and not second
