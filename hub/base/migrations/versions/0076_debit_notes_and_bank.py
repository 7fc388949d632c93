"""Keep debit notes, and statements of banks with what became of each row."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "'invoice', 'bill_of_supply', 'credit_note'"
_DOCUMENTS = "'opening', 'invoice', 'credit_note', 'payment', 'refund', 'write_off', 'claim'"
_SIGNED = """
INSERT INTO setting (key, value)
SELECT 'notes_signed_from', CAST(max(id) + 1 AS VARCHAR(20)) FROM invoice
HAVING max(id) IS NOT NULL
"""
"""Credit notes of before may have lines below zero: they stay as they were issued."""


def upgrade() -> None:
    with op.batch_alter_table("invoice") as invoice:
        invoice.add_column(sa.Column("comes_with", _ID))
        invoice.create_foreign_key(
            op.f("fk_invoice_comes_with_invoice"), "invoice", ["comes_with"], ["id"]
        )
    op.create_index(op.f("ix_invoice_comes_with"), "invoice", ["comes_with"])
    _set_checks(
        kind=f"kind IN ({_KINDS}, 'debit_note')",
        credits_="(kind IN ('credit_note', 'debit_note')) = (of_id IS NOT NULL)",
    )
    with op.batch_alter_table("invoice") as invoice:
        invoice.create_check_constraint(
            op.f("ck_invoice_comes_with"), "kind <> 'debit_note' OR comes_with IS NOT NULL"
        )
    _set_documents(f"kind IN ({_DOCUMENTS}, 'debit_note')")
    op.execute(_SIGNED)
    _make_bank()


def _make_bank() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _key("bank_statement", "seller_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
    )
    op.create_index(op.f("ix_bank_statement_seller_id"), "bank_statement", ["seller_id"])
    op.create_table(
        "bank_row",
        sa.Column("id", _ID, nullable=False),
        sa.Column("statement_id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("narration", sa.String(500), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("payment_id", _ID),
        _check("bank_row", "state", "state IN ('open', 'booked', 'left')"),
        _check("bank_row", "booked", "(state = 'booked') = (payment_id IS NOT NULL)"),
        _check("bank_row", "amount", "amount <> 0"),
        _check("bank_row", "round", "round > 0"),
        _key("bank_row", "statement_id", "bank_statement"),
        _key("bank_row", "seller_id", "party"),
        _key("bank_row", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_row")),
        sa.UniqueConstraint("seller_id", "key", name=op.f("uq_bank_row_seller_id_key")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_bank_row_payment_id")),
    )
    op.create_index("ix_bank_row_statement_id_line", "bank_row", ["statement_id", "line"])


def _check(table: str, name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _set_checks(*, kind: str, credits_: str) -> None:
    with op.batch_alter_table("invoice") as invoice:
        for name, said in (("kind", kind), ("credits", credits_)):
            invoice.drop_constraint(op.f(f"ck_invoice_{name}"), type_="check")
            invoice.create_check_constraint(op.f(f"ck_invoice_{name}"), said)


def _set_documents(said: str) -> None:
    with op.batch_alter_table("account_document") as document:
        document.drop_constraint(op.f("ck_account_document_kind"), type_="check")
        document.create_check_constraint(op.f("ck_account_document_kind"), said)


def downgrade() -> None:
    op.drop_table("bank_row")
    op.drop_table("bank_statement")
    op.execute("DELETE FROM setting WHERE key = 'notes_signed_from'")
    _set_documents(f"kind IN ({_DOCUMENTS})")
    with op.batch_alter_table("invoice") as invoice:
        invoice.drop_constraint(op.f("ck_invoice_comes_with"), type_="check")
    _set_checks(kind=f"kind IN ({_KINDS})", credits_="(kind = 'credit_note') = (of_id IS NOT NULL)")
    op.drop_index(op.f("ix_invoice_comes_with"), "invoice")
    with op.batch_alter_table("invoice") as invoice:
        invoice.drop_column("comes_with")
