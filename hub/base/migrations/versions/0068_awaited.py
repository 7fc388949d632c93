"""Keep of which terminals answered orders may be missing, and since when a card is there."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO awaited (terminal, customer_id, since, why)
SELECT t.id, t.customer_id, CAST(s.value AS BIGINT), 'restored'
FROM setting s JOIN terminal t ON t.revoked_at IS NULL
LEFT JOIN terminal_presence p ON p.terminal = t.id
WHERE s.key = 'restored_at' AND (p.seen_at IS NULL OR p.seen_at < CAST(s.value AS BIGINT))
"""


def upgrade() -> None:
    op.create_table(
        "awaited",
        sa.Column("terminal", sa.String(32), primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.CheckConstraint("why IN ('restored', 'ahead')", name="why"),
    )
    op.create_index("ix_awaited_customer_id", "awaited", ["customer_id"])
    op.execute(_FILL)
    op.add_column("terminal_presence", sa.Column("card_at", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("terminal_presence", "card_at")
    op.drop_table("awaited")
