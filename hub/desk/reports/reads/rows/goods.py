"""What is about a product or a warehouse, whatever the source: grains and filters."""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, func, or_, select

from hub.desk.products.tables import product
from hub.desk.reports.model.requests import FilterValue, Named
from hub.desk.reports.reads.rows.buyers import is_named
from hub.desk.reports.reads.sources import NO_NAME, Fact, FilterBy, Grain, Of
from hub.desk.stock.tables import warehouse

_place: Final = warehouse.alias("place")


def goods_grains(code: Of, name: Of) -> Mapping[str, Grain]:
    """Give what rows of products may be put together by; `code` is the SKU as the row has it."""
    return {
        "product": Grain(
            code,
            func.coalesce(product.c.name, name),
            code=code,
            facts=(Fact("sku", code),),
            link="/products/",
            linked=code,
        ),
        "brand": Grain(
            func.coalesce(product.c.brand, NO_NAME), func.coalesce(product.c.brand, NO_NAME)
        ),
        "category": Grain(
            func.coalesce(product.c.category, NO_NAME), func.coalesce(product.c.category, NO_NAME)
        ),
    }


def goods_filters() -> Mapping[str, FilterBy]:
    """Give the filters of what is about a product."""
    return {
        "product": lambda value: is_named(value, product.c.sku, product.c.name),
        "brand": lambda value: func.lower(product.c.brand) == _wanted(value),
        "category": _is_in_category,
    }


def warehouse_grain() -> Grain:
    """Give the warehouse as what rows may be put together by."""
    return Grain(
        func.coalesce(warehouse.c.code, NO_NAME),
        func.coalesce(warehouse.c.name, NO_NAME),
        code=warehouse.c.code,
    )


def warehouse_filter(warehouse_id: Of) -> FilterBy:
    """Give the filter by a warehouse's code or name."""

    def by(value: FilterValue) -> ColumnElement[bool]:
        named = select(_place.c.id).where(is_named(value, _place.c.code, _place.c.name))
        return warehouse_id.in_(named)

    return by


def _wanted(value: FilterValue) -> str:
    return cast("Named", value).name.strip().lower()


def _is_in_category(value: FilterValue) -> ColumnElement[bool]:
    """Say that a product is of a category or of one below it: `drinks` holds `drinks/hot`."""
    wanted = _wanted(value)
    padded: Any = func.lower("/" + product.c.category + "/")
    return or_(
        func.lower(product.c.category) == wanted, padded.contains(f"/{wanted}/", autoescape=True)
    )
