"""Keep debit notes: what goods that are kept cost more, once others came back."""

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
    op.execute("DELETE FROM setting WHERE key = 'notes_signed_from'")
    _set_documents(f"kind IN ({_DOCUMENTS})")
    with op.batch_alter_table("invoice") as invoice:
        invoice.drop_constraint(op.f("ck_invoice_comes_with"), type_="check")
    _set_checks(kind=f"kind IN ({_KINDS})", credits_="(kind = 'credit_note') = (of_id IS NOT NULL)")
    op.drop_index(op.f("ix_invoice_comes_with"), "invoice")
    with op.batch_alter_table("invoice") as invoice:
        invoice.drop_column("comes_with")
