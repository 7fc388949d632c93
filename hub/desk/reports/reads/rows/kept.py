"""Orders of past days as they are kept by product and by customer: read instead of the orders.

Whole stretches of days, as those of the last 30, are read from the rows that have them added up. A
day on which orders changed since, and the one that still runs, is added up from the orders, by the
statement that the sums are made by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
    literal,
    literal_column,
    select,
    union_all,
)

from hub.base.access import visible
from hub.desk.orders.tables import (
    GOODS_OF_ORDERS,
    ORDERS_OF_BUYERS,
    STALE,
    buyer_stretch,
    buyer_sum,
    goods_stretch,
    goods_sum,
    kept_stretch,
    order_,
)
from hub.desk.products.tables import product
from hub.desk.reports.reads.rows.buyers import (
    buyer,
    buyer_filters,
    buyer_grains,
    buyer_joins,
)
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.sources import Asked, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.stock.tables import warehouse

_SOLD: Final = ("goods_value", "quantity", "free_quantity")
_MISSED: Final = ("quantity", "asked", "cut", "waiting", "turned_away", "cut_value")
_GOODS_BY: Final[Mapping[str, Sequence[str]]] = {
    "product": ("sku", "product_id"),
    "brand": ("product_id",),
    "category": ("product_id",),
    "warehouse": ("warehouse_id",),
    **dict.fromkeys(SPANS, ("day",)),
    "": (),
}
"""By which columns rows of goods are told apart, by what they are put together by."""
_GOODS_FILTERS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("product", "brand", "category"), ("product_id",)),
    "warehouse": ("warehouse_id",),
}
_BUYERS_BY: Final[Mapping[str, Sequence[str]]] = {
    "customer": ("customer_code", "customer_id"),
    **dict.fromkeys(("customer_type", "area", ""), ("customer_id",)),
    "warehouse": ("customer_id", "warehouse_id"),
    **dict.fromkeys(("rep", "beat", *SPANS), ("customer_id", "day")),
}
"""By which columns rows of customers are told apart; who serves them is known by the day."""
_BUYERS_FILTERS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("customer", "customer_type", "area"), ("customer_id",)),
    **dict.fromkeys(("beat", "rep", "mine"), ("customer_id", "day")),
    "warehouse": ("warehouse_id",),
}
_stretch: Final = kept_stretch.c
_A_DAY: Final = timedelta(days=1)
_ALWAYS: Final = (date.min, date.max - _A_DAY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that are read together; `name` tells them from other stretches of one question."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a kind: by day, by stretch of days, and the statement that makes it."""

    day: Table
    stretch: Table
    made: Select[Any]


_GOODS: Final = _Kept(goods_sum, goods_stretch, GOODS_OF_ORDERS)
_BUYERS: Final = _Kept(buyer_sum, buyer_stretch, ORDERS_OF_BUYERS)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Which columns of kept sums are read, and `stretch`, the name of the days that they are of."""

    key: Sequence[str]
    figures: Sequence[str]
    stretch: Of

    def of(self, table: Table, *, sign: int = 1) -> Select[Any]:
        """Read the columns from a table of kept sums; a `sign` of -1 takes the figures away.

        With no key the figures are added up.
        """
        figures: list[Of] = [table.c[one] if sign > 0 else -table.c[one] for one in self.figures]
        if not self.key:
            figures = [func.sum(one) for one in figures]
        named = zip(figures, self.figures, strict=True)
        columns = (table.c[name] for name in self.key)
        return select(*columns, *(one.label(name) for one, name in named), self.stretch)


def asked_days(asked: Asked) -> Sequence[Stretch]:
    """Give the days that a request is about."""
    first, last = _ALWAYS
    return (Stretch(asked.first or first, asked.last or last),)


def goods_days(
    stretches: Sequence[Stretch], figures: Sequence[str], *, by: Sequence[str]
) -> Subquery:
    """Give figures of goods, told apart by columns, and by `stretch`, the name of their days.

    With `by=("product_id",)` a product has several rows, and some take away what others have: sums
    of them alone are right.
    """
    return _days(_GOODS, stretches=stretches, figures=figures, by=by).subquery("goods")


def buyer_days(
    stretches: Sequence[Stretch], figures: Sequence[str], *, by: Sequence[str]
) -> Subquery:
    """Give what customers come to, told apart by columns, and by `stretch`, the name of their days.

    Rows are added up already, unless they are told apart by day: who is in a row can be counted.
    """
    days = _days(_BUYERS, stretches=stretches, figures=figures, by=by)
    if "day" in by:
        return days.subquery("bought")
    row = days.subquery("all_bought").c
    key = [row[name] for name in (*by, "stretch")]
    sums = [func.sum(row[name]).label(name) for name in figures]
    return select(*key, *sums).group_by(*key).subquery("bought")


def _days(
    kept: _Kept, *, stretches: Sequence[Stretch], figures: Sequence[str], by: Sequence[str]
) -> CompoundSelect[Any]:
    """Read what is kept of each stretch, and beside it the days that are to be added up anew.

    What nobody asks for is left out: SQLite carries every column of every row along. Where nothing
    tells rows apart, they are added up where they are read.
    """
    named = ["name"] if "sku" in by else []
    wanted = [*by, *named, *figures]
    day = order_.c.business_date
    found: list[Select[Any]] = []
    for one in stretches:
        stretch: Of = literal_column(f"'{one.name}'").label("stretch")  # a word of ours
        whole = _Reading([*by, *named], figures, stretch)
        found += _past_days(kept, one, whole)
        columns = (kept.made.selected_columns[name] for name in wanted)
        changed = kept.made.with_only_columns(*columns, stretch)
        found.append(changed.where(day.in_(STALE), day >= one.first, day <= one.last))
    return union_all(*found)


def _past_days(kept: _Kept, days: Stretch, whole: _Reading) -> list[Select[Any]]:
    """Read the days that are kept: a stretch that is added up, if there is one, and days beside it.

    A day of the stretch that is to be added up anew is taken away from it.
    """
    day, past = kept.day.c.day, kept.day.c.day.not_in(STALE)
    first, last = day >= days.first, day <= days.last
    if "day" in whole.key:
        return [whole.of(kept.day).where(first, last, past)]
    name, begins, ends = (
        _longest(one, days) for one in (_stretch.name, _stretch.first, _stretch.last)
    )
    # One bound on each side: SQLite reads all days up to the first of two.
    begins_or_all = func.coalesce(begins, literal(days.last + _A_DAY))
    return [
        whole.of(kept.stretch).where(kept.stretch.c.stretch == name),
        whole.of(kept.day).where(first, day < begins_or_all, past),
        whole.of(kept.day).where(day > func.coalesce(ends, literal(days.last)), last, past),
        whole.of(kept.day, sign=-1).where(day.in_(STALE), day >= begins, day <= ends),
    ]


def _longest(column: Of, days: Stretch) -> Of:
    """Find the stretch that is kept and begins first among those that lie in some days."""
    lies = (_stretch.first >= days.first, _stretch.last <= days.last)
    return (
        select(column)
        .where(*lies, _stretch.last >= _stretch.first)
        .order_by(_stretch.first, _stretch.last.desc(), _stretch.name)
        .limit(1)
        .scalar_subquery()
    )


def kept_goods(
    asked: Asked, grain: str, *, standing: bool, stretches: Sequence[Stretch] = ()
) -> tuple[Source, ...]:
    """Give lines as they are kept by product, for rows of a grain; for totals where it is empty.

    With `standing`, those of orders that are sold alone; no source where nothing keeps the rows.
    """
    by = _told_apart(asked, grain, grains=_GOODS_BY, filters=_GOODS_FILTERS)
    if by is None:
        return ()
    there = "standing_lines" if standing else "lines"
    of_row = ("line_orders", there) if standing else (there,)
    figures = (*(_SOLD if standing else _MISSED), *(of_row if grain else ()))
    goods = goods_days(stretches or asked_days(asked), figures, by=by)
    row = goods.c
    source = Source(
        goods,
        (*_warehouse_joins(row, by), *_product_joins(row, by)),
        [visible(asked.scope, seller=row.seller_id)] if "seller_id" in by else [],
        grains={grain: _goods_grain(grain, row, standing=standing)} if grain else {},
        parts=_sold(row) if standing else _missed(row),
        filters={
            **(goods_filters() if "product_id" in by else {}),
            **({"warehouse": warehouse_filter(row.warehouse_id)} if "warehouse_id" in by else {}),
        },
        day=row.day if "day" in by else None,
        money=(row.currency, row.scale) if grain else None,
        there=func.sum(row[there]) > 0 if grain else None,
    )
    return (source,)


def _warehouse_joins(row: Any, by: Sequence[str]) -> tuple[Join, ...]:  # noqa: ANN401 -- columns
    if "warehouse_id" not in by:
        return ()
    return (Join(warehouse, warehouse.c.id == row.warehouse_id, outer=True),)


def _product_joins(row: Any, by: Sequence[str]) -> tuple[Join, ...]:  # noqa: ANN401 -- columns
    if "product_id" not in by:
        return ()
    return (Join(product, product.c.id == row.product_id, outer=True),)


def _goods_grain(grain: str, row: Any, *, standing: bool) -> Grain:  # noqa: ANN401 -- columns
    if grain in SPANS:
        return Grain(SpanOf(grain, row.day), SpanOf(grain, row.day), kind="day")
    if grain == "warehouse":
        return warehouse_grain()
    if grain != "product":
        return goods_grains(product.c.sku, product.c.name)[grain]
    return replace(
        goods_grains(row.sku, row.name)["product"],
        label=row.name,
        names=(row.product_id, product.c.id, product.c.name),
        parts={"line_orders": Part(row.line_orders)} if standing else {},
    )


def _told_apart(
    asked: Asked,
    grain: str,
    *,
    grains: Mapping[str, Sequence[str]],
    filters: Mapping[str, Sequence[str]],
) -> tuple[str, ...] | None:
    """Name the columns that rows are told apart by; None where they are not kept by such ones."""
    named = [name for name, _ in asked.request.filters]
    if grain not in grains or any(name not in filters for name in named):
        return None
    found = [*grains[grain], *(one for name in named for one in filters[name])]
    found += [] if asked.scope.everything else ["seller_id"]
    found += ["warehouse_id"] if asked.scope.warehouses else []
    found += ["currency", "scale"] if grain else []
    return tuple(dict.fromkeys(found))


def _sold(row: Any) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    return {name: Part(row[name]) for name in _SOLD}


def _missed(row: Any) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    return {
        **{name: Part(row[name]) for name in ("asked", "cut", "waiting", "turned_away")},
        "served": Part(row.quantity),
        "cut_value": Part(row.cut_value, price=True),
    }


def kept_buyers(
    asked: Asked, grain: str, *, standing: bool, stretches: Sequence[Stretch] = ()
) -> tuple[Source, ...]:
    """Give orders as they are kept by customer, for rows of a grain; for totals where it is empty.

    With `standing`, those that are sold alone; no source where nothing keeps the rows.
    """
    by = _told_apart(asked, grain, grains=_BUYERS_BY, filters=_BUYERS_FILTERS)
    if by is None:
        return ()
    figures = ("standing_orders", "order_value", *(() if standing else ("orders", "payable")))
    bought = buyer_days(stretches or asked_days(asked), figures, by=by)
    row = bought.c
    day: Of = row.day if "day" in by else literal(asked.today)
    is_there = row.standing_orders > 0 if standing else row.orders > 0
    source = Source(
        bought,
        (
            *_warehouse_joins(row, by),
            *buyer_joins(row.customer_id, day),
        ),
        [*_seen(asked, row), is_there],
        grains={grain: _buyer_grain(grain, row)} if grain else {},
        parts={
            "standing_orders": Part(row.standing_orders),
            "order_value": Part(row.order_value),
            "customers": Part(case((row.standing_orders > 0, customer_of(bought))), "distinct"),
            **_of_all(row, standing=standing),
        },
        filters={
            **buyer_filters(row.customer_id, day, reader=asked.reader),
            **({"warehouse": warehouse_filter(row.warehouse_id)} if "warehouse_id" in by else {}),
        },
        day=row.day if "day" in by else None,
        money=(row.currency, row.scale) if grain else None,
    )
    return (source,)


def _seen(asked: Asked, row: Any) -> Sequence[Of]:  # noqa: ANN401 -- columns
    if asked.scope.everything:
        return []
    return [visible(asked.scope, seller=row.seller_id, party=row.customer_id)]


def _buyer_grain(grain: str, row: Any) -> Grain:  # noqa: ANN401 -- columns
    if grain in SPANS:
        return Grain(SpanOf(grain, row.day), SpanOf(grain, row.day), kind="day")
    if grain == "warehouse":
        return warehouse_grain()
    return buyer_grains(row.customer_code if grain == "customer" else buyer.c.code)[grain]


def _of_all(row: Any, *, standing: bool) -> Mapping[str, Part]:  # noqa: ANN401 -- columns
    """Give what is kept of all orders of a day, whether they stand or not."""
    if standing:
        return {}
    last = {"last_order": Part(row.day, "latest")} if "day" in row else {}
    return {"orders": Part(row.orders), "payable": Part(row.payable), **last}


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


def buyers_of_lines(asked: Asked) -> tuple[Source, ...]:
    """Give in how many orders, and to how many customers, lines were sold, whatever product."""
    by = _told_apart(asked, "", grains=_BUYERS_BY, filters={"warehouse": ("warehouse_id",)})
    if by is None:
        return ()
    bought = buyer_days(asked_days(asked), ("paid_orders",), by=by)
    row = bought.c
    source = Source(
        bought,
        (),
        _seen(asked, row),
        grains={},
        parts={
            "line_orders": Part(row.paid_orders),
            "customers": Part(case((row.paid_orders > 0, customer_of(bought))), "distinct"),
        },
        filters={"warehouse": warehouse_filter(row.warehouse_id)} if "warehouse_id" in by else {},
    )
    return (source,)


def as_id(column: Of) -> Of:
    """Give a column of kept sums as the id that it is, so that SQLite can join by it with an index.

    Beside days that are added up anew it is no column of a table, and has no type there.
    """
    return cast(column, BigInteger)


def customer_of(bought: Any) -> Of:  # noqa: ANN401 -- a table or a query
    """Give the customer of kept sums, or nothing for a code that nobody knows."""
    return func.nullif(bought.c.customer_id, literal_column("0"))
