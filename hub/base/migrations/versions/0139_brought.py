"""Keep what phones say of goods that were brought: who took them, who signed."""

from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

_CHECK = "ck_field_entry_kind"
_BEFORE = (
    "kind IN ('day_begun', 'day_ended', 'leave', 'visit_begun', 'visit_ended', 'visit_missed',"
    " 'noted', 'complained', 'stock_seen', 'price_seen', 'goods_back', 'task_done',"
    " 'outlet_added', 'outlet_changed', 'surveyed', 'ordered', 'collected')"
)
_NOW = _BEFORE.replace("'collected'", "'collected', 'brought'")


def upgrade() -> None:
    with op.batch_alter_table("field_entry") as entry:
        entry.drop_constraint(op.f(_CHECK), type_="check")
        entry.create_check_constraint(op.f(_CHECK), _NOW)


def downgrade() -> None:
    # With an entry of goods that were brought it refuses: a phone would send it once more.
    with op.batch_alter_table("field_entry") as entry:
        entry.drop_constraint(op.f(_CHECK), type_="check")
        entry.create_check_constraint(op.f(_CHECK), _BEFORE)
