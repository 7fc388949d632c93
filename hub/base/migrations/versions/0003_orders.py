"""Keep orders, why they were decided so, and what they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_order()
    _create_order_line()
    _create_decision()
    _create_order_event()
    _create_scheme_counter()
    _create_counter_change()
    _create_allocation()


def downgrade() -> None:
    op.drop_table("allocation")
    op.drop_table("counter_change")
    op.drop_table("scheme_counter")
    op.drop_table("order_event")
    op.drop_table("decision")
    op.drop_table("order_line")
    op.drop_table("order_")


def _create_order() -> None:
    op.create_table(
        "order_",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("customer_code", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("payment", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("clock_trusted", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=32), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("round_off", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("exposure", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("pack_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "pack_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("price_hash", sa.String(length=64), nullable=True),
        sa.Column("quote_price_hash", sa.String(length=64), nullable=True),
        sa.Column("quote_payable", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status IN ('confirmed', 'confirmed_changed', 'held', 'rejected', 'cancelled')",
            name=op.f("ck_order__status"),
        ),
        sa.CheckConstraint("exposure >= 0", name=op.f("ck_order__exposure")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_order__customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_")),
        sa.UniqueConstraint("uuid", name=op.f("uq_order__uuid")),
    )
    _index_order()


def _index_order() -> None:
    with op.batch_alter_table("order_", schema=None) as batch_op:
        batch_op.create_index(
            "ix_order_business_date_status", ["business_date", "status"], unique=False
        )
        batch_op.create_index("ix_order_customer_id_id", ["customer_id", "id"], unique=False)
        batch_op.create_index(
            "ix_order_held",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'held'"),
            postgresql_where=sa.text("status = 'held'"),
        )
        batch_op.create_index("ix_order_terminal_seq", ["terminal", "seq"], unique=False)


def _create_order_line() -> None:
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ordered", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_order_line_quantity")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_order_line_order_id_order_")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_order_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("order_id", "free", "line", name=op.f("pk_order_line")),
        sqlite_with_rowid=False,
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("pack_hash", sa.String(length=64), nullable=True),
        sa.Column("result_hash", sa.String(length=64), nullable=True),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_decision_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_decision")),
    )


def _create_order_event() -> None:
    op.create_table(
        "order_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_order_event_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_event_order_id"), ["order_id"], unique=False)


def _create_scheme_counter() -> None:
    op.create_table(
        "scheme_counter",
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("used", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0 AND spent >= 0", name=op.f("ck_scheme_counter_not_negative")),
        sa.PrimaryKeyConstraint("rule", "scope", name=op.f("pk_scheme_counter")),
        sqlite_with_rowid=False,
    )


def _create_counter_change() -> None:
    op.create_table(
        "counter_change",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("used", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_counter_change_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("order_id", "rule", "scope", name=op.f("pk_counter_change")),
        sqlite_with_rowid=False,
    )


def _create_allocation() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('open', 'released')", name=op.f("ck_allocation_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_allocation_quantity")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_allocation_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_allocation_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_allocation_open",
            ["batch_id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_allocation_order_id"), ["order_id"], unique=False)
