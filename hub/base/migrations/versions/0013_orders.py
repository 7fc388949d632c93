"""Make orders the hub's own: revisions, and books of differences."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

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


# --- what the messages and the evidence say of each order --------------------------------------


class _Stored(NamedTuple):
    """What is kept of an order beside its row, by its row id.

    `messages` are the contents of the answer and of the notices by revision, with when each was
    made; `events` its timeline, oldest first; `waits` says that no batch was found for some of it.
    """

    messages: dict[int, tuple[Mapping[str, Any], int]]
    events: list[Any]
    lines: list[list[Any]]
    waits: bool


def _fill_revisions(house: int) -> None:
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
        revisions.append(_changed(order, stored, revisions[-1], number))
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
    order: sa.RowMapping, stored: _Stored, before: Mapping[str, Any], number: int
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
        f"SELECT order_id, o.revision, {columns}, -quantity FROM old_allocation "
        "JOIN order_ o ON o.id = order_id WHERE state = 'released' ORDER BY old_allocation.id"
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
        f"{into}SELECT c.order_id, o.revision, c.rule, c.scope, {given_back} "  # noqa: S608
        "FROM old_counter_change c JOIN order_ o ON o.id = c.order_id WHERE o.status = 'cancelled'"
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
