"""Make orders the hub's own: revisions, and books of differences."""

import sqlalchemy as sa
from alembic import op

from hub.base.migrations.revisions_of_before import fill_revisions

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
    fill_revisions(house)
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
