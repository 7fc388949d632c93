"""Decide every revision again from its evidence, and compare it with its rows."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import Connection, RowMapping, select

from hub.base.engine.promises import Finding, Promise
from hub.desk.orders.model.evidence import inputs_of, read_evidence
from hub.desk.orders.model.life import OWING
from hub.desk.orders.model.request import content_hash, read_asked_line
from hub.desk.orders.tables import decision, order_, order_line, order_revision
from hub.desk.rulepacks.store import StoredSnapshots
from rules import ENGINE, Minor, Order, Result, evaluate, granted_credit

_REPLAYED: Final = Promise("recomputes", "Each decision recomputes from its evidence and rule pack")
_RETRACED: Final = Promise(
    "retraces", "Each decision of an earlier engine adds up to its amounts by its own trace"
)
_HASHED: Final = Promise("content_hash", "Each revision's content has the hash that it is known by")
_WITHIN: Final = Promise("credit_limit", "No order was confirmed above the limit unless approved")
_GROUP: Final = 500
_APPROVED: Final = frozenset({"released", "countered"})
_AMOUNT: Final = 5
_ADDED_AS: Final = {
    "priced": "gross",
    "scheme_applied": "discount",
    "free_goods_given": "discount",
    "taxed": "tax",
    "rounded": "round_off",
}
"""What the amount of a step of a stored trace is part of, by the step's code."""

_TOTALS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")


@dataclass(slots=True)
class _Faults:
    """What is wrong; `earlier` counts the decisions of earlier engines."""

    replayed: list[str] = field(default_factory=list)
    retraced: list[str] = field(default_factory=list)
    hashed: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    earlier: int = 0


def check_decisions(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check what has to be decided again to be checked."""
    faults, checked = _Faults(), 0
    snapshots = StoredSnapshots()
    for row in _revisions(connection):
        checked += 1
        name = f"order {row['uuid']} revision {row['revision']}"
        if row["inputs"]:
            _replay(connection, snapshots, row, name=name, faults=faults)
        if row["revision"] == row["content"] and _hash_of(connection, row) != row["content_hash"]:
            faults.hashed.append(f"{name}: its content has another hash")
    yield Finding(_REPLAYED, checked - faults.earlier, faults.replayed)
    yield Finding(_RETRACED, faults.earlier, faults.retraced)
    yield Finding(_HASHED, checked, faults.hashed)
    yield Finding(_WITHIN, checked, faults.within)


def _revisions(connection: Connection) -> Iterator[RowMapping]:
    """Read revisions with their orders and evidence, by order."""
    order, revision, why = order_, order_revision, decision
    query = (
        select(
            revision,
            order.c.uuid,
            order.c.seller_id,
            order.c.customer_code,
            order.c.business_date,
            why.c.inputs,
            why.c.result_hash,
        )
        .join(order, order.c.id == revision.c.order_id)
        .join(
            why,
            (why.c.order_id == revision.c.order_id) & (why.c.revision == revision.c.revision),
            isouter=True,
        )
        .order_by(revision.c.order_id, revision.c.revision)
    )
    last = 0
    while True:
        span = revision.c.order_id.between(last + 1, last + _GROUP)
        yield from connection.execute(query.where(span)).mappings()
        last += _GROUP
        more = select(order.c.id).where(order.c.id > last).limit(1)
        if connection.execute(more).first() is None:
            return


def _replay(
    connection: Connection,
    snapshots: StoredSnapshots,
    row: RowMapping,
    *,
    name: str,
    faults: _Faults,
) -> None:
    """Decide a revision again."""
    try:
        evidence = read_evidence(row["inputs"])
    except msgspec.DecodeError as error:
        faults.replayed.append(f"{name}: evidence unreadable: {error}")
        return
    pack = snapshots.pack(connection, row["pack_hash"])
    if pack is None:
        faults.replayed.append(f"{name}: rule pack {row['pack_hash']} gone")
        return
    catalogue = snapshots.catalogue(connection, evidence.catalogue)
    again, facts, counters = inputs_of(evidence, catalogue)
    result = evaluate(again, facts, counters, pack)
    if evidence.engine < ENGINE:
        faults.earlier += 1
        if not _retraces(connection, row, inclusive=pack.tax_inclusive):
            faults.retraced.append(f"{name}: its trace comes to other amounts")
    elif result.result_hash != row["result_hash"] or not _same_totals(result, row):
        faults.replayed.append(f"{name}: decided again it comes out otherwise")
    is_owed = row["payment"] == "credit" and row["status"] in OWING
    is_owed &= row["cause"] not in _APPROVED
    is_owed &= all(step.code != "credit_gate_off" for step in result.trace)
    owed = row["payable"] if is_owed else 0
    credit = granted_credit(again, facts, pack)
    if owed > 0 and credit and credit.state == "amount" and credit.exposure + owed > credit.limit:
        faults.within.append(f"{name}: {credit.exposure} and {owed} are above {credit.limit}")


def _retraces(connection: Connection, row: RowMapping, *, inclusive: bool) -> bool:
    """Add up the steps that the engine of its time wrote down, and compare them with the row."""
    why = decision.c
    query = select(why.trace).where(
        why.order_id == row["order_id"], why.revision == row["revision"]
    )
    steps, _ = json.loads(connection.execute(query).scalar_one())
    sums: Counter[str] = Counter()
    for step in steps:
        code, amount = step[1], step[5] if len(step) > _AMOUNT else None
        sums[_ADDED_AS.get(code, "")] += amount or 0
    tax = 0 if inclusive else sums["tax"]
    payable = sums["gross"] - sums["discount"] + tax + sums["round_off"]
    return (payable, sums["tax"], sums["round_off"]) == (
        row["payable"],
        row["tax"],
        row["round_off"],
    )


def _same_totals(result: Result, row: RowMapping) -> bool:
    """Compare a result's totals with the row."""
    return all(getattr(result.totals, name) == Minor(row[name]) for name in _TOTALS)


def _hash_of(connection: Connection, row: RowMapping) -> str:
    """Hash a revision's content from its rows."""
    line = order_line.c
    lines = connection.execute(
        select(
            line.line,
            line.sku,
            line.ordered,
            line.unit,
            line.batch,
            line.batch_reason,
            line.percent_off,
            line.off_each,
        ).where(line.order_id == row["order_id"], line.revision == row["revision"], ~line.free)
    )
    coupons, choices = json.loads(row["coupons"]) if row["coupons"] else ([], {})
    order = Order(
        id=row["uuid"],
        customer=row["customer_code"],
        business_date=row["business_date"],
        lines=tuple(read_asked_line(one) for one in lines),
        payment=row["payment"],
        coupons=tuple(coupons),
        choices=choices,
        delivery_date=row["delivery_date"],
    )
    pack, payable = row["pack_hash"], row["payable"]
    return content_hash(row["seller_id"], order, pack=pack, payable=payable)
