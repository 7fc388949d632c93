"""Keep returns, payments that were voided, and documents as they were drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CAUSES = (
    "'placed', 'amended', 'held', 'countered', 'released', 'refused', 'expired', "
    "'back_ordered', 'cancelled', 'restored', 'picked_short', 'dispatched', 'delivered', "
    "'came_back', 'invoiced'"
)
_STATES = "'received', 'clearing', 'cleared', 'bounced'"


def upgrade() -> None:
    _set_causes(f"cause IN ({_CAUSES}, 'returned')")
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("settled_why", sa.String(500)))
        for name in ("state", "cheque"):
            payment.drop_constraint(op.f(f"ck_payment_{name}"), type_="check")
        payment.create_check_constraint(op.f("ck_payment_state"), f"state IN ({_STATES}, 'voided')")
        payment.create_check_constraint(
            op.f("ck_payment_cheque"), "state IN ('cleared', 'voided') OR mode = 'cheque'"
        )
        payment.create_check_constraint(
            op.f("ck_payment_voided"), "(state = 'voided') = (settled_why IS NOT NULL)"
        )
    _create_paper_file()
    _create_return()


def _create_paper_file() -> None:
    op.create_table(
        "paper_file",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_paper_file")),
    )


def _create_return() -> None:
    op.create_table(
        "goods_return",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("delivery_id", _ID),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _key("goods_return", "seller_id", "party"),
        _key("goods_return", "customer_id", "party"),
        _key("goods_return", "delivery_id", "delivery"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return")),
        sa.UniqueConstraint("key", name=op.f("uq_goods_return_key")),
        sa.UniqueConstraint("number", name=op.f("uq_goods_return_number")),
    )
    op.create_index("ix_goods_return_delivery_id", "goods_return", ["delivery_id"])
    op.create_index("ix_goods_return_customer_id_id", "goods_return", ["customer_id", "id"])
    op.create_table(
        "goods_return_note",
        sa.Column("return_id", _ID, autoincrement=False, nullable=False),
        sa.Column("invoice_id", _ID, autoincrement=False, nullable=False),
        _key("goods_return_note", "return_id", "goods_return"),
        _key("goods_return_note", "invoice_id", "invoice"),
        sa.PrimaryKeyConstraint("return_id", "invoice_id", name=op.f("pk_goods_return_note")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_goods_return_note_invoice_id")),
        sqlite_with_rowid=False,
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _set_causes(said: str) -> None:
    with op.batch_alter_table(
        "order_revision", table_kwargs={"sqlite_with_rowid": False}
    ) as revision_:
        revision_.drop_constraint(op.f("ck_order_revision_cause"), type_="check")
        revision_.create_check_constraint(op.f("ck_order_revision_cause"), said)


def downgrade() -> None:
    op.drop_table("goods_return_note")
    op.drop_table("goods_return")
    op.drop_table("paper_file")
    with op.batch_alter_table("payment") as payment:
        for name in ("state", "cheque", "voided"):
            payment.drop_constraint(op.f(f"ck_payment_{name}"), type_="check")
        payment.drop_column("settled_why")
        payment.create_check_constraint(op.f("ck_payment_state"), f"state IN ({_STATES})")
        payment.create_check_constraint(
            op.f("ck_payment_cheque"), "state = 'cleared' OR mode = 'cheque'"
        )
    _set_causes(f"cause IN ({_CAUSES})")
