"""Index postings of documents alone: those of orders, of which there are most, have none."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_INDEX = "ix_posting_document_id"


def upgrade() -> None:
    of_document = sa.text("document_id IS NOT NULL")
    op.drop_index(_INDEX, table_name="posting")
    op.create_index(
        _INDEX,
        "posting",
        ["document_id"],
        sqlite_where=of_document,
        postgresql_where=of_document,
    )


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="posting")
    op.create_index(_INDEX, "posting", ["document_id"])
