"""Keep payments, refunds and write-offs, with the life of cheques."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = "state IN ('received', 'clearing')"
_CHECKS = {
    "kind": "kind IN ('payment', 'refund', 'write_off')",
    "mode": "mode IN ('cash', 'upi', 'cheque', 'bank', 'adjustment')",
    "state": "state IN ('received', 'clearing', 'cleared', 'bounced')",
    "cheque": "state = 'cleared' OR mode = 'cheque'",
    "amount": "amount > 0",
}


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("financial_year", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("reference_key", sa.String(64), nullable=False),
        sa.Column("collector", sa.String(64), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_day", sa.Date()),
        sa.Column("settled_by", sa.String(200)),
        *(
            sa.CheckConstraint(said, name=op.f(f"ck_payment_{one}"))
            for one, said in _CHECKS.items()
        ),
        _key("seller_id", "party"),
        _key("customer_id", "party"),
        _key("document_id", "account_document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_key")),
        sa.UniqueConstraint(
            "seller_id",
            "financial_year",
            "number",
            name=op.f("uq_payment_seller_id_financial_year_number"),
        ),
    )
    op.create_index("ix_payment_document_id", "payment", ["document_id"])
    op.create_index("ix_payment_customer_id_id", "payment", ["customer_id", "id"])
    op.create_index("ix_payment_day", "payment", ["day"])
    op.create_index("ix_payment_reference_key", "payment", ["reference_key"])
    op.create_index(
        "ix_payment_waiting",
        "payment",
        ["id"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )


def _check(name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_payment_{name}"))


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_payment_{column}_{other}")
    )


def downgrade() -> None:
    op.drop_table("payment")
