"""Orders of past days as they are kept by product and by customer: read instead of the orders.

A day on which orders changed since, and the one that still runs, is added up from the orders, by
the statement that the sums are made by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Select,
    Subquery,
    Table,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from hub.base.access import visible
from hub.desk.orders.tables import (
    GOODS_OF_ORDERS,
    ORDERS_OF_BUYERS,
    STALE,
    buyer_sum,
    goods_sum,
    order_,
)
from hub.desk.products.tables import product
from hub.desk.reports.reads.rows.buyers import buyer_filters, buyer_grains, buyer_joins
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.sources import Asked, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.stock.tables import warehouse

_OF_BUYERS: Final = (
    *("orders", "payable", "standing_orders", "order_value", "standing_lines", "paid_orders"),
)
_ALWAYS: Final = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that are read together; `name` tells them from other stretches of one question."""

    first: date
    last: date
    name: str = ""


def asked_days(asked: Asked) -> Sequence[Stretch]:
    """Give the days that a request is about."""
    first, last = _ALWAYS
    return (Stretch(asked.first or first, asked.last or last),)


def goods_days(stretches: Sequence[Stretch], figures: Sequence[str]) -> Subquery:
    """Give figures of each product of each day, with `stretch`, the name of the day's."""
    return _days(goods_sum, GOODS_OF_ORDERS, stretches=stretches, figures=figures).subquery("goods")


def buyer_days(stretches: Sequence[Stretch], figures: Sequence[str] = _OF_BUYERS) -> Subquery:
    """Give what each customer of each day comes to, with `stretch`, the name of the day's."""
    return _days(buyer_sum, ORDERS_OF_BUYERS, stretches=stretches, figures=figures).subquery(
        "bought"
    )


def _days(
    kept: Table, made: Select[Any], *, stretches: Sequence[Stretch], figures: Sequence[str]
) -> CompoundSelect[Any]:
    """Read what is kept of each stretch, and beside it the days that are to be added up anew.

    What nobody asks for is left out: SQLite carries every column of every row along.
    """
    names = [column.name for column in kept.primary_key.columns]
    wanted = [*names, *(["name"] if "name" in kept.c else []), *figures]
    day = order_.c.business_date
    found: list[Select[Any]] = []
    for one in stretches:
        stretch: Of = literal_column(f"'{one.name}'").label("stretch")  # a word of ours
        past = select(*(kept.c[name] for name in wanted), stretch).where(
            kept.c.day >= one.first, kept.c.day <= one.last, kept.c.day.not_in(STALE)
        )
        changed = made.with_only_columns(
            *(made.selected_columns[name] for name in wanted), stretch
        ).where(day.in_(STALE), day >= one.first, day <= one.last)
        found += [past, changed]
    return union_all(*found)


def kept_goods(asked: Asked, *, standing: bool, stretches: Sequence[Stretch] = ()) -> Source:
    """Give lines as they are kept by product; with `standing`, of orders that are sold alone."""
    sold = ("goods_value", "quantity", "free_quantity", "line_orders", "standing_lines")
    missed = ("quantity", "asked", "cut", "waiting", "turned_away", "cut_value")
    goods = goods_days(stretches or asked_days(asked), sold if standing else missed)
    row = goods.c
    by_product = goods_grains(row.sku, row.name)["product"]
    return Source(
        goods,
        (
            Join(warehouse, warehouse.c.id == row.warehouse_id, outer=True),
            Join(product, product.c.id == row.product_id, outer=True),
        ),
        [
            visible(asked.scope, seller=row.seller_id),
            *([row.standing_lines > 0] if standing else []),
        ],
        grains={
            **_spans(row.day),
            **goods_grains(row.sku, row.name),
            "product": replace(
                by_product,
                label=row.name,
                names=(row.product_id, product.c.id, product.c.name),
                parts={"line_orders": Part(row.line_orders)} if standing else {},
            ),
            "warehouse": warehouse_grain(),
        },
        parts=_sold(row) if standing else _missed(row),
        filters={**goods_filters(), "warehouse": warehouse_filter(row.warehouse_id)},
        day=row.day,
        money=(row.currency, row.scale),
    )


def _sold(row: Any) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    return {name: Part(row[name]) for name in ("goods_value", "quantity", "free_quantity")}


def _missed(row: Any) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    return {
        **{name: Part(row[name]) for name in ("asked", "cut", "waiting", "turned_away")},
        "served": Part(row.quantity),
        "cut_value": Part(row.cut_value, price=True),
    }


def kept_buyers(asked: Asked, *, standing: bool, stretches: Sequence[Stretch] = ()) -> Source:
    """Give orders as they are kept by customer; with `standing`, of those that are sold alone."""
    bought = buyer_days(stretches or asked_days(asked))
    row = bought.c
    return Source(
        bought,
        (
            Join(warehouse, warehouse.c.id == row.warehouse_id, outer=True),
            *buyer_joins(row.customer_id, row.day),
        ),
        [
            visible(asked.scope, seller=row.seller_id, party=row.customer_id),
            *([row.standing_orders > 0] if standing else []),
        ],
        grains={
            **_spans(row.day),
            **buyer_grains(row.customer_code),
            "warehouse": warehouse_grain(),
        },
        parts={
            "standing_orders": Part(row.standing_orders),
            "order_value": Part(row.order_value),
            "customers": Part(case((row.standing_orders > 0, customer_of(bought))), "distinct"),
            **_of_all(row, standing=standing),
        },
        filters={
            **buyer_filters(row.customer_id, row.day, reader=asked.reader),
            "warehouse": warehouse_filter(row.warehouse_id),
        },
        day=row.day,
        money=(row.currency, row.scale),
    )


def _of_all(row: Any, *, standing: bool) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    """Give what is kept of all orders of a day, whether they stand or not."""
    if standing:
        return {}
    return {
        "orders": Part(row.orders),
        "payable": Part(row.payable),
        "last_order": Part(row.day, "latest"),
    }


def beside(kept: Source, names: Sequence[str]) -> Source:
    """Put stretches beside one another that are named `now`, `before` and `year`.

    `names` are of the number of each of them, and of how much more it is now.
    """
    value, stretch = kept.parts[names[0]].of, kept.start.c.stretch
    now, before, year = (
        case((stretch == when, value), else_=0) for when in ("now", "before", "year")
    )
    figures = zip(names, (now, before, now - before, year, now - year), strict=True)
    return replace(
        kept,
        grains={name: one for name, one in kept.grains.items() if name not in SPANS},
        parts={name: Part(of) for name, of in figures},
        day=None,
    )


def buyers_of_lines(asked: Asked) -> Source:
    """Give in how many orders, and to how many customers, lines were sold, whatever product."""
    kept = kept_buyers(asked, standing=True)
    row = kept.start.c
    return replace(
        kept,
        grains={},
        parts={
            "line_orders": Part(row.paid_orders),
            "customers": Part(case((row.paid_orders > 0, customer_of(kept.start))), "distinct"),
        },
    )


def as_id(column: Of) -> Of:
    """Give a column of kept sums as the id that it is, so that SQLite can join by it with an index.

    Beside days that are added up anew it is no column of a table, and has no type there.
    """
    return cast(column, BigInteger)


def customer_of(bought: Any) -> Of:  # noqa: ANN401 -- a table or a query
    """Give the customer of kept sums, or nothing for a code that nobody knows."""
    return func.nullif(bought.c.customer_id, literal_column("0"))


def _spans(day: Of) -> Mapping[str, Grain]:
    return {span: Grain(SpanOf(span, day), SpanOf(span, day), kind="day") for span in SPANS}
