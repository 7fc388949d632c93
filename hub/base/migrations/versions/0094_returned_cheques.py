"""Keep which row of a bank statement took a cheque back that the bank had returned."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

_STATES = "'open', 'booked', 'left'"


def upgrade() -> None:
    with op.batch_alter_table("bank_row") as row:
        row.add_column(sa.Column("returned_id", _ID))
        row.create_foreign_key(
            op.f("fk_bank_row_returned_id_payment"), "payment", ["returned_id"], ["id"]
        )
        row.create_unique_constraint(op.f("uq_bank_row_returned_id"), ["returned_id"])
        row.drop_constraint(op.f("ck_bank_row_state"), type_="check")
        row.create_check_constraint(op.f("ck_bank_row_state"), f"state IN ({_STATES}, 'returned')")
        row.create_check_constraint(
            op.f("ck_bank_row_returned"), "(state = 'returned') = (returned_id IS NOT NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("bank_row") as row:
        row.drop_constraint(op.f("ck_bank_row_returned"), type_="check")
        row.drop_constraint(op.f("ck_bank_row_state"), type_="check")
        row.create_check_constraint(op.f("ck_bank_row_state"), f"state IN ({_STATES})")
        row.drop_constraint(op.f("uq_bank_row_returned_id"), type_="unique")
        row.drop_column("returned_id")
