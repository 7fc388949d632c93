"""Keep the links by which partners sign in for the first time."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_OPEN = sa.text("used_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "partner_link",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "user_id",
            _ID,
            sa.ForeignKey("user_account.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("mail", sa.String(200)),
        sa.Column("failed", sa.String(500)),
    )
    op.create_index("ix_partner_link_user_id", "partner_link", ["user_id"])
    op.create_index(
        "uq_partner_link_open",
        "partner_link",
        ["user_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("partner_link")
