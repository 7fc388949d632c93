"""Orders and their lines as what reports are made from."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Literal

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from hub.desk.orders.model.life import LIFE, PUBLIC, statuses_of
from hub.desk.orders.reads.first_reason import FirstReason
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_line, order_revision, order_sum
from hub.desk.products.tables import product
from hub.desk.reports.model.requests import code_of
from hub.desk.reports.reads.rows.buyers import (
    amount_filters,
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
from hub.desk.reports.reads.rows.kept import buyers_of_lines, kept_buyers, kept_goods
from hub.desk.reports.reads.rows.sums import sees_whole_sellers, sums
from hub.desk.reports.reads.sources import Asked, Fact, FilterBy, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.schemes.tables import counter_change
from hub.desk.stock.tables import warehouse

STANDING: Final = statuses_of("processing") | statuses_of("delivered")
"""States of orders that count as sold: meant, released, and not given up."""
GOODS: Final = frozenset({"product", "brand", "category"})
"""What only lines can tell."""
_MEANT: Final = frozenset(LIFE) - {"draft", "cancelled"}
_HOURS: Final = (1, 4, 24, 72)
_revision: Final = order_revision.c
_line: Final = order_line.c
_newest: Final = and_(_revision.order_id == order_.c.id, _revision.revision == order_.c.revision)
_lines_of: Final = and_(_line.order_id == order_.c.id, _line.revision == _revision.content)


Kept = Literal["all", "held", "standing"]
"""Which orders count: all, those that wait for a person, or those that are sold."""
_STATES: Final[Mapping[Kept, frozenset[str]]] = {
    "held": frozenset({"held"}),
    "standing": STANDING,
}


def orders(asked: Asked, *, kept: Kept = "all") -> Source:
    """Give the orders that a reader sees."""
    stands = order_.c.status.in_(sorted(STANDING))
    waits = order_.c.status == "held"
    priced = _revision.price_hash.is_not(None)
    payable = case((priced, _revision.payable), else_=0)
    return Source(
        order_,
        _joins(),
        [orders_of(asked.scope), *_kept(kept)],
        grains={**_grains(asked), "order": _order_grain(held=kept == "held")},
        parts={
            "orders": Part(literal_column("1")),
            "standing_orders": Part(case((stands, 1), else_=0)),
            "order_value": Part(case((stands, _revision.payable), else_=0)),
            "payable": Part(payable),
            "customers": Part(case((stands, order_.c.customer_id)), "distinct"),
            "held": Part(case((waits, 1), else_=0)),
            "held_value": Part(case((waits, payable), else_=0)),
            "last_order": Part(order_.c.business_date, "latest"),
        },
        filters={**_filters(asked), **_holding_goods()},
        day=order_.c.business_date,
        money=(_revision.currency, _revision.scale),
        quick=_sums(asked, kept) if sees_whole_sellers(asked.scope) else None,
        kept=partial(_kept_orders, asked, kept),
    )


def _sums(asked: Asked, kept: Kept) -> Source:
    """Give what the orders of each day come to, as it is kept."""
    return sums(
        asked,
        states=_STATES.get(kept, ()),
        standing=STANDING,
        word=public_word(order_sum.c.status),
        by_status=lambda value: order_sum.c.status.in_(_states(str(value))),
    )


def lines(asked: Asked, *, kept: Kept = "all") -> Source:
    """Give the lines of the orders that a reader sees, each order's as they were decided last."""
    stands = and_(order_.c.status.in_(sorted(STANDING)), ~_line.free)
    given = and_(order_.c.status.in_(sorted(STANDING)), _line.free)
    meant = and_(order_.c.status.in_(sorted(_MEANT)), ~_line.free)
    cut = case((stands, _line.ordered - _line.quantity), else_=0)
    return Source(
        order_,
        (
            *_joins(),
            Join(order_line, _lines_of),
            Join(product, product.c.id == _line.product_id, outer=True),
        ),
        [orders_of(asked.scope), *_kept(kept)],
        grains={
            **_grains(asked),
            **goods_grains(_line.sku, _line.name),
            "order": _order_grain(alone=False),
        },
        parts={
            "goods_value": Part(case((stands, _line.total), else_=0)),
            "quantity": Part(case((stands, _line.quantity), else_=0)),
            "free_quantity": Part(case((given, _line.quantity), else_=0)),
            "line_orders": Part(case((stands, order_.c.id)), "distinct"),
            "customers": Part(case((stands, order_.c.customer_id)), "distinct"),
            "asked": Part(case((meant, _line.ordered), else_=0)),
            "served": Part(case((stands, _line.quantity), else_=0)),
            "cut": Part(cut),
            "waiting": Part(
                case((and_(order_.c.status == "held", ~_line.free), _line.ordered), else_=0)
            ),
            "turned_away": Part(
                case((and_(order_.c.status == "rejected", ~_line.free), _line.ordered), else_=0)
            ),
            "cut_value": Part(cut * func.coalesce(_line.unit_price, 0), price=True),
        },
        filters={**_filters(asked), **goods_filters()},
        day=order_.c.business_date,
        money=(_revision.currency, _revision.scale),
        kept=partial(_kept_lines, asked, kept),
    )


def _kept_orders(asked: Asked, kept: Kept, grain: str) -> tuple[Source, ...]:
    """Give what is kept of orders by customer."""
    return () if kept == "held" else kept_buyers(asked, grain, standing=kept == "standing")


def _kept_lines(asked: Asked, kept: Kept, grain: str) -> tuple[Source, ...]:
    """Give what is kept of lines, and of the customers who ordered them."""
    if not sees_whole_sellers(asked.scope):
        return ()
    goods = kept_goods(asked, grain, standing=kept == "standing")
    return goods if grain else (*goods, *buyers_of_lines(asked))


def _kept(kept: Kept) -> Sequence[ColumnElement[bool]]:
    if kept == "all":
        return []
    # Most orders stand: by their index all of them would be read, whatever days are asked about.
    status: Of = func.coalesce(order_.c.status, "") if kept == "standing" else order_.c.status
    return [status.in_(sorted(_STATES[kept]))]


def by_goods(asked: Asked, *, filtered: bool) -> bool:
    """Say whether only the lines of orders can tell what is asked for.

    Where `filtered`, a filter by product is of the lines, else of the orders that have such a line.
    """
    request = asked.request
    named = {name for name, _ in request.filters}
    return (filtered and bool(GOODS & named)) or request.group_by in GOODS


def public_word(status: Of) -> Of:
    """Give the word that people have for an order's state, out of the one table of them."""
    words = [(status.in_(sorted(statuses_of(word))), word) for word in PUBLIC]
    return case(*words, else_="cancelled")


def _joins() -> tuple[Join, ...]:
    return (
        Join(order_revision, _newest),
        Join(warehouse, warehouse.c.id == order_.c.warehouse_id, outer=True),
        *buyer_joins(order_.c.customer_id, order_.c.business_date),
    )


def _grains(asked: Asked) -> Mapping[str, Grain]:
    day = order_.c.business_date
    word, reason, age = (
        public_word(order_.c.status),
        FirstReason(_revision.reasons),
        _age(asked.now_ms),
    )
    return {
        **buyer_grains(order_.c.customer_code),
        **{span: Grain(SpanOf(span, day), SpanOf(span, day), kind="day") for span in SPANS},
        "warehouse": warehouse_grain(),
        "status": Grain(word, word, kind="word", family="report_status"),
        "reason": Grain(reason, reason, kind="word", family="label", code=reason),
        "age": Grain(age, age, kind="word", family="held_age"),
    }


def _age(now_ms: int) -> Of:
    """Tell how long an order has been as it is, in a few steps that sort by themselves."""
    hour = 3_600_000
    steps = [
        (_revision.made_at > literal(now_ms - hours * hour), f"{place}")
        for place, hours in enumerate(_HOURS)
    ]
    return case(*steps, else_=f"{len(_HOURS)}")


def _order_grain(*, held: bool = False, alone: bool = True) -> Grain:
    word = cast(order_.c.status, String)
    facts = [
        Fact("order_day", order_.c.business_date, "day"),
        Fact("customer", func.coalesce(buyer.c.name, order_.c.customer_code)),
    ]
    if held:
        facts += [
            Fact("reason", FirstReason(_revision.reasons), "word", "label"),
            Fact("since", _revision.made_at, "moment"),
        ]
    else:
        facts.append(Fact("status", word, "word", "order_status"))
    return Grain(
        order_.c.id,
        order_.c.number,
        code=order_.c.number,
        facts=tuple(facts),
        alone=alone,
        link="/orders/",
        linked=order_.c.uuid,
    )


def _filters(asked: Asked) -> Mapping[str, FilterBy]:
    return {
        **buyer_filters(order_.c.customer_id, order_.c.business_date, reader=asked.reader),
        **amount_filters(_revision.payable),
        "warehouse": warehouse_filter(order_.c.warehouse_id),
        "status": lambda value: order_.c.status.in_(_states(str(value))),
        "scheme": lambda value: order_.c.id.in_(
            select(counter_change.c.order_id).where(
                func.lower(counter_change.c.rule) == code_of(value)
            )
        ),
    }


def _holding_goods() -> Mapping[str, FilterBy]:
    """Give the filters of orders by what stands on one of their lines."""

    def holding(by: FilterBy) -> FilterBy:
        return lambda value: (
            select(_line.order_id)
            .join(product, product.c.id == _line.product_id)
            .where(_line.order_id == order_.c.id, _line.revision == _revision.content, by(value))
            .correlate(order_, order_revision)
            .exists()
        )

    return {name: holding(by) for name, by in goods_filters().items()}


def _states(word: str) -> list[str]:
    return sorted(state for one in PUBLIC if one == word for state in statuses_of(one))
