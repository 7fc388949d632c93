"""Join a new customer with one that was there, and keep codes of beats and surveys by seller."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_joined",
        sa.Column("party_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("into_id", _ID, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("joined_by", sa.String(200), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_joined_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["party.id"], name=op.f("fk_party_joined_into_id_party")
        ),
        sa.CheckConstraint("party_id <> into_id", name=op.f("ck_party_joined_into")),
    )
    op.create_index(op.f("ix_party_joined_into_id"), "party_joined", ["into_id"])


def downgrade() -> None:
    op.drop_table("party_joined")
