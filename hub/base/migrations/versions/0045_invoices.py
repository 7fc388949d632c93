"""Keep invoices and credit notes, and what a seller's documents say of the seller."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CAUSES = (
    "'placed', 'amended', 'held', 'countered', 'released', 'refused', 'expired', "
    "'back_ordered', 'cancelled', 'restored', 'picked_short', 'dispatched', 'delivered', "
    "'came_back'"
)


def upgrade() -> None:
    _set_causes(f"cause IN ({_CAUSES}, 'invoiced')")
    _create_letterhead()
    _create_invoice()
    _create_line()
    _create_tax()
    _create_goods()


def _set_causes(said: str) -> None:
    with op.batch_alter_table(
        "order_revision", table_kwargs={"sqlite_with_rowid": False}
    ) as revision_:
        revision_.drop_constraint(op.f("ck_order_revision_cause"), type_="check")
        revision_.create_check_constraint(op.f("ck_order_revision_cause"), said)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _of_line(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["invoice_id", "line"],
        ["invoice_line.invoice_id", "invoice_line.line"],
        name=op.f(f"fk_{table}_invoice_id_line_invoice_line"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _ID, autoincrement=False, nullable=False)


def _create_letterhead() -> None:
    op.create_table(
        "letterhead",
        _number("seller_id"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("gstin", sa.String(32), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("city", sa.String(200), nullable=False),
        sa.Column("pin", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("bank", sa.String(500), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        _key("letterhead", "seller_id", "party"),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_letterhead")),
    )


def _create_invoice() -> None:
    table = "invoice"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("financial_year", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("document_id", _ID),
        sa.Column("of_id", _ID),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("payment", sa.String(32), nullable=False),
        sa.Column("currency", sa.String(32), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("place_of_supply", sa.String(32), nullable=False),
        sa.Column("reverse_charge", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("round_off", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("seller", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False, server_default=sa.text("''")),
        sa.Column("why", sa.String(500), nullable=False, server_default=sa.text("''")),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_day", sa.Date()),
        sa.Column("cancelled_by", sa.String(200)),
        sa.Column("cancelled_why", sa.String(500)),
        sa.CheckConstraint(
            "kind IN ('invoice', 'bill_of_supply', 'credit_note')", name=op.f("ck_invoice_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (of_id IS NOT NULL)", name=op.f("ck_invoice_credits")
        ),
        sa.CheckConstraint(
            "payable >= 0 AND net + tax + round_off = payable", name=op.f("ck_invoice_payable")
        ),
        sa.CheckConstraint(
            "(cancelled_day IS NULL) = (cancelled_by IS NULL)", name=op.f("ck_invoice_cancelled")
        ),
        *(_key(table, name, "party") for name in ("seller_id", "customer_id")),
        _key(table, "document_id", "account_document"),
        _key(table, "of_id", "invoice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("key", name=op.f("uq_invoice_key")),
        sa.UniqueConstraint(
            "seller_id",
            "financial_year",
            "number",
            name=op.f("uq_invoice_seller_id_financial_year_number"),
        ),
    )
    for name, columns in (("of_id", ["of_id"]), ("customer_id_id", ["customer_id", "id"])):
        op.create_index(f"ix_invoice_{name}", table, columns)
    op.create_index("ix_invoice_day", table, ["day"])


def _create_line() -> None:
    table = "invoice_line"
    amounts = ("gross", "discount", "net", "tax", "total")
    op.create_table(
        table,
        _number("invoice_id"),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("free", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("order_line", sa.Integer(), nullable=False),
        sa.Column("of_line", sa.Integer()),
        sa.Column("product_id", _ID),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hsn", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("unit_price", sa.BigInteger()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in amounts),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_invoice_line_quantity")),
        sa.CheckConstraint(
            "gross - discount = net AND net + tax = total", name=op.f("ck_invoice_line_total")
        ),
        _key(table, "invoice_id", "invoice"),
        _key(table, "order_id", "order_"),
        _key(table, "product_id", "product"),
        sa.PrimaryKeyConstraint("invoice_id", "line", name=op.f("pk_invoice_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invoice_line_order_id_order_line", table, ["order_id", "order_line"])


def _create_tax() -> None:
    op.create_table(
        "invoice_tax",
        _number("invoice_id"),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(32), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("per_unit", sa.BigInteger()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _of_line("invoice_tax"),
        sa.PrimaryKeyConstraint("invoice_id", "line", "head", name=op.f("pk_invoice_tax")),
        sqlite_with_rowid=False,
    )


def _create_goods() -> None:
    table = "invoice_goods"
    op.create_table(
        table,
        _number("invoice_id"),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("batch_id", _ID),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("expiry", sa.Date()),
        sa.Column("delivery_id", _ID),
        sa.Column("delivery_number", sa.Integer()),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_goods_quantity")),
        sa.CheckConstraint(
            "(delivery_id IS NULL) = (delivery_number IS NULL)",
            name=op.f("ck_invoice_goods_delivery"),
        ),
        _key(table, "batch_id", "batch"),
        _key(table, "delivery_id", "delivery"),
        _of_line(table),
        sa.PrimaryKeyConstraint("invoice_id", "line", "part", name=op.f("pk_invoice_goods")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invoice_goods_delivery_id", table, ["delivery_id"])


def downgrade() -> None:
    for table in ("invoice_goods", "invoice_tax", "invoice_line", "invoice", "letterhead"):
        op.drop_table(table)
    _set_causes(f"cause IN ({_CAUSES})")
