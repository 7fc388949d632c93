"""Keep beside each counter of a scheme what terminals hold of it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KWARGS = {"sqlite_with_rowid": False}
_CHECK = "ck_scheme_counter_not_negative"
_BEFORE = "used >= 0 AND spent >= 0 AND bought >= 0 AND pieces >= 0"
_COLUMNS = ("uses", "amount", "pieces")
_FILL = """
UPDATE scheme_counter AS k SET (held_uses, held_amount, held_pieces) = (
    SELECT coalesce(sum(uses), 0), coalesce(sum(amount), 0), coalesce(sum(pieces), 0)
    FROM lease l WHERE l.rule = k.rule AND l.scope = k.scope
)
"""


def upgrade() -> None:
    with op.batch_alter_table("scheme_counter", table_kwargs=_KWARGS) as batch_op:
        batch_op.drop_constraint(op.f(_CHECK), type_="check")
        for name in _COLUMNS:
            batch_op.add_column(
                sa.Column(f"held_{name}", sa.BigInteger(), nullable=False, server_default="0")
            )
        held = "".join(f" AND held_{name} >= 0" for name in _COLUMNS)
        batch_op.create_check_constraint(op.f(_CHECK), _BEFORE + held)
    op.execute(_FILL)
    op.create_index("ix_lease_until_ms", "lease", ["until_ms"])


def downgrade() -> None:
    op.drop_index("ix_lease_until_ms", table_name="lease")
    with op.batch_alter_table("scheme_counter", table_kwargs=_KWARGS) as batch_op:
        batch_op.drop_constraint(op.f(_CHECK), type_="check")
        for name in _COLUMNS:
            batch_op.drop_column(f"held_{name}")
        batch_op.create_check_constraint(op.f(_CHECK), _BEFORE)
