"""Keep what the orders of a day come to, so that the first page and trends need not add them up."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0057"
down_revision = "0056"
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
    _create_schedules()
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


def _create_schedules() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("user_id", _ID, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("report", sa.String(32), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("every", sa.String(32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("failed", sa.String(500)),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("every IN ('day', 'week', 'month')", name="every"),
        sa.CheckConstraint("file IN ('xlsx', 'csv')", name="file"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    )
    op.create_index("ix_report_schedule_user_id", "report_schedule", ["user_id"])


def downgrade() -> None:
    op.drop_table("report_schedule")
    op.drop_table("question_word")
    op.drop_table("question_unread")
    op.drop_index("ix_order_business_date_status", "order_")
    op.create_index("ix_order_business_date_status", "order_", ["business_date", "status"])
    op.drop_table("order_sum")
