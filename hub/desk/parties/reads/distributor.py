"""Whom the hub works for and in which currency, and which rows a person sees; nothing is locked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import Connection, bindparam, or_, select

from hub.base.access import ROLES, Scope
from hub.base.money import RUPEES, HouseMoney
from hub.base.transaction import Transaction
from hub.desk.parties.model import moment_of
from hub.desk.parties.tables import (
    HOUSE,
    PAGES_AT,
    SAMPLE,
    UNNAMED,
    pack_body,
    pack_published,
    party,
    party_joined,
    party_mapping,
    setting,
)
from hub.desk.people.tables import user_account, user_grant, warehouse_named

_NARROW: Final = frozenset({"field_rep", "partner"})
"""Roles that see rows only where they are mapped to: of their own customers, of their own node."""
_NOWHERE: Final = frozenset({0})
"""The row id that no warehouse has."""
_MONEY: Final[dict[str, HouseMoney]] = {}
"""A rule pack never changes, so its currency is read once a process, by the pack's hash."""

# Each page reads these: a statement that is made once is not made and looked up anew for each.
_NAMED: Final = select(setting.c.key, setting.c.value).where(
    setting.c.key.in_(("distributor", "timezone", SAMPLE))
)
_SERVING: Final = (
    select(pack_published.c.hash)
    .where(pack_published.c.starts_at.is_not(None), pack_published.c.fault == "")
    .order_by(pack_published.c.starts_at.desc(), pack_published.c.id.desc())
    .limit(1)
)
_GRANTS: Final = select(user_grant.c.kind, user_grant.c.ref).where(
    user_grant.c.user_id == bindparam("user")
)
_IDS: Final = select(party.c.id).where(party.c.code.in_(bindparam("codes", expanding=True)))


class _PackCurrency(msgspec.Struct):
    """What a rule pack is read for: the currency of its amounts."""

    currency: str = RUPEES


@dataclass(frozen=True, slots=True)
class Distributor:
    """The distributor's name, time zone and money.

    A `sample` is nobody's, and to look around with.
    """

    name: str
    zone: ZoneInfo
    money: HouseMoney
    sample: bool = False


def read_distributor(connection: Connection) -> Distributor:
    """Read the distributor's settings; a hub where nothing was loaded yet shows UTC."""
    values = {row.key: row.value for row in connection.execute(_NAMED)}
    try:
        zone = ZoneInfo(values.get("timezone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    money = _read_money(connection)
    return Distributor(values.get("distributor", UNNAMED), zone, money, sample=SAMPLE in values)


def _read_money(connection: Connection) -> HouseMoney:
    """Give what writes amounts of the books: in the currency of the rule pack that serves.

    A pack of another currency is not taken, so it is that of every published one; rupees before
    there is one.
    """
    digest = connection.execute(_SERVING).scalar()
    if digest is None:
        return HouseMoney()
    if digest not in _MONEY:
        body = connection.execute(select(pack_body.c.body).where(pack_body.c.hash == digest))
        read = msgspec.json.decode(bytes(body.scalar() or b"{}"), type=_PackCurrency)
        _MONEY[digest] = HouseMoney(read.currency)
    return _MONEY[digest]


def served_at(connection: Connection, *, scope: Scope) -> str:
    """Give the address at which the hub's pages are served, or were last; empty before that."""
    del scope  # whoever is sent a link reads it there
    query = select(setting.c.value).where(setting.c.key == PAGES_AT)
    return str(connection.execute(query).scalar() or "")


def scope_of(t: Transaction, user: int, roles: Collection[str]) -> Scope:
    """Give the rows that a user sees: all of the company, unless a narrow role is all there is.

    Who is granted sellers sees theirs instead of the company's; who is granted regions or customers
    sees of what is about a customer only these, and who is granted warehouses of what is in one
    only what is in these. A field rep sees besides the
    customers that are the rep's or the collector's today. Duties, by which rule packs name who
    approves, show nobody a row more.
    """
    found = t.connection.execute(_GRANTS, {"user": user})
    grants = [(row.kind, row.ref) for row in found]
    sellers = [ref for kind, ref in grants if kind == "seller"]
    regions = frozenset(ref for kind, ref in grants if kind == "region")
    customers = _ids_of(t, [ref for kind, ref in grants if kind == "customer"])
    if "field_rep" in roles:
        customers |= _served_by(t, user)
    narrow = _NARROW.intersection(roles) if _NARROW.issuperset(_of(roles)) else frozenset[str]()
    if narrow and not grants and not customers:
        return Scope(user=user, narrowed=True)
    if narrow == {"partner"}:  # of a party's own node, and of no region of other parties
        return Scope(_ids_of(t, sellers), customers, user=user)
    return Scope(
        _ids_of(t, sellers or [HOUSE]),
        customers,
        user=user,
        regions=regions,
        narrowed=bool(narrow or regions or customers),
        house=HOUSE in (sellers or [HOUSE]),
        warehouses=_places_of(t, [ref for kind, ref in grants if kind == "warehouse"]),
    )


def serves_customers(connection: Connection, *, scope: Scope) -> bool:
    """Say whether customers are, or were, somebody's own as their rep."""
    table = party_mapping.c
    query = (
        select(table.id)
        .join(user_account, user_account.c.name == table.who)
        .where(user_account.c.id == scope.user, table.role == "rep")
    )
    return connection.execute(query.limit(1)).first() is not None


def _served_by(t: Transaction, user: int) -> frozenset[int]:
    """Give the row ids of the customers that a user serves today, by the days of the mapping.

    Where one of them turned out to be another shop, that one is among them: two reps who found one
    shop both see it.
    """
    day = moment_of(t.at_ms, read_distributor(t.connection).zone).day
    table = party_mapping.c
    query = (
        select(table.party_id)
        .join(user_account, user_account.c.name == table.who)
        .where(user_account.c.id == user, table.role.in_(("rep", "collector")))
        .where(table.from_day <= day, or_(table.until_day.is_(None), table.until_day >= day))
    )
    served = frozenset(t.connection.execute(query).scalars())
    if not served:
        return served
    into = select(party_joined.c.into_id).where(party_joined.c.party_id.in_(sorted(served)))
    return served | frozenset(t.connection.execute(into).scalars())


def _of(roles: Collection[str]) -> list[str]:
    return [role for role in roles if role in ROLES]


def _places_of(t: Transaction, codes: Sequence[str]) -> frozenset[int]:
    """Give the row ids of warehouses; of codes that none has any more, one that is no warehouse."""
    if not codes:
        return frozenset()
    query = select(warehouse_named.c.id).where(warehouse_named.c.code.in_(codes))
    return frozenset(t.connection.execute(query).scalars()) or _NOWHERE


def _ids_of(t: Transaction, codes: Sequence[str]) -> frozenset[int]:
    if not codes:
        return frozenset()
    return frozenset(t.connection.execute(_IDS, {"codes": codes}).scalars())
