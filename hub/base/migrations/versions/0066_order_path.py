"""Find the orders of terminals by what `order_` has already, with fewer pages to write an order."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0057"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _write_inbox()
    else:
        op.drop_constraint("uq_inbox_order_uuid", "inbox")
    _write_index(sa.text("source <> 'terminal'"))


def downgrade() -> None:
    unique = sa.UniqueConstraint("order_uuid", name=op.f("uq_inbox_order_uuid"))
    if op.get_bind().dialect.name == "sqlite":
        _write_inbox(unique, with_rowid=False)
    else:
        op.create_unique_constraint("uq_inbox_order_uuid", "inbox", ["order_uuid"])
    _write_index(None)


def _write_inbox(*constraints: sa.UniqueConstraint, with_rowid: bool = True) -> None:
    op.rename_table("inbox", "inbox_before")
    op.create_table(
        "inbox",
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("seq", _ID, nullable=False, autoincrement=False),
        sa.Column("order_uuid", sa.String(36), nullable=False),
        sa.Column("payload_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "seq", name=op.f("pk_inbox")),
        *constraints,
        sqlite_with_rowid=with_rowid,
    )
    op.execute(
        "INSERT INTO inbox (terminal, seq, order_uuid, payload_sha256, received_at) "
        "SELECT terminal, seq, order_uuid, payload_sha256, received_at FROM inbox_before"
    )
    op.drop_table("inbox_before")


def _write_index(of: sa.TextClause | None) -> None:
    op.drop_index("ix_order_requester", table_name="order_")
    op.create_index(
        "ix_order_requester",
        "order_",
        [sa.func.lower(sa.column("requester")).label("requester")],
        postgresql_ops={"requester": "varchar_pattern_ops"},
        sqlite_where=of,
        postgresql_where=of,
    )
