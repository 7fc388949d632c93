"""What a phone keeps to go on without a connection: outlets, products, today's way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, exists, func, or_, select

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import account_document
from hub.desk.field.model.entries import NOT_ENDED
from hub.desk.field.model.pieces import Piece, cut
from hub.desk.field.reads.visits import visits_of
from hub.desk.field.tables import SELFIE, attendance, visit
from hub.desk.parties.tables import (
    HOUSE,
    customer_profile,
    party,
    party_joined,
    party_request,
    setting,
)
from hub.desk.people.tables import reporting_line, user_account
from hub.desk.products.tables import product, product_gtin

MOST_OUTLETS: Final = 5_000
MOST_JOINED: Final = 200
_UNENDED_DAYS: Final = timedelta(days=3)
_CATALOGUE: Final = ("catalogue", "loaded")
"""The settings that are others once a product on sale is."""
_TEXTS: Final = ("phone", "contact", "address", "city", "pin", "hours", "outlet_class")
_PENDING: Final = exists().where(
    party_request.c.party_id == party.c.id,
    party_request.c.kind == "new",
    party_request.c.state == "open",
)


@dataclass(frozen=True, slots=True)
class PhoneOutlet:
    """An outlet as a phone keeps it.

    `owed` is what is open of its account, in minor units; one that is `pending` is new, and waits
    for a second person.
    """

    code: str
    name: str
    phone: str
    contact: str
    address: str
    city: str
    pin: str
    hours: str
    outlet_class: str
    latitude: int | None
    longitude: int | None
    status: str
    credit_state: str
    credit_limit: int
    owed: int
    pending: bool


class PhoneProduct(msgspec.Struct, frozen=True, array_like=True):
    """A product as a phone keeps it, with the codes that its packs carry.

    It is sent without the names of its fields: there are thousands of them.
    """

    sku: str
    name: str
    unit: str
    packs: str
    mrp: int | None
    codes: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class PhoneVisit:
    """A visit of today that the hub has: of which outlet, and whether it has ended."""

    uuid: str
    outlet: str
    begun_at: int
    ended_at: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class UnendedVisit:
    """A visit that nobody ended on its day: it was closed at midnight, and its minutes are none."""

    uuid: str
    outlet: str
    name: str
    begun_at: int


def read_outlets(
    connection: Connection, *, scope: Scope, first: Collection[str] = ()
) -> Sequence[PhoneOutlet]:
    """Read the outlets that a person serves, in the order of their names.

    Of more than 5,000 those of the codes `first` are among them, then the first by name.
    """
    profile = customer_profile.c
    owed = (
        select(func.coalesce(func.sum(account_document.c.amount), 0))
        .where(account_document.c.customer_id == party.c.id, account_document.c.voided.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            *(party.c.code, party.c.name),
            *(func.coalesce(profile[name], "") for name in _TEXTS),
            *(profile.latitude, profile.longitude),
            *(party.c.status, party.c.credit_state, party.c.credit_limit, owed, _PENDING),
        )
        .outerjoin(customer_profile, profile.party_id == party.c.id)
        .where(party.c.code != HOUSE, party.c.kind == "retailer")
        .where(party.c.id.not_in(select(party_joined.c.party_id)))
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(party.c.code.in_(first).desc(), party.c.name, party.c.id)
        .limit(MOST_OUTLETS)
    )
    return [PhoneOutlet(*tuple(row)) for row in connection.execute(query)]


class KeptCatalogue:
    """Keeps the products on sale as phones are sent them: one writing serves all phones.

    Each question asks the database whether they are still those.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[str | None, ...], Sequence[Piece]] = ((), ())

    def read(self, connection: Connection, *, scope: Scope) -> Sequence[Piece]:
        """Give the pieces of all products; everybody who is signed in sees all of them."""
        del scope
        rows = select(setting.c.key, setting.c.value).where(setting.c.key.in_(_CATALOGUE))
        found = {row.key: row.value for row in connection.execute(rows)}
        version = tuple(found.get(name) for name in _CATALOGUE)
        kept = self._kept
        if version != kept[0]:
            products = [(one.sku, one) for one in _read_catalogue(connection)]
            self._kept = kept = (version, cut("products", products))
        return kept[1]  # not what another thread, as of another moment, put there meanwhile


def _read_catalogue(connection: Connection) -> Sequence[PhoneProduct]:
    codes: dict[int, list[tuple[str, str | None]]] = {}
    table = product_gtin.c
    for number, gtin, unit in connection.execute(
        select(table.product_id, table.gtin, table.unit).order_by(table.gtin)
    ):
        codes.setdefault(number, []).append((gtin, unit))
    columns = product.c
    query = (
        select(
            columns.id,
            *(columns.sku, columns.name, columns.base_unit, columns.pack_sizes, columns.mrp),
        )
        .where(columns.active)
        .order_by(columns.name, columns.id)
    )
    return [
        PhoneProduct(*row[1:], tuple(codes.get(row[0], ()))) for row in connection.execute(query)
    ]


def read_own_day(
    connection: Connection, day: date, *, user: int, scope: Scope
) -> tuple[tuple[int | None, int | None] | None, Sequence[PhoneVisit]]:
    """Read when a person's day began and ended, None where it has not begun, and its visits."""
    table = attendance.c
    found = connection.execute(
        select(table.begun_at, table.ended_at).where(
            table.user_id == user, table.day == day, visible(scope, user=table.user_id)
        )
    ).first()
    query = (
        select(visit.c.uuid, party.c.code, visit.c.begun_at, visit.c.ended_at, visit.c.outcome)
        .join(party, party.c.id == visit.c.party_id)
        .where(visit.c.user_id == user, visit.c.day == day, visits_of(scope))
        .order_by(visit.c.begun_at)
    )
    visits = [PhoneVisit(*row) for row in connection.execute(query)]
    return (None if found is None else (found.begun_at, found.ended_at)), visits


def read_unended(
    connection: Connection, day: date, *, user: int, scope: Scope
) -> Sequence[UnendedVisit]:
    """Read the visits of a person's last days that nobody ended, the newest first."""
    query = (
        select(visit.c.uuid, party.c.code, party.c.name, visit.c.begun_at)
        .join(party, party.c.id == visit.c.party_id)
        .where(visit.c.user_id == user, visit.c.outcome == NOT_ENDED, visits_of(scope))
        .where(visit.c.day >= day - _UNENDED_DAYS)
        .order_by(visit.c.begun_at.desc(), visit.c.uuid)
    )
    return [UnendedVisit(*row) for row in connection.execute(query)]


def read_own_leaves(
    connection: Connection, day: date, *, user: int, scope: Scope
) -> Sequence[tuple[str, str]]:
    """Read a person's days of leave from a day on, and how each stands."""
    table = attendance.c
    query = (
        select(table.day, table.granted)
        .where(table.user_id == user, table.leave, table.day >= day)
        .where(visible(scope, user=table.user_id))
        .order_by(table.day)
    )
    words = {None: "asked", True: "granted", False: "refused"}
    rows = connection.execute(query)
    return [(row.day.isoformat(), words[row.granted]) for row in rows]


def reads_selfie(connection: Connection, *, scope: Scope) -> bool:
    """Say whether phones ask for a photo as the day begins; so for everybody of the network."""
    del scope
    query = select(setting.c.value).where(setting.c.key == SELFIE)
    return connection.execute(query).scalar() == "1"


def read_owners(connection: Connection, day: date, *, user: int, scope: Scope) -> Sequence[str]:
    """Name who may be given a complaint by phone: the person, then to whom the person reports."""
    line, own = reporting_line.c, user_account.c
    above = select(line.manager_id).where(
        line.user_id == user, line.since <= day, or_(line.until.is_(None), line.until >= day)
    )
    query = (
        select(own.name)
        .where(or_(own.id == user, own.id.in_(above)), own.active)
        .where(or_(visible(scope, user=own.id), own.id.in_(above)))
        .order_by((own.id == user).desc(), own.name)
    )
    return list(connection.execute(query).scalars())


def read_joined(connection: Connection, *, scope: Scope) -> Mapping[str, str]:
    """Read which outlets of a person turned out to be others: by code, the other's code."""
    into, pair = party.alias("into"), party_joined.c
    query = (
        select(party.c.code, into.c.code)
        .join(party_joined, pair.party_id == party.c.id)
        .join(into, into.c.id == pair.into_id)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(pair.joined_at.desc())
        .limit(MOST_JOINED)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
