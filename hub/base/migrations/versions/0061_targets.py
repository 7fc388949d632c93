"""Keep targets with their versions, and take them from files."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0057"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = "kind IN ('customers', 'openings', 'orders', 'products', 'stock')"
_KINDS = "kind IN ('customers', 'openings', 'orders', 'products', 'stock', 'targets')"
_AIMS = "'order_value', 'standing_orders', 'goods_value', 'quantity', 'received'"


def upgrade() -> None:
    _set_kinds(_KINDS)
    op.create_table(
        "target",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("party_id", _ID),
        sa.Column("goods", sa.String(32), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("span", sa.String(32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        _check("target", "measure", f"measure IN ({_AIMS})"),
        _check("target", "kind", "kind IN ('house', 'rep', 'area', 'beat', 'customer')"),
        _check("target", "goods", "goods IN ('all', 'brand', 'category', 'product')"),
        _check("target", "span", "span IN ('month', 'quarter', 'fy')"),
        _check("target", "amount", "amount > 0"),
        _check("target", "days", "first < last"),
        _check("target", "who", "(kind = 'house') = (who = '')"),
        _check("target", "thing", "(goods = 'all') = (thing = '')"),
        _check("target", "party", "(kind = 'customer') = (party_id IS NOT NULL)"),
        _key("target", "seller_id", "party"),
        _key("target", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            *("seller_id", "measure", "kind", "who", "goods", "thing", "span", "first"),
            name="uq_target_owner",
        ),
    )
    op.create_index(op.f("ix_target_party_id"), "target", ["party_id"])
    op.create_index("ix_target_first_last", "target", ["first", "last"])
    op.create_table(
        "target_version",
        sa.Column("target_id", _ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        _check("target_version", "amount", "amount IS NULL OR amount > 0"),
        _key("target_version", "target_id", "target"),
        sa.PrimaryKeyConstraint("target_id", "version", name=op.f("pk_target_version")),
        sqlite_with_rowid=False,
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _check(table: str, name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))


def _set_kinds(said: str) -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), said)


def downgrade() -> None:
    op.drop_table("target_version")
    op.drop_table("target")
    gone = "kind = 'targets'"
    op.execute(
        f"DELETE FROM import_outcome WHERE run_id IN (SELECT id FROM import_run WHERE {gone})"  # noqa: S608
    )
    op.execute(f"DELETE FROM import_edit WHERE run_id IN (SELECT id FROM import_run WHERE {gone})")  # noqa: S608
    op.execute(f"DELETE FROM import_run WHERE {gone}")  # noqa: S608
    _set_kinds(_OLD_KINDS)
