"""Count what customers bought and how many pieces schemes gave, in periods too."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("scheme_counter", "counter_change")
_CHECK = "ck_scheme_counter_not_negative"


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
            batch_op.alter_column(
                "scope",
                existing_type=sa.String(length=64),
                type_=sa.String(length=200),
                existing_nullable=False,
            )
            for name in ("bought", "pieces"):
                batch_op.add_column(
                    sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
                )
    _check("used >= 0 AND spent >= 0 AND bought >= 0 AND pieces >= 0")


def downgrade() -> None:
    _check("used >= 0 AND spent >= 0")
    for table in _TABLES:
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
            for name in ("bought", "pieces"):
                batch_op.drop_column(name)
            batch_op.alter_column(
                "scope",
                existing_type=sa.String(length=200),
                type_=sa.String(length=64),
                existing_nullable=False,
            )


def _check(condition: str) -> None:
    kwargs = {"sqlite_with_rowid": False}
    with op.batch_alter_table("scheme_counter", table_kwargs=kwargs) as batch_op:
        batch_op.drop_constraint(op.f(_CHECK), type_="check")
        batch_op.create_check_constraint(op.f(_CHECK), condition)
