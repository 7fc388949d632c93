"""Keep what the orders of a day come to, so that the first page and trends need not add them up."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0057"
down_revision = "0046"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO order_sum
    (day, seller_id, warehouse_id, status, currency, scale, orders, payable, priced)
SELECT o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency, r.scale, count(*),
    sum(r.payable), sum(CASE WHEN r.price_hash IS NULL THEN 0 ELSE r.payable END)
FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
GROUP BY o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency, r.scale
"""


def upgrade() -> None:
    op.create_table(
        "order_sum",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("currency", sa.String(32), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("orders", _ID, nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("priced", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_order_sum_day", "order_sum", ["day"])
    op.execute(_FILL)
    _create_questions()
    op.drop_index("ix_order_business_date_status", "order_")
    op.create_index(
        "ix_order_business_date_status",
        "order_",
        ["business_date", "status", "seller_id", "customer_id"],
    )


def _create_questions() -> None:
    op.create_table(
        "question_unread",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("text", sa.String(500), nullable=False, unique=True),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    op.create_index("ix_question_unread_asked_at", "question_unread", ["asked_at"])
    op.create_table(
        "question_word",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("phrase", sa.String(200), nullable=False),
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("phrase", "section", "name"),
    )


def downgrade() -> None:
    op.drop_table("question_word")
    op.drop_table("question_unread")
    op.drop_index("ix_order_business_date_status", "order_")
    op.create_index("ix_order_business_date_status", "order_", ["business_date", "status"])
    op.drop_table("order_sum")
