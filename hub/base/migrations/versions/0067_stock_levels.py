"""Keep the levels of products in warehouses, and take files of them."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = "kind IN ('customers', 'openings', 'orders', 'products', 'stock')"
_KINDS = "kind IN ('customers', 'levels', 'openings', 'orders', 'products', 'stock')"


def upgrade() -> None:
    op.create_table(
        "stock_level",
        sa.Column("product_id", _ID, autoincrement=False, nullable=False),
        sa.Column("warehouse_id", _ID, autoincrement=False, nullable=False),
        sa.Column("reorder", sa.BigInteger()),
        sa.Column("maximum", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_level_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_level_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("product_id", "warehouse_id", name=op.f("pk_stock_level")),
    )
    _check_kinds(_KINDS)


def downgrade() -> None:
    gone = "kind = 'levels'"
    op.execute(
        f"DELETE FROM import_outcome WHERE run_id IN (SELECT id FROM import_run WHERE {gone})"  # noqa: S608
    )
    op.execute(f"DELETE FROM import_run WHERE {gone}")  # noqa: S608
    _check_kinds(_OLD_KINDS)
    op.drop_table("stock_level")


def _check_kinds(kinds: str) -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), kinds)
