"""Keep what customers owe by document: what is open of each, and what has paid it."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0054"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "('opening', 'invoice', 'credit_note', 'payment', 'refund', 'write_off')"
_OPEN = "voided IS NULL AND allocated < amount"
# What was owed at the start becomes one document for each time that it was changed.
_OPENINGS = """
INSERT INTO account_document
    (seller_id, customer_id, kind, number, day, amount, allocated, cleared)
SELECT coalesce((
    SELECT n.ancestor_id FROM party_closure n JOIN party s ON s.id = n.ancestor_id
    WHERE n.descendant_id = p.customer_id AND s.sells AND n.depth > 0 ORDER BY n.depth LIMIT 1
), p.customer_id), p.customer_id, 'opening', '', {day}, p.amount, 0, {day}
FROM posting p WHERE p.kind = 'opening' ORDER BY p.id
"""
_DAYS = {
    "sqlite": "date(p.at / 1000, 'unixepoch')",
    "postgresql": "(timestamp 'epoch' + p.at / 1000 * interval '1 second')::date",
}


def upgrade() -> None:
    with op.batch_alter_table("customer_account") as account:
        for name in ("billed", "clearing"):
            account.add_column(
                sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0"))
            )
        account.create_check_constraint(op.f("ck_customer_account_clearing"), "clearing >= 0")
    op.execute("UPDATE customer_account SET billed = opening_outstanding")
    _create_document()
    _create_allocation()
    _create_order()
    with op.batch_alter_table("posting") as posting:
        posting.add_column(sa.Column("document_id", _ID))
        for name in ("kind", "document"):
            posting.drop_constraint(op.f(f"ck_posting_{name}"), type_="check")
    with op.batch_alter_table("posting") as posting:
        for name, said in (
            ("kind", "kind IN ('opening', 'order', 'billed', 'document')"),
            ("of_order", "(kind IN ('order', 'billed')) = (order_id IS NOT NULL)"),
            ("of_document", "(kind = 'document') = (document_id IS NOT NULL)"),
        ):
            posting.create_check_constraint(op.f(f"ck_posting_{name}"), said)
        posting.create_foreign_key(
            op.f("fk_posting_document_id_account_document"),
            "account_document",
            ["document_id"],
            ["id"],
        )
        posting.create_index("ix_posting_document_id", ["document_id"])
    op.execute(_OPENINGS.format(day=_DAYS[op.get_bind().dialect.name]))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _create_document() -> None:
    table = "account_document"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("ref", _ID),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("cleared", sa.Date()),
        sa.Column("voided", sa.Date()),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f(f"ck_{table}_kind")),
        sa.CheckConstraint("amount <> 0", name=op.f(f"ck_{table}_amount")),
        sa.CheckConstraint(
            "allocated >= 0 AND allocated <= abs(amount)", name=op.f(f"ck_{table}_allocated")
        ),
        sa.CheckConstraint("voided IS NULL OR allocated = 0", name=op.f(f"ck_{table}_voided")),
        _key(table, "seller_id", "party"),
        _key(table, "customer_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_seller_id", table, ["seller_id"])
    op.create_index(f"ix_{table}_customer_id_day", table, ["customer_id", "day"])
    op.create_index(
        f"ix_{table}_open",
        table,
        ["customer_id", "due"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )


def _create_allocation() -> None:
    table = "account_allocation"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("credit_id", _ID, nullable=False),
        sa.Column("debit_id", _ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f(f"ck_{table}_amount")),
        _key(table, "credit_id", "account_document"),
        _key(table, "debit_id", "account_document"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name in ("credit_id", "debit_id"):
        op.create_index(f"ix_{table}_{name}", table, [name])


def _create_order() -> None:
    table = "account_order"
    op.create_table(
        table,
        sa.Column("order_id", _ID, autoincrement=False, nullable=False),
        sa.Column("document_id", _ID, autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(create_constraint=False), nullable=False),
        _key(table, "order_id", "order_"),
        _key(table, "document_id", "account_document"),
        sa.PrimaryKeyConstraint("order_id", "document_id", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_document_id", table, ["document_id"])


def downgrade() -> None:
    op.execute("DELETE FROM posting WHERE kind IN ('billed', 'document')")
    with op.batch_alter_table("posting") as posting:
        posting.drop_index("ix_posting_document_id")
        posting.drop_constraint(op.f("fk_posting_document_id_account_document"), type_="foreignkey")
        for name in ("kind", "of_order", "of_document"):
            posting.drop_constraint(op.f(f"ck_posting_{name}"), type_="check")
    with op.batch_alter_table("posting") as posting:
        posting.drop_column("document_id")
        posting.create_check_constraint(op.f("ck_posting_kind"), "kind IN ('opening', 'order')")
        posting.create_check_constraint(
            op.f("ck_posting_document"), "(kind = 'opening') = (order_id IS NULL)"
        )
    for table in ("account_order", "account_allocation", "account_document"):
        op.drop_table(table)
    with op.batch_alter_table("customer_account") as account:
        account.drop_constraint(op.f("ck_customer_account_clearing"), type_="check")
        for name in ("billed", "clearing"):
            account.drop_column(name)
