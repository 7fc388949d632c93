"""Find a customer's code however its letters are written without reading all of them."""

from alembic import op
from sqlalchemy import text

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_party_look", "party", [text("lower(code)")])


def downgrade() -> None:
    op.drop_index("ix_party_look", "party")
