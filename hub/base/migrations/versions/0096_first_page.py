"""Find who sells, batches near their expiry or blocked, and levels without reading all the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_party_sells", "party", "id", "sells"),
    ("ix_batch_expiring", "batch", "expiry", "on_hand + damaged + quarantine + in_transit > 0"),
    ("ix_batch_blocked", "batch", "warehouse_id", "status <> 'ok'"),
    ("ix_product_levelled", "product", "id", "reorder_level IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, column, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
