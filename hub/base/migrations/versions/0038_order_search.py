"""Have orders found by each way that people ask for one, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pattern = "varchar_pattern_ops"
    named = sa.text("po_number <> ''")
    op.drop_index("ix_order_number", table_name="order_")
    op.create_index("ix_order_number", "order_", ["number"], postgresql_ops={"number": pattern})
    op.create_index(
        "ix_order_number_end", "order_", [sa.text("substr(number, length(number) - 4)")]
    )
    op.create_index(
        "ix_order_po_number",
        "order_",
        [sa.func.lower(sa.column("po_number")).label("po_number")],
        postgresql_ops={"po_number": pattern},
        sqlite_where=named,
        postgresql_where=named,
    )
    op.create_index(
        "ix_order_requester",
        "order_",
        [sa.func.lower(sa.column("requester")).label("requester")],
        postgresql_ops={"requester": pattern},
    )
    op.drop_index("ix_order_held", table_name="order_")
    op.create_index("ix_order_status_id", "order_", ["status", "id"])
    op.create_index("ix_order_revision_payable", "order_revision", ["payable"])
    op.create_index("ix_order_line_sku", "order_line", ["sku"])


def downgrade() -> None:
    op.drop_index("ix_order_line_sku", table_name="order_line")
    op.drop_index("ix_order_revision_payable", table_name="order_revision")
    op.drop_index("ix_order_status_id", table_name="order_")
    held = sa.text("status = 'held'")
    op.create_index("ix_order_held", "order_", ["id"], sqlite_where=held, postgresql_where=held)
    op.drop_index("ix_order_requester", table_name="order_")
    op.drop_index("ix_order_po_number", table_name="order_")
    op.drop_index("ix_order_number_end", table_name="order_")
    op.drop_index("ix_order_number", table_name="order_")
    op.create_index("ix_order_number", "order_", ["number"])
