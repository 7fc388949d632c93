"""Stock as what reports are made from: batches, what is low, and what moved."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import and_, case, func, literal, literal_column, or_

from hub.base.access import visible
from hub.base.listing import Wanted
from hub.desk.products.tables import product
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.sources import Asked, Fact, FilterBy, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf, ends_ms, local_day
from hub.desk.stock.reads.overview import BY_NAME, stock_query
from hub.desk.stock.tables import batch, stock_movement, warehouse

_LAST_DAY: Final = date(9999, 12, 31)
_BUCKETS: Final = ("on_hand", "reserved", "damaged", "quarantine", "in_transit")
_STATUS: Final = {"reserved": batch.c.reserved, "damaged": batch.c.damaged}
_JOINS: Final = (
    Join(product, product.c.id == batch.c.product_id),
    Join(warehouse, warehouse.c.id == batch.c.warehouse_id),
)
_GOODS: Final = goods_grains(product.c.sku, product.c.name)


def batches(asked: Asked) -> Source:
    """Give the batches that a reader sees of which something is there, or on its way."""
    there = sum((batch.c[name] for name in _BUCKETS[2:]), batch.c.on_hand)
    return Source(
        batch,
        _JOINS,
        [visible(asked.scope, seller=warehouse.c.seller_id), there > 0],
        grains={**_GOODS, "warehouse": warehouse_grain(), "batch": _batch_grain()},
        parts={
            **{name: Part(batch.c[name]) for name in _BUCKETS},
            "available": Part(case((sellable(asked.today), _free()), else_=0)),
            "batches": Part(literal_column("1")),
        },
        filters={
            **goods_filters(),
            "warehouse": warehouse_filter(batch.c.warehouse_id),
            "status": _has_status(asked),
            "expiring_within_days": lambda value: and_(
                batch.c.status == "ok",
                batch.c.expiry >= literal(asked.today),
                batch.c.expiry <= literal(asked.today + timedelta(days=int(str(value)))),
            ),
        },
        day=batch.c.expiry,
    )


def low(asked: Asked) -> Source:
    """Give the products that are low in a warehouse, as the list of stock has them."""
    rows = stock_query(
        Wanted(BY_NAME, chosen={"state": ("low",)}), today=asked.today, scope=asked.scope
    ).subquery("low")
    place = Grain(rows.c.warehouse, rows.c.warehouse, code=rows.c.warehouse)
    one = Grain(
        rows.c.row,
        rows.c.name,
        code=rows.c.sku,
        facts=(Fact("sku", rows.c.sku), Fact("warehouse", rows.c.warehouse)),
        alone=True,
        link="/stock/at/",
        linked=rows.c.warehouse + "/" + rows.c.sku,
    )
    return Source(
        rows,
        (
            Join(product, product.c.sku == rows.c.sku),
            Join(warehouse, warehouse.c.code == rows.c.warehouse),
        ),
        [],
        grains={**goods_grains(rows.c.sku, rows.c.name), "low": one, "warehouse": place},
        parts={
            "available": Part(rows.c.available),
            "inbound": Part(rows.c.inbound),
            "reorder_level": Part(rows.c.reorder),
            "low": Part(literal_column("1")),
        },
        filters={
            **goods_filters(),
            "warehouse": warehouse_filter(warehouse.c.id),
            "status": lambda _: rows.c.available <= 0,
        },
    )


def movements(asked: Asked) -> Source:
    """Give what moved in the warehouses that a reader sees, by the local day of each movement."""
    first = asked.first or date(2020, 1, 1)
    last = asked.last or asked.today
    moved = stock_movement.c
    day = local_day(moved.at, asked.zone, first=first, last=last)
    begins, ends = ends_ms(asked.zone, first, last)
    one = Grain(
        moved.id,
        product.c.name,
        facts=(
            Fact("sku", product.c.sku),
            Fact("batch", batch.c.code),
            Fact("warehouse", warehouse.c.code),
            Fact("movement", moved.kind, "word", "stock_kind"),
            Fact("since", moved.at, "moment"),
        ),
        alone=True,
        link="/stock/batches/",
        linked=batch.c.id,
    )
    coming = and_(moved.from_bucket.is_(None), moved.to_bucket.is_not(None))
    going = and_(moved.to_bucket.is_(None), moved.from_bucket.is_not(None))
    return Source(
        stock_movement,
        (Join(batch, batch.c.id == moved.batch_id), *_JOINS),
        [visible(asked.scope, seller=warehouse.c.seller_id)],
        grains={
            **_GOODS,
            **{span: Grain(SpanOf(span, day), SpanOf(span, day), kind="day") for span in SPANS},
            "warehouse": warehouse_grain(),
            "movement": one,
        },
        parts={
            "came_in": Part(case((coming, moved.quantity), else_=0)),
            "went_out": Part(case((going, moved.quantity), else_=0)),
            "moved_inside": Part(case((or_(coming, going), 0), else_=moved.quantity)),
            "movements": Part(literal_column("1")),
        },
        filters={**goods_filters(), "warehouse": warehouse_filter(batch.c.warehouse_id)},
        day=day,
        in_period=and_(moved.at >= begins, moved.at < ends),
    )


def sellable(today: date) -> Of:
    """Say that a batch may be sold today: neither blocked nor expired."""
    return and_(
        batch.c.status == "ok", or_(batch.c.expiry.is_(None), batch.c.expiry >= literal(today))
    )


def _free() -> Of:
    return batch.c.on_hand - batch.c.reserved


def _has_status(asked: Asked) -> FilterBy:
    expired = and_(batch.c.status == "ok", batch.c.expiry < literal(asked.today))
    known = {**{name: column > 0 for name, column in _STATUS.items()}, "expired": expired}
    known["in_transit"] = batch.c.in_transit > 0
    return lambda value: known[str(value)]


def _batch_grain() -> Grain:
    return Grain(
        batch.c.id,
        product.c.name,
        facts=(
            Fact("sku", product.c.sku),
            Fact("batch", batch.c.code),
            Fact("warehouse", warehouse.c.code),
            Fact("expiry", func.coalesce(batch.c.expiry, _LAST_DAY), "day"),
        ),
        alone=True,
        link="/stock/batches/",
        linked=batch.c.id,
    )
