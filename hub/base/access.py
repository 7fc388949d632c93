"""Who may do what, on which rows: permissions, the grants of roles, and the scope of a person."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    column,
    false,
    literal_column,
    or_,
    select,
    table,
    true,
)

Permission = str
"""What somebody may do, as `noun.verb`: `orders.cancel`."""
Grants = Mapping[str, frozenset[Permission]]
"""Role: what it may do."""

GRANTS_FILE: Final = Path(__file__).parent / "grants.toml"
ROLES: Final = (
    "owner",
    "admin",
    "manager",
    "sales",
    "rule_writer",
    "warehouse",
    "accounts",
    "auditor",
    "field_rep",
    "partner",
)
"""The roles that there are; a user may have duties besides, which grant nothing."""
OUTSIDE: Final = frozenset({"field_rep", "partner"})
"""The roles of those who are not at a desk of the house: they see what a shop may see."""
_WORD: Final = re.compile(r"[a-z][a-z_]*")

party_closure: Final = table("party_closure", column("ancestor_id"), column("descendant_id"))
"""Every node of the tree of parties with each node below it, and with itself."""
party_table: Final = table(
    "party", column("id"), column("parent_id"), column("geo"), column("sells")
)
"""The parties with the party above, their region such as `IN/KA/BLR`, and whether they sell."""
_SELLERS: Final = select(party_table.c.id).where(literal_column("sells"))
"""Nodes that sell, in the words of their index."""
_OF_SELLERS: Final = "seller_id"
"""The name of every column that only nodes that sell stand in."""


class AccessError(Exception):
    """Permissions, roles and grants do not fit together; the hub does not start with them."""


class UnknownPermissionError(AccessError):
    """Permissions are granted or asked for that no noun declares."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self.permissions: Final = tuple(sorted(permissions))
        super().__init__(f"no noun declares {', '.join(self.permissions)}")


class UngrantedPermissionError(AccessError):
    """Permissions are declared of which nobody has said which roles have them."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self.permissions: Final = tuple(sorted(permissions))
        super().__init__(
            f"no line of {GRANTS_FILE.name} says who has {', '.join(self.permissions)}"
        )


class PermissionRegistry:
    """All permissions there are, as the nouns declare them."""

    def __init__(self) -> None:
        self._verbs: dict[str, frozenset[str]] = {}

    @property
    def known(self) -> frozenset[Permission]:
        """Give the declared permissions."""
        return frozenset(f"{noun}.{verb}" for noun, verbs in self._verbs.items() for verb in verbs)

    def declare(self, noun: str, *verbs: str) -> None:
        """Declare what may be done with a noun, once; raises AccessError."""
        wrong = [word for word in (noun, *verbs) if not _WORD.fullmatch(word)]
        if wrong or noun in self._verbs or len(set(verbs)) < len(verbs):
            raise AccessError(f"declared twice, or not in small letters: {noun} {' '.join(verbs)}")
        self._verbs[noun] = frozenset(verbs)

    def check(self, grants: Grants) -> None:
        """See that roles have only declared permissions; raises UnknownPermissionError."""
        unknown = frozenset[Permission]().union(*grants.values()) - self.known
        if unknown:
            raise UnknownPermissionError(unknown)

    def check_defaults(self, grants: Grants) -> None:
        """See that a new hub's roles are granted what is declared, all of it and nothing else."""
        self.check(grants)
        ungranted = self.known.difference(*grants.values())
        if ungranted:
            raise UngrantedPermissionError(ungranted)
        if not self.known >= OF_NETWORK:
            raise UnknownPermissionError(OF_NETWORK - self.known)

    def may(self, roles: Collection[str], permission: Permission, *, grants: Grants) -> bool:
        """Say whether one of the roles has a permission; raises UnknownPermissionError."""
        if permission not in self.known:
            raise UnknownPermissionError([permission])
        return any(permission in grants.get(role, ()) for role in roles)


@cache
def read_default_grants(path: Path = GRANTS_FILE) -> Grants:
    """Read what each role of a new hub may do; raises AccessError at a role that is not there."""
    grants: dict[str, set[Permission]] = {role: set() for role in ROLES}
    for noun, verbs in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for verb, roles in verbs.items():
            for role in roles:
                if role not in grants:
                    raise AccessError(f"{path.name}: {noun}.{verb} names no role: {role}")
                grants[role].add(f"{noun}.{verb}")
    return MappingProxyType({role: frozenset(granted) for role, granted in grants.items()})


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that somebody may see: built for a person by parties, compiled by `visible`.

    Rows of `sellers` and of the sellers below them; rows about `parties` and the parties below
    them, or in `regions` (`IN/KA` holds `IN/KA/BLR`); rows of the person's own, as `user`; rows on
    `beats`. Where `narrowed`, sellers' rows that
    are about a customer, a user or a beat count only if these are the person's too: a field rep
    sees all stock of the seller, but the orders of the rep's own shops alone. Of what lies in a
    warehouse, leaves it or comes to it, only those of `warehouses` count, where any is named.
    `house` says that the person works for the company, the root of all sellers.
    """

    sellers: frozenset[int] = frozenset()
    parties: frozenset[int] = frozenset()
    user: int | None = None
    beats: frozenset[int] = frozenset()
    regions: frozenset[str] = frozenset()
    narrowed: bool = False
    everything: bool = False
    house: bool = False
    warehouses: frozenset[int] = frozenset()

    @property
    def of_company(self) -> bool:
        """Say whether the person works for the company, and not for single sellers."""
        return self.everything or self.house

    @property
    def sees_network(self) -> bool:
        """Say whether rows of no seller and no party are for this person: of the network itself.

        They are for who works for the company, and for nobody of one of its sellers.
        """
        return self.everything or (self.house and not self.narrowed)

    @property
    def sees_sellers(self) -> bool:
        """Say whether all rows of the person's sellers are for this person, whoever has them."""
        return self.everything or bool(self.sellers and not self.narrowed)


EVERYTHING: Final = Scope(everything=True)
"""All rows there are: for run, jobs, promises and commands at the hub's own machine."""
NOTHING: Final = Scope()
"""No row at all."""

OF_NETWORK: Final = frozenset(
    {
        *("packs.read", "packs.add", "packs.publish", "products.change", "stock.limit"),
        *("payments.limit", "claims.value", "notices.rules", "assistant.teach", "setup.begin"),
    }
)
"""Permissions over what all sellers share: prices and rules, products, limits, who is told what."""


def permitted(granted: frozenset[Permission], *, scope: Scope) -> frozenset[Permission]:
    """Give what somebody may do, of what the roles grant: a seller's own staff nothing to others.

    A manager of one distributor is granted `packs.add` as every manager is, and may not use it.
    """
    return granted if scope.of_company else granted - OF_NETWORK


Of = ColumnElement[Any]


def visible(
    scope: Scope,
    *,
    seller: Of | None = None,
    party: Of | None = None,
    user: Of | None = None,
    beat: Of | None = None,
) -> ColumnElement[bool]:
    """Give the condition under which a scope shows rows, by the columns that say whose they are.

    `visible(scope, seller=order_.c.seller_id, party=order_.c.customer_id)`. A column that holds
    nothing makes a row nobody's. With no column at all there is nothing to go by: ValueError.
    In which warehouse rows are is known by the table of the seller's column.
    """
    if seller is None and party is None and user is None and beat is None:
        raise ValueError("no column says whose the rows are")
    if scope.everything:
        return true()
    own: list[ColumnElement[bool]] = []
    if party is not None:
        own.append(_is_below(party, scope.parties))
        own.extend(_is_in(party, region) for region in sorted(scope.regions))
    if user is not None:
        own.append(false() if scope.user is None else user == scope.user)
    if beat is not None:
        own.append(beat.in_(sorted(scope.beats)) if scope.beats else false())
    if seller is None:
        return or_(*own)
    sold = _is_below(seller, scope.sellers)
    if scope.narrowed and own:
        return _lying_in(scope.warehouses, seller, and_(sold, or_(*own)))
    return _lying_in(scope.warehouses, seller, or_(sold, *own))


def _lying_in(
    warehouses: frozenset[int], seller: Of, seen: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Leave of rows that are in a warehouse those in some; a table that names none is left whole.

    A transfer is in the warehouse that it leaves and in the one that it comes to.
    """
    rows = getattr(seller, "table", None)
    if not warehouses or rows is None:
        return seen
    is_one = getattr(getattr(rows, "element", rows), "name", "") == "warehouse"
    names = ("id",) if is_one else ("warehouse_id", "to_warehouse_id")
    places = [rows.c[name].in_(sorted(warehouses)) for name in names if name in rows.c]
    return and_(seen, or_(*places)) if places else seen


def concerning(scope: Scope, *, seller: Of) -> ColumnElement[bool]:
    """Give the condition under which what a seller says to everybody concerns somebody.

    Of the sellers that a narrowed person sees, only those do that the person works for, and those
    of the person's own customers: a rep of the company hears of no distributor's survey.
    """
    seen = visible(scope, seller=seller)
    if scope.sees_sellers:
        return seen
    outlets = replace(scope, sellers=frozenset(), narrowed=False)
    above = select(party_closure.c.ancestor_id)
    above = above.where(visible(outlets, party=party_closure.c.descendant_id))
    return and_(seen, or_(seller.in_(sorted(scope.sellers)), seller.in_(above)))


def has_sellers(connection: Connection, *, scope: Scope) -> bool:
    """Say whether somebody sees any seller but the company: else no page says a word of sellers."""
    query = _SELLERS.where(party_table.c.parent_id.is_not(None))
    query = query.where(concerning(scope, seller=party_table.c.id))
    return connection.scalar(query.limit(1)) is not None


def _is_below(node: Of, nodes: frozenset[int]) -> ColumnElement[bool]:
    """Say that a column names one of the nodes, or a node below one of them."""
    if not nodes:
        return false()
    below = select(party_closure.c.descendant_id).where(
        party_closure.c.ancestor_id.in_(sorted(nodes))
    )
    if getattr(node, "key", "") == _OF_SELLERS:  # few: its customers need not be gone through
        below = below.where(party_closure.c.descendant_id.in_(_SELLERS))
    return node.in_(below)


def _is_in(node: Of, region: str) -> ColumnElement[bool]:
    """Say that a column names a party of a region, or of a region in it."""
    inside = party_table.c.geo.startswith(f"{region}/", autoescape=True)
    here = select(party_table.c.id).where(or_(party_table.c.geo == region, inside))
    return node.in_(here)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something about people or programs: in which roles, on which rows."""

    name: str
    roles: tuple[str, ...]
    scope: Scope


def is_of_house(roles: Collection[str]) -> bool:
    """Say whether somebody in these roles is at a desk of the house; duties alone are no desk."""
    return any(role in ROLES and role not in OUTSIDE for role in roles)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user's session; only the SHA-256 of its token is kept. Times are Unix ms.

    `permissions` and `scope` are the user's when the session was looked up. `roles` may hold words
    that grant nothing: duties, by which rule packs name who approves. `language` is the one that
    the user chose. While `step` names something (`code`, `password`, `factor`), the user has to do
    that first, and the session opens nothing else.
    """

    token_hash: str
    user_id: int
    user: str
    roles: tuple[str, ...]
    created_at: int
    seen_at: int
    expires_at: int
    address: str = ""
    browser: str = ""
    language: str | None = None
    step: str = ""
    permissions: frozenset[Permission] = frozenset()
    scope: Scope = NOTHING

    def may(self, permission: Permission) -> bool:
        """Say whether the session's user may do what the permission names."""
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        """Say whether the user is of the house: for whom notes, reasons and steps are written."""
        return is_of_house(self.roles)

    @property
    def actor(self) -> Actor:
        """Give the user as somebody who changes something."""
        return Actor(self.user, self.roles, self.scope)
