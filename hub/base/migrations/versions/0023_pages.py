"""Keep saved views of lists, forms that were begun, and notes at records."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", ID, nullable=False),
        sa.Column("list", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "list", "user_id", "name", name=op.f("uq_saved_view_list_user_id_name")
        ),
    )
    op.create_table(
        "form_draft",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger()),
        sa.Column("led_to", sa.String(200)),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_draft")),
    )
    op.create_index("ix_form_draft_user_id_form", "form_draft", ["user_id", "form", "ref"])
    op.create_table(
        "note",
        sa.Column("id", ID, nullable=False),
        sa.Column("noun", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_noun_ref", "note", ["noun", "ref", "id"])


def downgrade() -> None:
    op.drop_table("note")
    op.drop_table("form_draft")
    op.drop_table("saved_view")
