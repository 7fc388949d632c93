"""Products found by what people type, scan and paste, for every form that takes them in lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, true

from hub.base.access import NOTHING, Scope
from hub.desk.parties.model.cells import key_of_gtin, look_of_code
from hub.desk.products.model import read_pack_sizes
from hub.desk.products.model.typed import (
    Known,
    Reading,
    codes_in,
    fits,
    may_be_name,
    named_by,
    ways_to_find,
    with_unit,
)
from hub.desk.products.tables import product, product_gtin

_AT_ONCE: Final = 500
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_KNOWN: Final = (
    product.c.sku,
    product.c.name,
    product.c.base_unit,
    product.c.pack_sizes,
    product.c.active,
    product.c.replaced_by,
)


def find_in_rows(
    connection: Connection, texts: Sequence[str], *, scope: Scope, stopped: bool = False
) -> Mapping[str, Known]:
    """Find the products that rows name: by code, by the whole name, or as the only match.

    What was typed alone may be a part of a name; of a pasted list only whole names are taken.
    """
    known = find_codes(connection, codes_in(texts), scope=scope)
    left = [one for one in texts if may_be_name(one, known)]
    if left:
        named = find_named(connection, codes_in(left), scope=scope, stopped=stopped)
        known = {**named, **known}
    if left == list(texts) and len(left) == 1 and may_be_name(left[0], known):
        known = {**known, **_only_match(connection, left[0], scope=scope, stopped=stopped)}
    return known


def find_likely(
    connection: Connection,
    text: str,
    *,
    most: int,
    scope: Scope,
    stopped: bool = False,
    among: Collection[str] | None = None,
) -> Sequence[tuple[Reading, Known]]:
    """Find the products whose names a row may be a part of, each with how it is then read.

    At most so many of each reading; the same goods and the same count are found once. `stopped` and
    `among` as in `search_products`.
    """
    first, *others = ways_to_find(text)
    found = [
        (way, one)
        for way in (first, *others)
        for one in search_products(
            connection, way.code, most=most, scope=scope, stopped=stopped, among=among
        )
        if way is first or fits(way, one)
    ]
    told: dict[tuple[str, tuple[str, ...]], tuple[Reading, Known]] = {}
    for way, one in found:
        told.setdefault((one.sku, way.cells or ("1",)), (way, one))
    return list(told.values())


def find_meant(
    connection: Connection,
    text: str,
    *,
    most: int,
    scope: Scope,
    among: Collection[str] | None = None,
) -> tuple[Known | None, Sequence[Known]]:
    """Find what a text means, on sale or not: the product of its code or name, or some that fit.

    Those that fit are `among` some SKUs, where they are given. A number beside it counts nothing.
    """
    known = find_in_rows(connection, [text], scope=scope, stopped=True)
    named = named_by(text, known)
    if named is not None:
        return named[1], ()
    likely = find_likely(connection, text, most=most, scope=scope, stopped=True, among=among)
    return None, [one for _, one in likely]


def _only_match(
    connection: Connection, text: str, *, scope: Scope, stopped: bool
) -> Mapping[str, Known]:
    """Find the one product that a row means by a part of its name, by the code that it is read as.

    None is found where two may be meant, or two counts: `papadums 12` may be a kind of papadums
    with 12 in its name, or twelve of another; whoever typed it chooses.
    """
    found = find_likely(connection, text, most=2, scope=scope, stopped=stopped)
    return {look_of_code(way.code): one for way, one in found} if len(found) == 1 else {}


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


def find_named(
    connection: Connection, names: Collection[str], *, scope: Scope, stopped: bool = False
) -> dict[str, Known]:
    """Find products on sale by their whole names, made alike by `look_of_code`.

    A name that several products have names none of them; `stopped` as in `search_products`.
    """
    if scope == NOTHING:
        return {}
    found: dict[str, Known | None] = {}
    for some in _parted(sorted(names)):
        query = select(*_KNOWN).where(func.lower(product.c.name).in_(some))
        query = query.where(_sold(stopped=stopped))
        for row in connection.execute(query):
            look = look_of_code(row.name)
            found[look] = None if look in found else _known(row)
    return {look: one for look, one in found.items() if one is not None}


def _sold(*, stopped: bool) -> ColumnElement[bool]:
    return true() if stopped else product.c.active.is_(True)


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
    connection: Connection,
    text: str,
    *,
    most: int,
    scope: Scope,
    stopped: bool = False,
    among: Collection[str] | None = None,
) -> Sequence[Known]:
    """Find products on sale that have every word of a text in their name, SKU or brand.

    Names that begin with the text come first; with `stopped` those not sold any more are found too,
    with `among` only those of these SKUs, of which there are some hundreds at most.
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
        .where(_sold(stopped=stopped), and_(True, *conditions))
        .where(true() if among is None else product.c.sku.in_(among))
        .order_by(first, product.c.name, product.c.id)
        .limit(most)
    )
    return [_known(row) for row in connection.execute(query)]


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
