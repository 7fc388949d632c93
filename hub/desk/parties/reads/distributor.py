"""Whom the hub works for, and which rows a person sees; nothing is locked."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from hub.base.access import ROLES, Scope
from hub.base.transaction import Transaction
from hub.desk.parties.tables import HOUSE, party, setting

_NARROW: Final = frozenset({"field_rep", "partner"})
"""Roles that see rows only where they are mapped to: of their own customers, of their own node."""


@dataclass(frozen=True, slots=True)
class Distributor:
    """The distributor's name and time zone."""

    name: str
    zone: ZoneInfo


def read_distributor(connection: Connection) -> Distributor:
    """Read the distributor's settings; a hub where nothing was loaded yet shows UTC."""
    rows = connection.execute(
        select(setting.c.key, setting.c.value).where(setting.c.key.in_(("distributor", "timezone")))
    )
    values = {row.key: row.value for row in rows}
    try:
        zone = ZoneInfo(values.get("timezone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return Distributor(name=values.get("distributor", "Orderwire"), zone=zone)


def scope_of(t: Transaction, user: int, roles: Collection[str]) -> Scope:
    """Give the rows that a user sees: all of the company, unless a narrow role is all there is.

    Duties, by which rule packs name who approves, show nobody a row more.
    """
    if _NARROW.issuperset(role for role in roles if role in ROLES):
        return Scope(user=user, narrowed=True)
    query = select(party.c.id).where(party.c.code == HOUSE)
    house = t.connection.execute(query).scalar_one_or_none()
    sellers = frozenset() if house is None else frozenset({house})
    return Scope(sellers=sellers, user=user)
