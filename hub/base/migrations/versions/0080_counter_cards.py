"""Keep operators' cards, and the customers that a terminal orders for beside its own."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "operator_card",
        sa.Column("id", _ID, nullable=False),
        sa.Column("card", sa.String(32), nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("pin", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["party.id"], name=op.f("fk_operator_card_customer_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_card")),
        sa.UniqueConstraint("card", name=op.f("uq_operator_card_card")),
    )
    op.create_index("ix_operator_card_customer_id", "operator_card", ["customer_id"])
    op.create_table(
        "terminal_customer",
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["party.id"], name=op.f("fk_terminal_customer_customer_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_customer_terminal_terminal")
        ),
        sa.PrimaryKeyConstraint("terminal", "customer_id", name=op.f("pk_terminal_customer")),
    )
    op.create_index("ix_terminal_customer_customer_id", "terminal_customer", ["customer_id"])
    op.add_column(
        "terminal",
        sa.Column("operator_needed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("terminal", "operator_needed")
    op.drop_table("terminal_customer")
    op.drop_table("operator_card")
