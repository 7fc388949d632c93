"""Let an order be told of a cheque that the bank returned, and people have rules about it."""

from alembic import op

revision = "0111"
down_revision = "0105"
branch_labels = None
depends_on = None

_CAUSES = (
    "'placed', 'amended', 'held', 'countered', 'released', 'refused', 'expired', "
    "'back_ordered', 'cancelled', 'restored', 'picked_short', 'dispatched', 'delivered', "
    "'came_back', 'invoiced', 'returned'"
)
_EVENTS = (
    "'order_held', 'order_released', 'order_refused', 'order_cancelled', 'back_order_filled', "
    "'order_dispatched', 'order_delivered'"
)
_NEW = "'cheque_returned'"


def upgrade() -> None:
    _set_causes(f"cause IN ({_CAUSES}, {_NEW})")
    _set_events(f"event IN ({_EVENTS}, {_NEW})")


def _set_causes(said: str) -> None:
    with op.batch_alter_table(
        "order_revision", table_kwargs={"sqlite_with_rowid": False}
    ) as revision_:
        revision_.drop_constraint(op.f("ck_order_revision_cause"), type_="check")
        revision_.create_check_constraint(op.f("ck_order_revision_cause"), said)


def _set_events(said: str) -> None:
    for table in ("notice_rule", "notice"):
        with op.batch_alter_table(table) as rows:
            rows.drop_constraint(op.f(f"ck_{table}_event"), type_="check")
            rows.create_check_constraint(op.f(f"ck_{table}_event"), said)


def downgrade() -> None:
    op.execute(f"DELETE FROM notice WHERE event = {_NEW}")  # noqa: S608  # a constant of ours
    op.execute(f"DELETE FROM notice_rule WHERE event = {_NEW}")  # noqa: S608  # likewise
    op.execute(f"UPDATE order_revision SET cause = 'returned' WHERE cause = {_NEW}")  # noqa: S608
    _set_events(f"event IN ({_EVENTS})")
    _set_causes(f"cause IN ({_CAUSES})")
