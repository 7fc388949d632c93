"""Have groups of counters say whether operators are needed, and which notices print."""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0125"
branch_labels = None
depends_on = None

_NEEDED = "operator_needed"


def upgrade() -> None:
    op.add_column("counter_group", sa.Column(_NEEDED, sa.Boolean()))
    op.add_column("counter_group", sa.Column("notices", sa.String(32)))
    with op.batch_alter_table("terminal") as terminal:
        terminal.add_column(sa.Column("notices", sa.String(32)))
        terminal.alter_column(
            _NEEDED,
            existing_type=sa.Boolean(),
            nullable=True,
            existing_server_default=sa.false(),
            server_default=None,
        )
    # Until now no group said it: what was not asked for is left to the group.
    op.execute("UPDATE terminal SET operator_needed = NULL WHERE NOT operator_needed")


def downgrade() -> None:
    # What a group asks for is asked for by its counters themselves.
    op.execute(
        "UPDATE terminal SET operator_needed = coalesce(operator_needed, (SELECT g.operator_needed"
        " FROM counter_group g WHERE g.id = terminal.group_id"
        " AND g.seller_id = terminal.seller_id), false)"
    )
    with op.batch_alter_table("terminal") as terminal:
        terminal.drop_column("notices")
        terminal.alter_column(
            _NEEDED,
            existing_type=sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
        )
    op.drop_column("counter_group", "notices")
    op.drop_column("counter_group", _NEEDED)
