"""Keep returns in an order's life, payments that were voided, and documents as they were drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0046"
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


def _create_paper_file() -> None:
    op.create_table(
        "paper_file",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_paper_file")),
    )


def _set_causes(said: str) -> None:
    with op.batch_alter_table(
        "order_revision", table_kwargs={"sqlite_with_rowid": False}
    ) as revision_:
        revision_.drop_constraint(op.f("ck_order_revision_cause"), type_="check")
        revision_.create_check_constraint(op.f("ck_order_revision_cause"), said)


def downgrade() -> None:
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
