"""Make orders the hub's own: revisions, and books of differences."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATUSES = (
    "'draft', 'held', 'confirmed', 'allocated', 'dispatched', 'delivered', 'invoiced', "
    "'cancelled', 'rejected'"
)
_CAUSES = (
    "'placed', 'amended', 'held', 'countered', 'released', 'refused', 'expired', "
    "'back_ordered', 'cancelled', 'restored'"
)
_SOURCES = "'terminal', 'staff', 'partner', 'field', 'api', 'import'"
_AT_ONCE = 1_000
_KEPT = ("payment", "currency", "scale", "gross", "discount", "net", "tax", "round_off", "payable")
_GONE = (
    "terminal",
    "seq",
    "payment",
    "reason",
    "decided_at",
    "currency",
    "scale",
    "gross",
    "discount",
    "net",
    "tax",
    "round_off",
    "payable",
    "exposure",
    "lines",
    "pack_hash",
    "pack_version",
    "price_hash",
    "quote_price_hash",
    "quote_payable",
)


def upgrade() -> None:
    found = op.get_bind().execute(sa.text("SELECT id FROM party WHERE code = '@house'"))
    house = int(found.scalar_one())
    _add_to_orders(house)
    _make_revisions()
    _make_postings()
    _fill_revisions(house)
    _move_lines()
    _move_decisions()
    _move_allocations()
    _move_counter_changes()
    _finish_orders()
    op.drop_table("order_event")
    _make_approvals()


def downgrade() -> None:
    raise NotImplementedError("restore the copy that was made before: revisions cannot be unmade")


def _add_to_orders(house: int) -> None:
    with op.batch_alter_table("order_") as batch:
        batch.add_column(sa.Column("source", sa.String(32)))
        batch.add_column(sa.Column("source_key", sa.String(200)))
        batch.add_column(sa.Column("seller_id", _ID))
        batch.add_column(sa.Column("warehouse_id", _ID))
        batch.add_column(sa.Column("requester_kind", sa.String(32)))
        batch.add_column(sa.Column("requester", sa.String(64)))
        batch.add_column(sa.Column("placed_at", sa.BigInteger()))
        batch.drop_constraint(op.f("ck_order__status"), type_="check")
        batch.drop_constraint(op.f("ck_order__exposure"), type_="check")
    op.get_bind().execute(
        sa.text(
            "UPDATE order_ SET source = 'terminal', source_key = terminal || '/' || seq, "
            "requester_kind = 'terminal', requester = terminal, placed_at = decided_at, "
            "seller_id = :house, warehouse_id = coalesce("
            "(SELECT t.warehouse_id FROM terminal t WHERE t.id = order_.terminal), "
            "(SELECT min(id) FROM warehouse))"
        ),
        {"house": house},
    )


def _make_revisions() -> None:
    amounts = ("gross", "discount", "net", "tax", "round_off", "payable", "exposure")
    op.create_table(
        "order_revision",
        sa.Column("order_id", _ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("changed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("payment", sa.String(32), nullable=False),
        sa.Column("currency", sa.String(32), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in amounts),
        sa.Column("credit_left", sa.BigInteger()),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("pack_hash", sa.String(64)),
        sa.Column("pack_version", _ID, nullable=False),
        sa.Column("price_hash", sa.String(64)),
        sa.Column("quote_price_hash", sa.String(64)),
        sa.Column("quote_payable", sa.BigInteger()),
        sa.Column("coupons", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order_.id"]),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_order_revision")),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_order_revision_status")),
        sa.CheckConstraint(f"cause IN ({_CAUSES})", name=op.f("ck_order_revision_cause")),
        sa.CheckConstraint(
            "payment IN ('cash', 'credit', 'advance')", name=op.f("ck_order_revision_payment")
        ),
        sa.CheckConstraint("exposure >= 0", name=op.f("ck_order_revision_exposure")),
        sa.CheckConstraint(
            "content BETWEEN 1 AND revision", name=op.f("ck_order_revision_content")
        ),
        sqlite_with_rowid=False,
    )


def _make_postings() -> None:
    op.create_table(
        "posting",
        sa.Column("id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("order_id", _ID),
        sa.Column("revision", sa.Integer()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["party.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["order_.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.CheckConstraint("kind IN ('opening', 'order')", name=op.f("ck_posting_kind")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount")),
        sa.CheckConstraint(
            "(kind = 'opening') = (order_id IS NULL)", name=op.f("ck_posting_document")
        ),
    )
    op.create_index("ix_posting_customer_id", "posting", ["customer_id"])
    op.create_index("ix_posting_order_id", "posting", ["order_id"])
    op.execute(
        "INSERT INTO posting (customer_id, kind, amount, at, actor) "
        "SELECT customer_id, 'opening', opening_outstanding, 0, 'migration' "
        "FROM customer_account WHERE opening_outstanding <> 0"
    )


# --- what the answers and the evidence say of each order ---------------------------------------


def _fill_revisions(house: int) -> None:
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


# --- tables that nothing points to are made anew -----------------------------------------------


def _set_aside(table: str, *indexes: str) -> None:
    """Rename a table and what is named after it, so that its successor can have the names."""
    for index in indexes:
        op.drop_index(index, table_name=table)
    op.rename_table(table, f"old_{table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE old_{table} RENAME CONSTRAINT pk_{table} TO pk_old_{table}")


def _revision_columns() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("order_id", _ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
    )


def _to_revision(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["order_id", "revision"],
        ["order_revision.order_id", "order_revision.revision"],
        name=op.f(f"fk_{table}_order_id_revision_order_revision"),
    )


def _move_lines() -> None:
    _set_aside("order_line")
    amounts = ("gross", "discount", "net", "tax", "total")
    op.create_table(
        "order_line",
        *_revision_columns(),
        sa.Column("free", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", _ID),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("ordered", _ID, nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("unit_price", sa.BigInteger()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in amounts),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(32)),
        sa.Column("pack_size", _ID),
        sa.Column("pack_price", sa.BigInteger()),
        sa.Column("mrp", sa.BigInteger()),
        sa.Column("batch", sa.String(64)),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        _to_revision("order_line"),
        sa.PrimaryKeyConstraint("order_id", "revision", "free", "line", name=op.f("pk_order_line")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_order_line_quantity")),
        sqlite_with_rowid=False,
    )
    columns = (
        "free, line, product_id, sku, name, ordered, quantity, unit_price, gross, discount, net, "
        "tax, total, rule, unit, pack_size, pack_price, mrp, batch"
    )
    op.execute(
        f"INSERT INTO order_line (order_id, revision, {columns}) "  # noqa: S608
        f"SELECT order_id, 1, {columns} FROM old_order_line"
    )
    op.drop_table("old_order_line")


def _move_decisions() -> None:
    _set_aside("decision")
    op.create_table(
        "decision",
        *_revision_columns(),
        sa.Column("pack_hash", sa.String(64)),
        sa.Column("result_hash", sa.String(64)),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.LargeBinary(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=False),
        _to_revision("decision"),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_decision")),
    )
    op.get_bind().execute(
        sa.text(
            "INSERT INTO decision "
            "(order_id, revision, pack_hash, result_hash, inputs, trace, needs) "
            "SELECT order_id, 1, pack_hash, result_hash, inputs, trace, :none FROM old_decision"
        ),
        {"none": b""},
    )
    op.drop_table("old_decision")


def _move_allocations() -> None:
    _set_aside("allocation", "ix_allocation_order_id", "ix_allocation_open")
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("ALTER SEQUENCE allocation_id_seq RENAME TO old_allocation_id_seq")
    op.create_table(
        "allocation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("free", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order_.id"]),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_allocation_quantity")),
    )
    op.create_index("ix_allocation_order_id", "allocation", ["order_id"])
    op.create_index("ix_allocation_batch_id", "allocation", ["batch_id"])
    columns = "free, line, batch_id"
    op.execute(
        f"INSERT INTO allocation (order_id, revision, {columns}, quantity) "  # noqa: S608
        f"SELECT order_id, 1, {columns}, quantity FROM old_allocation ORDER BY id"
    )
    op.execute(
        f"INSERT INTO allocation (order_id, revision, {columns}, quantity) "  # noqa: S608
        f"SELECT order_id, 2, {columns}, -quantity FROM old_allocation "
        "WHERE state = 'released' ORDER BY id"
    )
    op.drop_table("old_allocation")


def _move_counter_changes() -> None:
    _set_aside("counter_change")
    op.create_table(
        "counter_change",
        *_revision_columns(),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("used", _ID, nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("bought", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("pieces", sa.BigInteger(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["order_id"], ["order_.id"]),
        sa.PrimaryKeyConstraint(
            "order_id", "revision", "rule", "scope", name=op.f("pk_counter_change")
        ),
        sqlite_with_rowid=False,
    )
    counts = ("used", "spent", "bought", "pieces")
    into = f"INSERT INTO counter_change (order_id, revision, rule, scope, {', '.join(counts)}) "
    op.execute(
        f"{into}SELECT order_id, 1, rule, scope, {', '.join(counts)} FROM old_counter_change"  # noqa: S608
    )
    given_back = ", ".join(f"-c.{name}" for name in counts)
    op.execute(
        f"{into}SELECT c.order_id, 2, c.rule, c.scope, {given_back} FROM old_counter_change c "  # noqa: S608
        "JOIN order_ o ON o.id = c.order_id WHERE o.status = 'cancelled'"
    )
    op.drop_table("old_counter_change")


def _finish_orders() -> None:
    """Take off the order what its revisions have."""
    op.drop_index("ix_order_terminal_seq", table_name="order_")
    with op.batch_alter_table("order_") as batch:
        for name in _GONE:
            batch.drop_column(name)
        for name, kind in (
            ("source", sa.String(32)),
            ("source_key", sa.String(200)),
            ("seller_id", _ID),
            ("warehouse_id", _ID),
            ("requester_kind", sa.String(32)),
            ("requester", sa.String(64)),
            ("placed_at", sa.BigInteger()),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.drop_constraint("fk_order__customer_id_customer", type_="foreignkey")
        batch.create_foreign_key("fk_order__customer_id_party", "party", ["customer_id"], ["id"])
        batch.create_foreign_key("fk_order__seller_id_party", "party", ["seller_id"], ["id"])
        batch.create_foreign_key(
            "fk_order__warehouse_id_warehouse", "warehouse", ["warehouse_id"], ["id"]
        )
        batch.create_unique_constraint("uq_order__source_source_key", ["source", "source_key"])
        batch.create_check_constraint(op.f("ck_order__status"), f"status IN ({_STATUSES})")
        batch.create_check_constraint(op.f("ck_order__source"), f"source IN ({_SOURCES})")
        batch.create_check_constraint(
            op.f("ck_order__requester_kind"), "requester_kind IN ('terminal', 'user', 'token')"
        )


def _make_approvals() -> None:
    op.create_table(
        "approval_decision",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(32), nullable=False),
        sa.Column("offer_hash", sa.String(64)),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id", "revision"], ["order_revision.order_id", "order_revision.revision"]
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_decision")),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'counter')", name=op.f("ck_approval_decision_answer")
        ),
    )
    op.create_index("ix_approval_decision_order_id", "approval_decision", ["order_id", "revision"])
