"""Keep working days, and visits that nobody ended."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = (
    "kind IN ('customers', 'levels', 'openings', 'orders', 'prices', 'products', 'stock', "
    "'targets')"
)
_KINDS = (
    "kind IN ('customers', 'levels', 'openings', 'orders', 'prices', 'products', 'stock', "
    "'targets', 'workdays')"
)
_OLD_OUTCOMES = "'order', 'no_need', 'stock_left', 'closed', 'owner_away', 'other_supplier', 'debt'"
_OUTCOMES = f"{_OLD_OUTCOMES}, 'not_ended'"


def upgrade() -> None:
    _set_check("import_run", "kind", _KINDS)
    _set_check("visit", "outcome", f"outcome IS NULL OR outcome IN ({_OUTCOMES})")
    op.create_table(
        "working_week",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_working_week_weekdays")),
        _key("working_week"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_week")),
        sa.UniqueConstraint(
            *("seller_id", "region", "from_day"),
            name=op.f("uq_working_week_seller_id_region_from_day"),
        ),
    )
    op.create_table(
        "marked_day",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_hi", sa.String(200), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mark IN ('off', 'work')", name=op.f("ck_marked_day_mark")),
        _key("marked_day"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marked_day")),
        sa.UniqueConstraint(
            "seller_id", "region", "day", name=op.f("uq_marked_day_seller_id_region_day")
        ),
    )


def _key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_seller_id_party")
    return sa.ForeignKeyConstraint(["seller_id"], ["party.id"], name=name)


def _set_check(table: str, name: str, said: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), said)


def downgrade() -> None:
    op.drop_table("marked_day")
    op.drop_table("working_week")
    op.execute("UPDATE visit SET outcome = NULL, ended_at = NULL WHERE outcome = 'not_ended'")
    _set_check("visit", "outcome", f"outcome IS NULL OR outcome IN ({_OLD_OUTCOMES})")
    gone = "run_id IN (SELECT id FROM import_run WHERE kind = 'workdays')"
    op.execute(f"DELETE FROM import_outcome WHERE {gone}")  # noqa: S608 -- ours
    op.execute(f"DELETE FROM import_edit WHERE {gone}")  # noqa: S608 -- likewise
    op.execute("DELETE FROM import_run WHERE kind = 'workdays'")
    _set_check("import_run", "kind", _OLD_KINDS)
