"""What orders of before had revisions: read from their answers, their events and their evidence."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

_AT_ONCE = 1_000
_KEPT = ("payment", "currency", "scale", "gross", "discount", "net", "tax", "round_off", "payable")


def fill_revisions(house: int) -> None:
    """Write the revisions of every order, and post what each added to an exposure."""
    connection = op.get_bind()
    table = sa.table("order_revision", *map(sa.column, _REVISION))
    posting = sa.table(
        "posting",
        *map(sa.column, ("customer_id", "kind", "order_id", "revision", "amount", "at", "actor")),
    )
    waiting = _waiting(connection)
    for orders in _groups(connection):
        rows: list[Mapping[str, Any]] = []
        posted: list[Mapping[str, Any]] = []
        told = _told(connection, orders)
        lines = _lines(connection, orders)
        for order in orders:
            first = _first(order, told, lines.get(order["id"], []), house=house)
            if order["id"] in waiting and first["status"] == "allocated":
                first["status"] = "confirmed"
            rows.append(first)
            if order["revision"] > 1:
                rows.append(_cancelled(order, first, told))
            posted += _postings(order, rows[-1] if order["revision"] > 1 else None, first)
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


def _groups(connection: sa.Connection) -> Iterator[list[Mapping[str, Any]]]:
    last = 0
    while True:
        query = sa.text(
            "SELECT o.*, d.inputs FROM order_ o LEFT JOIN decision d ON d.order_id = o.id "
            "WHERE o.id > :last ORDER BY o.id LIMIT :most"
        )
        found = connection.execute(query, {"last": last, "most": _AT_ONCE}).mappings().all()
        if not found:
            return
        yield [dict(row) for row in found]
        last = found[-1]["id"]


def _waiting(connection: sa.Connection) -> set[int]:
    """Name the orders of which some quantity waits for a batch."""
    query = sa.text(
        "SELECT l.order_id FROM order_line l GROUP BY l.order_id HAVING sum(l.quantity) > coalesce("
        "(SELECT sum(a.quantity) FROM allocation a WHERE a.order_id = l.order_id), 0)"
    )
    return set(connection.execute(query).scalars())


def _span(orders: list[Mapping[str, Any]]) -> dict[str, int]:
    return {"first": orders[0]["id"], "last": orders[-1]["id"]}


def _told(connection: sa.Connection, orders: list[Mapping[str, Any]]) -> dict[tuple[int, str], Any]:
    """Read the first answer of each order, and who cancelled it when and why."""
    answers = sa.text(
        "SELECT order_id, payload FROM outbox "
        "WHERE revision = 1 AND order_id BETWEEN :first AND :last"
    )
    events = sa.text(
        "SELECT order_id, at, actor, text FROM order_event "
        "WHERE kind = 'cancelled' AND order_id BETWEEN :first AND :last"
    )
    found: dict[tuple[int, str], Any] = {}
    for row in connection.execute(answers, _span(orders)):
        found[row.order_id, "answer"] = json.loads(bytes(row.payload))["data"]
    for row in connection.execute(events, _span(orders)):
        found[row.order_id, "cancelled"] = row
    return found


def _lines(connection: sa.Connection, orders: list[Mapping[str, Any]]) -> dict[int, list[Any]]:
    query = sa.text(
        "SELECT order_id, line, sku, ordered, unit, batch FROM order_line "
        "WHERE NOT free AND order_id BETWEEN :first AND :last ORDER BY order_id, line"
    )
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query, _span(orders)):
        found.setdefault(row.order_id, []).append(list(row[1:]))
    return found


def _first(
    order: Mapping[str, Any],
    told: Mapping[tuple[int, str], Any],
    lines: list[Any],
    *,
    house: int,
) -> dict[str, Any]:
    """Write what an order was when it was placed."""
    answer = told.get((order["id"], "answer"), {})
    word = answer.get("status", order["status"])
    status = "allocated" if word in {"confirmed", "confirmed_changed"} else word
    inputs = json.loads(bytes(order["inputs"])) if order["inputs"] else []
    coupons = inputs[11] if len(inputs) > 11 else answer.get("coupons", [])  # noqa: PLR2004
    choices = inputs[12] if len(inputs) > 12 else {}  # noqa: PLR2004
    reasons = [
        [one["code"], {"text": one["text"]}, one.get("rule", ""), one.get("line")]
        for one in answer.get("reasons", [])
    ]
    owes = status == "allocated" and order["payment"] == "credit"
    row = {name: order[name] for name in _REVISION if name in order}
    return row | {
        "order_id": order["id"],
        "revision": 1,
        "content": 1,
        "cause": "placed",
        "made_by": "hub",
        "made_at": order["decided_at"],
        "status": status,
        "changed": word == "confirmed_changed",
        "reasons": _json(reasons),
        "content_hash": _content_hash(order, lines, house, coupons=coupons, choices=choices),
        "exposure": max(order["payable"], 0) if owes else 0,
        "credit_left": answer.get("credit_left"),
        "coupons": _json([coupons, choices]),
    }


def _cancelled(
    order: Mapping[str, Any], first: Mapping[str, Any], told: Mapping[tuple[int, str], Any]
) -> dict[str, Any]:
    event = told.get((order["id"], "cancelled"))
    return dict(first) | {
        "revision": order["revision"],
        "cause": "cancelled",
        "made_by": event.actor if event else "hub",
        "made_at": event.at if event else order["decided_at"],
        "status": "cancelled",
        "reasons": _json([["cancelled", {"why": event.text if event else "-"}, "", None]]),
        "exposure": 0,
    }


def _postings(
    order: Mapping[str, Any], second: Mapping[str, Any] | None, first: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    if not first["exposure"] or order["customer_id"] is None:
        return
    for row, amount in ((first, first["exposure"]), (second, -first["exposure"])):
        if row is not None:
            yield {
                "customer_id": order["customer_id"],
                "kind": "order",
                "order_id": order["id"],
                "revision": row["revision"],
                "amount": amount,
                "at": row["made_at"],
                "actor": row["made_by"],
            }


def _content_hash(
    order: Mapping[str, Any],
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
