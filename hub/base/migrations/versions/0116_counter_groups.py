"""Groups of counters: what all of a group are set to, unless one has a setting of its own."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0116"
down_revision = "0113"
branch_labels = None
depends_on = None

_GROUP = "counter_group"


def upgrade() -> None:
    op.create_table(
        _GROUP,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("payments", sa.String(32)),
        sa.Column("ask_quantity", _ID),
        sa.Column("ask_amount", _ID),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.UniqueConstraint("code", name=op.f("uq_counter_group_code")),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["party.id"], name=op.f("fk_counter_group_seller_id_party")
        ),
    )
    op.create_index("ix_counter_group_seller_id", _GROUP, ["seller_id"])
    with op.batch_alter_table("terminal") as terminal:
        terminal.add_column(sa.Column("group_id", _ID))
        terminal.create_foreign_key(
            op.f("fk_terminal_group_id_counter_group"), _GROUP, ["group_id"], ["id"]
        )
        terminal.create_index("ix_terminal_group_id", ["group_id"])


def downgrade() -> None:
    with op.batch_alter_table("terminal") as terminal:
        terminal.drop_index("ix_terminal_group_id")
        terminal.drop_constraint(op.f("fk_terminal_group_id_counter_group"), type_="foreignkey")
        terminal.drop_column("group_id")
    op.drop_table(_GROUP)
