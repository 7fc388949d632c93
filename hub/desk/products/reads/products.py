"""Products read for pages, commands and programs: every signed-in person sees all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, true

from hub.base import history
from hub.base.access import NOTHING, Scope
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.products.model.fields import write_fields
from hub.desk.products.tables import product, product_gtin

BY_NAME: Final = Sorting("name")
_MOST_VARIANTS: Final = 30
_ROW: Final = (
    *(product.c.sku, product.c.name, product.c.category, product.c.base_unit, product.c.mrp),
    *(func.coalesce(one, "").label(one.name) for one in (product.c.brand, product.c.family)),
    func.coalesce(product.c.variant, "").label("variant"),
    product.c.active,
)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list; `mrp` is in 1/10,000 of the major unit."""

    sku: str
    name: str
    category: str
    base_unit: str
    mrp: int | None
    brand: str
    family: str
    variant: str
    active: bool


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """A product with all its fields as texts, and what was changed."""

    row: ProductRow
    fields: Mapping[str, str]
    history: tuple[history.Entry, ...]


def list_products(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[ProductRow]:
    """Read one page of the products."""
    return page_of(
        connection,
        _filtered(select(*_ROW), wanted, scope=scope),
        wanted,
        sorts={
            "name": product.c.name,
            "sku": product.c.sku,
            "brand": func.coalesce(product.c.brand, ""),
            "family": func.coalesce(product.c.family, ""),
            "category": product.c.category,
        },
        key=product.c.id,
        make=_row_of,
    )


def count_products(connection: Connection, wanted: Wanted, *, scope: Scope) -> Mapping[str, int]:
    """Count the products that are sold and that are not; "" has all."""
    plain = Wanted(
        wanted.sort, wanted.text, {k: v for k, v in wanted.chosen.items() if k != "status"}
    )
    query = _filtered(select(product.c.active, func.count()), plain, scope=scope)
    found = connection.execute(query.group_by(product.c.active))
    counts = {"active" if row[0] else "stopped": row[1] for row in found}
    return {**counts, "": sum(counts.values())}


def find_products(
    connection: Connection, text: str, *, most: int, scope: Scope
) -> Sequence[ProductRow]:
    """Find products by SKU, name, brand or bar code."""
    query = _filtered(select(*_ROW), Wanted(BY_NAME, text), scope=scope)
    rows = connection.execute(query.order_by(product.c.name, product.c.id).limit(most))
    return [_row_of(row) for row in rows]


def read_product(connection: Connection, sku: str, *, scope: Scope) -> ProductDetail | None:
    """Read one product; None where there is none of this SKU."""
    query = _filtered(select(product), Wanted(BY_NAME), scope=scope).where(product.c.sku == sku)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    codes = _codes(connection, product_gtin.c.product_id == row["id"])
    columns = {**row, **_written(codes.get(row["id"], []))}
    told = tuple(history.read(connection, "product", sku))
    return ProductDetail(_row_of(columns), write_fields(columns), told)


def read_all_products(
    connection: Connection, *, scope: Scope
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read every product with all its fields as texts, by SKU."""
    codes = _codes(connection, true())
    query = _filtered(select(product), Wanted(BY_NAME), scope=scope).order_by(product.c.sku)
    for row in connection.execute(query).mappings():
        yield row["sku"], write_fields({**row, **_written(codes.get(row["id"], []))})


def _codes(
    connection: Connection, which: ColumnElement[bool]
) -> dict[int, list[tuple[str, str | None]]]:
    """Give bar codes with the pack that each is printed on, by the row id of their product."""
    table = product_gtin.c
    query = select(table.product_id, table.gtin, table.unit).where(which).order_by(table.gtin)
    found: dict[int, list[tuple[str, str | None]]] = {}
    for owner, gtin, unit in connection.execute(query):
        found.setdefault(owner, []).append((gtin, unit))
    return found


def _written(codes: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """Write bar codes as the two fields of a product."""
    return {
        "gtins": ";".join(gtin for gtin, unit in codes if unit is None),
        "pack_gtins": ";".join(sorted(f"{unit}={gtin}" for gtin, unit in codes if unit)),
    }


def _row_of(row: Any) -> ProductRow:  # noqa: ANN401 -- a row of any query
    values = row if isinstance(row, Mapping) else row._mapping  # noqa: SLF001
    found = {name: values[name] for name in ProductRow.__dataclass_fields__}
    said = {name: found[name] or "" for name in ("brand", "family", "variant")}
    return ProductRow(**{**found, **said, "active": bool(found["active"])})


def list_variants(
    connection: Connection, found: ProductDetail, *, scope: Scope
) -> Sequence[tuple[str, str]]:
    """Give SKU and variant of the other products of a product's family, by their variant."""
    family = found.fields["family"]
    if not family or scope == NOTHING:
        return ()
    own = product.c
    query = (
        select(own.sku, func.coalesce(own.variant, own.name))
        .where(own.family == family, own.sku != found.row.sku, own.active)
        .order_by(own.variant, own.sku)
        .limit(_MOST_VARIANTS)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def _filtered(query: Select[Any], wanted: Wanted, *, scope: Scope) -> Select[Any]:
    """Products are the whole network's; who sees nothing at all sees none of them either."""
    query = query.select_from(product)
    if scope == NOTHING:
        query = query.where(product.c.id.is_(None))
    if text := wanted.text.strip():
        like = f"%{_escaped(text)}%"
        coded = select(product_gtin.c.product_id).where(
            product_gtin.c.gtin.like(f"%{_escaped(text.lstrip('0'))}%", escape="\\")
        )
        query = query.where(
            or_(
                product.c.sku.ilike(like, escape="\\"),
                product.c.name.ilike(like, escape="\\"),
                product.c.brand.ilike(like, escape="\\"),
                product.c.id.in_(coded),
            )
        )
    status = wanted.one("status")
    if status:
        query = query.where(product.c.active.is_(status == "active"))
    columns = {"brand": product.c.brand, "category": product.c.category}
    for name, column in (*columns.items(), ("family", product.c.family)):
        if value := wanted.one(name):
            query = query.where(column.ilike(f"{_escaped(value)}%", escape="\\"))
    return query


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
