"""Put outlets into classes, and plan a beat for some classes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None

_CLASS = "outlet_class"


def upgrade() -> None:
    with op.batch_alter_table("customer_profile") as profile:
        profile.add_column(sa.Column(_CLASS, sa.String(32)))
        profile.create_check_constraint(
            op.f("ck_customer_profile_outlet_class"),
            "outlet_class IS NULL OR outlet_class IN ('a', 'b', 'c', 'd')",
        )
    op.add_column("beat_outlet", sa.Column(_CLASS, sa.String(32)))
    op.add_column(
        "journey",
        sa.Column("classes", sa.String(32), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    with op.batch_alter_table("journey") as journey:
        journey.drop_column("classes")
    with op.batch_alter_table("beat_outlet") as stop:
        stop.drop_column(_CLASS)
    with op.batch_alter_table("customer_profile") as profile:
        profile.drop_constraint(op.f("ck_customer_profile_outlet_class"), type_="check")
        profile.drop_column(_CLASS)
