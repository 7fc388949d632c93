"""What a partner's first page shows: what waits, what is owed, what comes, what to order again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from hub.base.access import Scope
from hub.base.listing import Wanted
from hub.desk.accounts.reads import Standing, list_open, read_standing
from hub.desk.accounts.reads.documents import OpenRow
from hub.desk.claims.reads import NEWEST as NEWEST_CLAIMS
from hub.desk.claims.reads import tally_claims
from hub.desk.deliveries.model.life import ON_THE_WAY
from hub.desk.deliveries.reads.notes import NoteRow, notes_of
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery
from hub.desk.orders.model.life import OPEN_OR_DONE, Status
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.partners.reads.parties import OwnParty, Shop, list_own, list_shops
from hub.desk.stock.reads.overview import BY_NAME, count_stock

_CLAIMS: Final = Wanted(NEWEST_CLAIMS)
_MOST: Final = 5
_MOST_AGAIN: Final = 3
_MOST_SHOPS: Final = 30
_newest: Final = (order_revision.c.order_id == order_.c.id) & (
    order_revision.c.revision == order_.c.revision
)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a party stands with its seller; `open` are the documents that are due first."""

    party: OwnParty
    standing: Standing
    open: tuple[OpenRow, ...]
    more: int
    overdue: int
    unallocated: int


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that waits for a person at the seller."""

    order: OrderDetail
    seller: str


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order that may be placed again."""

    uuid: str
    number: str
    customer: str
    placed_at: int
    lines: int
    payable: int
    currency: str
    scale: int


@dataclass(frozen=True, slots=True)
class PartnerHome:
    """All of the first page; `held_count` and `waiting` are of all orders, not of those shown.

    `words` are what the receiver of a note that comes says to the driver, by the note's id.
    """

    own: tuple[OwnParty, ...]
    accounts: tuple[Account, ...]
    held: tuple[HeldOrder, ...]
    held_count: int
    waiting: int
    coming: tuple[NoteRow, ...]
    words: Mapping[int, str]
    again: tuple[PastOrder, ...]
    shops: tuple[Shop, ...]
    has_stock: bool
    has_claims: bool
    today: date

    @property
    def waits(self) -> bool:
        """Say whether anything waits for the partner, or is on its way."""
        late = any(one.overdue for one in self.accounts)
        return bool(self.held_count or self.waiting or self.coming or late)


def read_home(connection: Connection, *, today: date, language: str, scope: Scope) -> PartnerHome:
    """Read the first page for a partner; all of it is of the partner's own rows."""
    own = tuple(list_own(connection, scope=scope))
    ids = [one.id for one in own]
    coming = tuple(_coming(connection, ids, scope=scope))
    sellers = {one.code: one.seller for one in own}
    held = _held(connection, ids, language=language, scope=scope)
    return PartnerHome(
        own=own,
        accounts=tuple(_accounts(connection, own, today=today, scope=scope)),
        held=tuple(HeldOrder(one, sellers.get(one.head.customer_code, "")) for one in held),
        held_count=_count(connection, ids, "held", scope=scope),
        waiting=_count(connection, ids, "confirmed", scope=scope),
        coming=coming,
        words=_door_words(connection, [one.id for one in coming], scope=scope),
        again=tuple(_again(connection, ids, scope=scope)),
        shops=tuple(list_shops(connection, ids, most=_MOST_SHOPS, scope=scope)),
        has_stock=bool(
            scope.sellers and count_stock(connection, Wanted(BY_NAME), today=today, scope=scope)
        ),
        has_claims=bool(scope.sellers and tally_claims(connection, _CLAIMS, scope=scope)[1]),
        today=today,
    )


def _accounts(
    connection: Connection, own: Sequence[OwnParty], *, today: date, scope: Scope
) -> Sequence[Account]:
    found = []
    for one in own:
        standing = read_standing(connection, one.code, scope=scope)
        if standing is None:
            continue
        rows = list_open(connection, one.code, scope=scope)
        owed = [row for row in rows if row.open > 0]
        late = sum(row.open for row in owed if row.due and row.due < today)
        rest = -sum(row.open for row in rows if row.open < 0)
        more = max(len(owed) - _MOST, 0)
        found.append(Account(one, standing, tuple(owed[:_MOST]), more, late, rest))
    return found


def _of(query: Select[Any], own: Collection[int], scope: Scope) -> Select[Any]:
    """Narrow a query to what the partner's own parties ordered themselves."""
    return query.where(order_.c.customer_id.in_(sorted(own)), orders_of(scope))


def _held(
    connection: Connection, own: Collection[int], *, language: str, scope: Scope
) -> Sequence[OrderDetail]:
    """Read the newest held orders with their reasons."""
    query = _of(select(order_.c.uuid).where(order_.c.status == "held"), own, scope)
    uuids = connection.execute(query.order_by(order_.c.id.desc()).limit(_MOST)).scalars().all()
    read = [read_order(connection, one, scope=scope, language=language) for one in uuids]
    return [one for one in read if one is not None]


def _count(connection: Connection, own: Collection[int], status: Status, *, scope: Scope) -> int:
    query = select(func.count()).select_from(order_).where(order_.c.status == status)
    return int(connection.execute(_of(query, own, scope)).scalar_one())


def _coming(connection: Connection, own: Collection[int], *, scope: Scope) -> Sequence[NoteRow]:
    query = (
        select(delivery.c.id)
        .where(delivery.c.customer_id.in_(sorted(own)), delivery.c.state.in_(sorted(ON_THE_WAY)))
        .where(deliveries_of(scope))
        .order_by(delivery.c.day, delivery.c.id)
        .limit(_MOST)
    )
    ids = connection.execute(query).scalars().all()
    return notes_of(connection, ids=ids, scope=scope) if ids else ()


def _door_words(
    connection: Connection, notes: Collection[int], *, scope: Scope
) -> Mapping[int, str]:
    query = select(delivery.c.id, delivery.c.word).where(
        delivery.c.id.in_(sorted(notes)), deliveries_of(scope)
    )
    return {row.id: row.word for row in connection.execute(query) if row.word}


def _again(connection: Connection, own: Collection[int], *, scope: Scope) -> Sequence[PastOrder]:
    columns = (
        *(order_.c.uuid, order_.c.number, order_.c.customer_code, order_.c.placed_at),
        *(order_revision.c.lines, order_revision.c.payable),
        *(order_revision.c.currency, order_revision.c.scale),
    )
    query = select(*columns).join(order_revision, _newest)
    query = _of(query.where(order_.c.status.in_(OPEN_OR_DONE)), own, scope)
    rows = connection.execute(query.order_by(order_.c.id.desc()).limit(_MOST_AGAIN))
    return [PastOrder(*row) for row in rows]
