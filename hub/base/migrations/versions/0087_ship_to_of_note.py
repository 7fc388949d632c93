"""Have each delivery note say where its goods go: what has left stays, wherever its order goes."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0082"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("ship_to_id", _ID))
    op.execute(
        "UPDATE delivery SET ship_to_id = "
        "(SELECT o.ship_to_id FROM order_ o WHERE o.id = delivery.order_id)"
    )


def downgrade() -> None:
    op.drop_column("delivery", "ship_to_id")
