"""Batches of a document's lines: found with what is printed on them, or made with their dates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select, update

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import Reason
from hub.base.transaction import LockRank, Transaction
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.store import business_day
from hub.desk.stock.model.lines import AskedLine
from hub.desk.stock.model.moves import Bucket, Place
from hub.desk.stock.store.finding import (
    FoundBatch,
    ScannedProduct,
    find_batch,
    find_namesake,
    find_typed,
)
from hub.desk.stock.tables import batch, warehouse

_DATES: Final = ("manufactured", "expiry")


def batches_of(
    t: Transaction, place: Place, lines: Sequence[AskedLine], *, new: bool
) -> tuple[list[int], list[Reason]]:
    """Give the batch of each line; with `new`, one that is not there is made with its dates.

    The field of a fault is the line's number and the cell: `2.batch`. A batch of other dates than
    those that were typed is a fault: the same number is on other goods, or a date is wrong.
    """
    ids: list[int] = []
    faults: list[Reason] = []
    for line in lines:
        found = _product_of(t, line)
        if isinstance(found, Reason):
            faults.append(found)
            continue
        one = _batch_of(t, place, found, line=line, new=new)
        if isinstance(one, Reason):
            faults.append(one)
        else:
            ids.append(one)
    return ids, faults


def _product_of(t: Transaction, line: AskedLine) -> ScannedProduct | Reason:
    try:
        found = find_typed(t.connection, line.code)
    except CellError as error:
        return error.reason._replace(field=f"{line.line}.code")
    return found or Reason("stock_product_unknown", {"code": line.code}, f"{line.line}.code")


def _batch_of(
    t: Transaction, place: Place, product: ScannedProduct, *, line: AskedLine, new: bool
) -> int | Reason:
    there = find_batch(t, product.id, place=place, code=line.batch)
    namesake = (
        (place.code, there) if there else find_namesake(t, product.id, place=place, code=line.batch)
    )
    if namesake and (fault := _differs(line, *namesake)):
        return fault
    if there:
        return there.id
    if not new:
        params = {"batch": line.batch, "sku": product.sku, "warehouse": place.code}
        return Reason("stock_batch_unknown", params, f"{line.line}.batch")
    known = namesake[1] if namesake else None
    if known is None and line.expiry is None and not line.never_expires:
        return Reason("batch_expiry_missing", {"batch": line.batch}, f"{line.line}.expiry")
    return make_batch(t, place, product.id, line=line, like=known)


def make_batch(
    t: Transaction, place: Place, product_id: int, *, line: AskedLine, like: FoundBatch | None
) -> int:
    """Make a batch that holds nothing yet, with its dates, or those of its namesake elsewhere.

    In a transaction that only reads it is tried, and has no id: 0.
    """
    if not t.writes:
        return 0
    values: dict[str, Any] = {
        "product_id": product_id,
        "warehouse_id": place.id,
        "code": line.batch,
        "manufactured": like.manufactured if like else line.manufactured,
        "expiry": like.expiry if like else line.expiry,
        "received": business_day(t),
        "on_hand": 0,
        "status": like.status if like else "ok",
        "mrp": like.mrp if like else None,
    }
    made = t.rows(
        f"INSERT INTO batch ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) "  # noqa: S608
        "ON CONFLICT (product_id, warehouse_id, code) DO NOTHING RETURNING id",
        tuple(values.values()),
    )
    if made:
        return int(made[0][0])
    # Another process has made it meanwhile.
    there = find_batch(t, product_id, place=place, code=line.batch)
    assert there is not None  # noqa: S101  # what is in the way is there
    return there.id


def batches_at(
    t: Transaction, place: Place, sources: Collection[int]
) -> tuple[dict[int, int], list[Reason]]:
    """Find or make, for each batch of `sources`, the batch of its number in another warehouse.

    Gives these batches' ids by those of the sources, and a fault for each whose dates differ there.
    """
    table = batch.c
    query = select(table.id, table.product_id, table.code, table.manufactured, table.expiry)
    rows = t.connection.execute(
        query.add_columns(table.mrp, table.status)
        .where(table.id.in_(sorted(sources)))
        .order_by(table.id)
    ).all()
    ids: dict[int, int] = {}
    faults: list[Reason] = []
    for row in rows:
        like = FoundBatch(row.id, row.manufactured, row.expiry, row.mrp, row.status)
        dated = AskedLine(
            *(0, "", row.code, 0, row.manufactured, row.expiry), never_expires=row.expiry is None
        )
        there = find_batch(t, row.product_id, place=place, code=row.code)
        fault = _differs(dated, place.code, there) if there else None
        if fault:
            faults.append(fault._replace(field=""))
        elif there:
            ids[row.id] = there.id
        else:
            ids[row.id] = make_batch(t, place, row.product_id, line=dated, like=like)
    return ids, faults


def buckets_of(t: Transaction, batches: Collection[int]) -> dict[int, Bucket]:
    """Give where goods of batches that come in are put: what is not for sale is set apart."""
    table = batch.c
    query = select(table.id).where(table.id.in_(sorted(batches)), table.status != "ok")
    apart = set(t.connection.execute(query).scalars())
    return {one: "quarantine" if one in apart else "good" for one in batches}


@dataclass(frozen=True, slots=True)
class Namesakes:
    """The batches of one number of one product, in each warehouse of a seller."""

    seller: int
    batches: tuple[int, ...]


def find_namesakes(t: Transaction, batch_id: int, *, scope: Scope) -> Namesakes | None:
    """Find a batch with those of its number in other warehouses; None for who may not see it."""
    own = batch.alias("own")
    place = warehouse.alias("place")
    query = (
        select(batch.c.id, warehouse.c.seller_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .join(own, (own.c.product_id == batch.c.product_id) & (own.c.code == batch.c.code))
        .join(place, place.c.id == own.c.warehouse_id)
        .where(own.c.id == batch_id, place.c.seller_id == warehouse.c.seller_id)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .order_by(batch.c.id)
    )
    rows = t.connection.execute(query).all()
    return Namesakes(rows[0].seller_id, tuple(row.id for row in rows)) if rows else None


def block_batches(t: Transaction, batches: Collection[int], *, why: str) -> None:
    """Have batches sold no more; their history says who did, and why."""
    for one in sorted(batches):
        (status,) = t.rows("SELECT status FROM batch WHERE id = ?", (one,))[0]
        after = {"status": "blocked"}
        history.record(t, "batch", one, before={"status": status}, after=after, why=why)
    t.many("UPDATE batch SET status = 'blocked' WHERE id = ?", [(one,) for one in sorted(batches)])


def first_expiry(t: Transaction, batches: Collection[int]) -> date | None:
    """Give the earliest expiry that the book has of batches; None where they do not expire."""
    query = select(func.min(batch.c.expiry)).where(batch.c.id.in_(sorted(batches)))
    return t.connection.execute(query).scalar()


def write_dates(
    t: Transaction,
    batches: Collection[int],
    *,
    manufactured: date | None,
    expiry: date | None,
    why: str,
) -> None:
    """Write the dates of batches, and into the history what they were."""
    t.lock(LockRank.BATCH, set(batches))
    table = batch.c
    query = select(table.id, table.manufactured, table.expiry).where(table.id.in_(sorted(batches)))
    after = {"manufactured": manufactured, "expiry": expiry}
    for row in t.connection.execute(query.order_by(table.id).with_for_update()).all():
        before = {"manufactured": row.manufactured, "expiry": row.expiry}
        history.record(t, "batch", row.id, before=before, after=after, why=why)
        t.connection.execute(update(batch).where(table.id == row.id).values(after))


def _differs(line: AskedLine, place: str, there: FoundBatch) -> Reason | None:
    """Tell that a typed date is not the batch's; one that is left blank is not held against it."""
    for name in _DATES:
        given, known = getattr(line, name), getattr(there, name)
        never = name == "expiry" and line.never_expires
        if (given is not None or never) and given != known:
            params = {
                "batch": line.batch,
                "warehouse": place,
                "there": known.isoformat() if known else "-",
                "given": given.isoformat() if given else "-",
            }
            return Reason("batch_dates_differ", params, f"{line.line}.{name}")
    return None
