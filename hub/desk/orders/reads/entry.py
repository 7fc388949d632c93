"""What order entry asks for: products by what is typed, and what a shop ordered before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from hub.base.access import NOTHING, Scope, visible
from hub.desk.accounts.tables import customer_account
from hub.desk.orders.model.basket import BasketRow, Known, with_unit
from hub.desk.orders.model.life import COUNTING, OPEN_OR_DONE
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import ASKED_FOR, order_, order_line, order_revision
from hub.desk.parties.model.cells import key_of_gtin, look_of_code
from hub.desk.parties.tables import party
from hub.desk.products.model import read_pack_sizes
from hub.desk.products.tables import product, product_gtin
from rules.values.decimals import shown_percent, shown_unit_price

_AT_ONCE: Final = 500
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_PAST_LINES: Final = 20
_KNOWN: Final = (
    product.c.sku,
    product.c.name,
    product.c.base_unit,
    product.c.pack_sizes,
    product.c.active,
    product.c.replaced_by,
)
_newest: Final = (order_revision.c.order_id == order_.c.id) & (
    order_revision.c.revision == order_.c.revision
)
_lines: Final = (order_line.c.order_id == order_.c.id) & (
    order_line.c.revision == order_revision.c.content
)


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order that a shop had before, as it may be repeated."""

    uuid: str
    number: str
    placed_at: int
    lines: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a customer owes and will owe, and up to what it may."""

    exposure: int
    credit_state: str
    credit_limit: int


def find_codes(connection: Connection, codes: Collection[str], *, scope: Scope) -> dict[str, Known]:
    """Find products by SKUs and bar codes, made alike by `look_of_code`, in a few statements.

    Of codes that differ in capitals or zeros before them alone, the one that is quite the same
    comes first.
    """
    if scope == NOTHING:
        return {}
    found: dict[str, Known] = {}
    for some in _parted(sorted(codes)):
        for row in connection.execute(select(*_KNOWN).where(func.lower(product.c.sku).in_(some))):
            found.setdefault(look_of_code(row.sku), _known(row))
        found |= _by_bar_code(connection, [one for one in some if one not in found])
    return found


def find_names(connection: Connection, names: Collection[str], *, scope: Scope) -> dict[str, Known]:
    """Find products on sale by their whole names, made alike by `look_of_code`.

    A name that several products have names none of them.
    """
    if scope == NOTHING:
        return {}
    found: dict[str, Known | None] = {}
    for some in _parted(sorted(names)):
        query = select(*_KNOWN).where(product.c.active, func.lower(product.c.name).in_(some))
        for row in connection.execute(query):
            look = look_of_code(row.name)
            found[look] = None if look in found else _known(row)
    return {look: one for look, one in found.items() if one is not None}


def _by_bar_code(connection: Connection, codes: Sequence[str]) -> dict[str, Known]:
    """Find products by bar codes, whatever zeros stand before them."""
    wanted: dict[str, list[str]] = {}
    for code in codes:
        if code.isascii() and code.isdigit():
            wanted.setdefault(key_of_gtin(code), []).append(code)
    spelt = {key.lstrip("0").zfill(length) for key in wanted for length in (0, *_GTIN_LENGTHS)}
    found: dict[str, Known] = {}
    for some in _parted(sorted(spelt)):
        query = (
            select(*_KNOWN, product_gtin.c.gtin, product_gtin.c.unit)
            .join(product, product.c.id == product_gtin.c.product_id)
            .where(product_gtin.c.gtin.in_(some))
        )
        for row in connection.execute(query):
            for code in wanted[key_of_gtin(row.gtin)]:
                found[code] = with_unit(_known(row), row.unit or "")
    return found


def read_known(connection: Connection, skus: Collection[str], *, scope: Scope) -> dict[str, Known]:
    """Read products by their SKUs as they stand."""
    if scope == NOTHING:
        return {}
    return {
        row.sku: _known(row)
        for some in _parted(sorted(skus))
        for row in connection.execute(select(*_KNOWN).where(product.c.sku.in_(some)))
    }


def search_products(
    connection: Connection, text: str, *, most: int, scope: Scope
) -> Sequence[Known]:
    """Find products on sale that have every word of a text in their name, SKU or brand.

    Names that begin with the text come first.
    """
    words = text.split()
    if not words or scope == NOTHING:
        return ()
    conditions = [
        or_(
            product.c.name.icontains(word, autoescape=True),
            product.c.sku.icontains(word, autoescape=True),
            product.c.brand.icontains(word, autoescape=True),
        )
        for word in words
    ]
    first = case((product.c.name.istartswith(text, autoescape=True), 0), else_=1)
    query = (
        select(*_KNOWN)
        .where(product.c.active, and_(True, *conditions))
        .order_by(first, product.c.name, product.c.id)
        .limit(most)
    )
    return [_known(row) for row in connection.execute(query)]


def read_standing(connection: Connection, customer: str, *, scope: Scope) -> Standing | None:
    """Read what a customer owes; None where nobody of this code has orders in the scope."""
    query = (
        select(customer_account.c.exposure, party.c.credit_state, party.c.credit_limit)
        .join(party, party.c.id == customer_account.c.customer_id)
        .where(party.c.code == customer, _shown(scope))
    )
    row = connection.execute(query).first()
    return Standing(int(row.exposure), row.credit_state, row.credit_limit) if row else None


@dataclass(frozen=True, slots=True)
class PastOfShop:
    """What became of a customer's orders in a period, and when the last one was placed."""

    placed: int
    taken: int
    turned_down: int
    last_at: int | None


def past_of(
    connection: Connection, customer: str, *, since: int, without: str, scope: Scope
) -> PastOfShop:
    """Count a customer's orders since a moment, but the one that is looked at."""
    taken = case((order_.c.status.in_(COUNTING), 1), else_=0)
    down = case((order_.c.status.in_(("rejected", "cancelled")), 1), else_=0)
    query = (
        select(func.count(), func.sum(taken), func.sum(down), func.max(order_.c.placed_at))
        .select_from(order_)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.placed_at >= since)
        .where(order_.c.uuid != without, orders_of(scope))
    )
    placed, counted, turned_down, last_at = connection.execute(query).one()
    return PastOfShop(placed, int(counted or 0), int(turned_down or 0), last_at)


def last_order_of(connection: Connection, customer: str, *, scope: Scope) -> PastOrder | None:
    """Find the newest order of a customer that was neither rejected nor cancelled."""
    query = (
        select(order_.c.uuid, order_.c.number, order_.c.placed_at, order_revision.c.lines)
        .join(order_revision, _newest)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .order_by(order_.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return PastOrder(*row) if row else None


def rows_of_order(connection: Connection, uuid: str, *, scope: Scope) -> tuple[BasketRow, ...]:
    """Read what an order asks for, in the units that it was ordered in; nothing if it is not."""
    query = (
        select(
            order_line.c.sku,
            order_line.c.ordered,
            order_line.c.unit,
            order_line.c.pack_size,
            *(order_line.c[name] for name in ASKED_FOR),
        )
        .select_from(order_)
        .join(order_revision, _newest)
        .join(order_line, _lines)
        .where(order_.c.uuid == uuid, ~order_line.c.free, orders_of(scope))
        .order_by(order_line.c.line)
    )
    return tuple(_row(one) for one in connection.execute(query))


def _row(one: Any) -> BasketRow:  # noqa: ANN401  # a row of a query
    in_packs = one.unit and one.pack_size and one.ordered % one.pack_size == 0
    count = one.ordered // one.pack_size if in_packs else one.ordered
    return BasketRow(
        sku=one.sku,
        quantity=str(count),
        unit=one.unit if in_packs else "",
        batch=one.batch or "",
        percent_off=shown_percent(one.percent_off) if one.percent_off else "",
        off_each=shown_unit_price(one.off_each) if one.off_each else "",
        batch_reason=one.batch_reason or "",
    )


def find_alike(
    connection: Connection,
    customer: str,
    *,
    rows: Sequence[BasketRow],
    since: int,
    scope: Scope,
) -> PastOrder | None:
    """Find an order of a customer since a moment that asks for the very same goods."""
    coded = select(party.c.id).where(party.c.code == customer).scalar_subquery()
    query = (
        select(order_.c.uuid, order_.c.number, order_.c.placed_at, order_revision.c.lines)
        .join(order_revision, _newest)
        .where(order_.c.customer_id == coded, order_.c.placed_at >= since)
        .where(order_.c.status.in_(OPEN_OR_DONE), order_revision.c.lines == len(rows))
        .where(orders_of(scope))
        .order_by(order_.c.id.desc())
    )
    for row in connection.execute(query).all():
        if sorted(rows_of_order(connection, row.uuid, scope=scope)) == sorted(rows):
            return PastOrder(*row)
    return None


def past_quantities(
    connection: Connection, customer: str, skus: Collection[str], *, scope: Scope
) -> Mapping[str, Sequence[int]]:
    """Read how many base units of each product a customer ordered at a time, the newest first.

    Of its last twenty orders; a product that was not among them is left out.
    """
    newest = (
        select(order_.c.id)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .order_by(order_.c.id.desc())
        .limit(_PAST_LINES)
        .scalar_subquery()
    )
    query = (
        select(order_line.c.sku, order_line.c.ordered)
        .join(order_, order_.c.id == order_line.c.order_id)
        .join(order_revision, _newest)
        .where(order_.c.id.in_(newest), _lines, ~order_line.c.free, orders_of(scope))
        .order_by(order_.c.id.desc())
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        if row.sku in skus:
            found.setdefault(row.sku, []).append(int(row.ordered))
    return found


def _shown(scope: Scope) -> ColumnElement[bool]:
    return visible(scope, seller=party.c.parent_id, party=party.c.id)


def _parted(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _known(row: Any) -> Known:  # noqa: ANN401  # a row of any query
    return Known(
        sku=row.sku,
        name=row.name,
        base_unit=row.base_unit,
        pack_sizes=read_pack_sizes(row.pack_sizes),
        active=bool(row.active),
        replaced_by=row.replaced_by or "",
    )
