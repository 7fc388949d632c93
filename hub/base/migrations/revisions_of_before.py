"""What orders of before had revisions: read from their messages, events and evidence."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

_AT_ONCE = 1_000
_KEPT = ("payment", "currency", "scale", "gross", "discount", "net", "tax", "round_off", "payable")


class _Stored(NamedTuple):
    """What is kept of an order beside its row, by its row id.

    `messages` are the contents of the answer and of the notices by revision, with when each was
    made; `events` its timeline, oldest first; `waits` says that no batch was found for some of it.
    """

    messages: dict[int, tuple[Mapping[str, Any], int]]
    events: list[Any]
    lines: list[list[Any]]
    waits: bool


def fill_revisions(house: int) -> None:
    """Write the revisions of every order, and post what each changed of an exposure."""
    connection = op.get_bind()
    table = sa.table("order_revision", *map(sa.column, _REVISION))
    posting = sa.table("posting", *map(sa.column, _POSTING))
    for orders in _groups(connection):
        stored = _read_stored(connection, orders)
        rows: list[dict[str, Any]] = []
        posted: list[dict[str, Any]] = []
        for order in orders:
            revisions = _revisions(order, stored[order["id"]], house)
            rows += revisions
            posted += _postings(order, revisions)
        connection.execute(sa.insert(table), rows)
        if posted:
            connection.execute(sa.insert(posting), posted)
    op.execute(
        "UPDATE order_ SET status = (SELECT r.status FROM order_revision r "
        "WHERE r.order_id = order_.id AND r.revision = order_.revision)"
    )


_REVISION = (
    "order_id",
    "revision",
    "content",
    "cause",
    "made_by",
    "made_at",
    "status",
    "changed",
    "reasons",
    "content_hash",
    *_KEPT,
    "exposure",
    "credit_left",
    "lines",
    "pack_hash",
    "pack_version",
    "price_hash",
    "quote_price_hash",
    "quote_payable",
    "coupons",
)
_POSTING = ("customer_id", "kind", "order_id", "revision", "amount", "at", "actor")
_CONFIRMED = frozenset({"confirmed", "confirmed_changed"})
_OWING = frozenset({"confirmed", "allocated"})
_CAUSE_BY_WORD = {"cancelled": "cancelled", "held": "held", "rejected": "refused"}


def _groups(connection: sa.Connection) -> Iterator[Sequence[sa.RowMapping]]:
    """Read the orders with their evidence, some at a time."""
    last = 0
    query = sa.text(
        "SELECT o.*, d.inputs FROM order_ o LEFT JOIN decision d ON d.order_id = o.id "
        "WHERE o.id > :last ORDER BY o.id LIMIT :most"
    )
    while True:
        found = connection.execute(query, {"last": last, "most": _AT_ONCE}).mappings().all()
        if not found:
            return
        yield found
        last = found[-1]["id"]


def _read_stored(connection: sa.Connection, orders: Sequence[sa.RowMapping]) -> dict[int, _Stored]:
    """Read what is kept of these orders beside their rows."""
    span = {"first": orders[0]["id"], "last": orders[-1]["id"]}
    waiting = set(connection.execute(sa.text(_WAITING), span).scalars())
    stored = {one["id"]: _Stored({}, [], [], one["id"] in waiting) for one in orders}
    for row in connection.execute(sa.text(_MESSAGES), span):
        content = json.loads(bytes(row.payload))["data"]
        stored[row.order_id].messages[row.revision] = (content, row.created_at)
    for row in connection.execute(sa.text(_EVENTS), span):
        stored[row.order_id].events.append(row)
    for row in connection.execute(sa.text(_LINES), span):
        stored[row.order_id].lines.append(list(row[1:]))
    return stored


_MESSAGES = """
SELECT order_id, revision, payload, created_at FROM outbox
WHERE order_id BETWEEN :first AND :last
"""
_EVENTS = """
SELECT order_id, kind, at, actor, text FROM order_event
WHERE order_id BETWEEN :first AND :last ORDER BY id
"""
_LINES = """
SELECT order_id, line, sku, ordered, unit, batch FROM order_line
WHERE NOT free AND order_id BETWEEN :first AND :last ORDER BY order_id, line
"""
# What was released again had its batches once: it is counted, whatever became of the order.
_WAITING = """
SELECT l.order_id FROM order_line l WHERE l.order_id BETWEEN :first AND :last
GROUP BY l.order_id HAVING sum(l.quantity) > coalesce(
    (SELECT sum(a.quantity) FROM allocation a WHERE a.order_id = l.order_id), 0)
"""


def _revisions(order: sa.RowMapping, stored: _Stored, house: int) -> list[dict[str, Any]]:
    """Write all revisions of an order: what was placed, then each change that was told."""
    revisions = [_placed(order, stored, house)]
    for number in range(2, order["revision"] + 1):
        revisions.append(_changed(order, stored, revisions[-1], number=number))
    return revisions


def _placed(order: sa.RowMapping, stored: _Stored, house: int) -> dict[str, Any]:
    """Write what an order was when it was placed."""
    first = stored.events[0].kind if stored.events else order["status"]
    answer, _ = stored.messages.get(1, ({}, 0))
    word = answer.get("status", first)
    status = _status(word, stored)
    inputs = json.loads(bytes(order["inputs"])) if order["inputs"] else []
    coupons = inputs[11] if len(inputs) > 11 else answer.get("coupons", [])  # noqa: PLR2004
    choices = inputs[12] if len(inputs) > 12 else {}  # noqa: PLR2004
    return {name: order[name] for name in _REVISION if name in order} | {
        "order_id": order["id"],
        "revision": 1,
        "content": 1,
        "cause": "placed",
        "made_by": "hub",
        "made_at": order["decided_at"],
        "status": status,
        "changed": word == "confirmed_changed",
        "reasons": _reasons(answer),
        "content_hash": _content_hash(order, stored.lines, house, coupons=coupons, choices=choices),
        "exposure": _exposure(order, status),
        "credit_left": answer.get("credit_left"),
        "coupons": _json([coupons, choices]),
    }


def _changed(
    order: sa.RowMapping, stored: _Stored, before: Mapping[str, Any], *, number: int
) -> dict[str, Any]:
    """Write a later revision: the same content in another state, as its notice says."""
    notice, at = stored.messages.get(number, ({}, order["decided_at"]))
    word = notice.get("status", order["status"])
    status = _status(word, stored)
    row = dict(before) | {
        "revision": number,
        "cause": _CAUSE_BY_WORD.get(word, "released"),
        "made_by": "hub",
        "made_at": at,
        "status": status,
        "changed": word == "confirmed_changed" if word in _CONFIRMED else before["changed"],
        "reasons": _reasons(notice),
        "exposure": _exposure(order, status),
    }
    if word != "cancelled":
        return row
    event = next((one for one in reversed(stored.events) if one.kind == "cancelled"), None)
    if event is not None:
        row |= {"made_by": event.actor, "made_at": event.at}
    why = (event.text if event else "") or "-"
    return row | {"reasons": _json([["cancelled", {"why": why}, "", None]])}


def _status(word: str, stored: _Stored) -> str:
    """Give the state for what a terminal was told: a confirmed order has all its batches or not."""
    if word not in _CONFIRMED:
        return word
    return "confirmed" if stored.waits else "allocated"


def _exposure(order: sa.RowMapping, status: str) -> int:
    """Give what an order in a state adds to its customer's exposure."""
    owes = status in _OWING and order["payment"] == "credit"
    return max(int(order["payable"]), 0) if owes else 0


def _reasons(message: Mapping[str, Any]) -> bytes:
    """Write the reasons that a message gave; they were sentences then."""
    return _json(
        [
            [one["code"], {"text": one["text"]}, one.get("rule") or "", one.get("line")]
            for one in message.get("reasons", [])
        ]
    )


def _postings(
    order: sa.RowMapping, revisions: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Write by how much each revision changed what the customer owes."""
    posted = 0
    for row in revisions:
        amount = row["exposure"] - posted
        posted = row["exposure"]
        if amount and order["customer_id"] is not None:
            values = (row["order_id"], row["revision"], amount, row["made_at"], row["made_by"])
            yield dict(zip(_POSTING, (order["customer_id"], "order", *values), strict=True))


def _content_hash(
    order: sa.RowMapping,
    lines: list[Any],
    house: int,
    *,
    coupons: list[str],
    choices: dict[str, str],
) -> str:
    """Hash an order's content as the hub of this schema does."""
    content = {
        "seller": house,
        "customer": order["customer_code"],
        "payment": order["payment"],
        "lines": lines,
        "coupons": sorted(code.upper() for code in coupons),
        "choices": dict(sorted(choices.items())),
        "pack": order["pack_hash"],
        "payable": order["payable"],
    }
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _json(value: list[Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
