"""Keep the signature of who received goods, and photos of where they were brought."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "delivery",
        sa.Column("signature", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "delivery_photo",
        sa.Column("delivery_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_photo_delivery_id_delivery")
        ),
        sa.UniqueConstraint(
            "delivery_id", "digest", name=op.f("uq_delivery_photo_delivery_id_digest")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_delivery_photo_number")),
    )


def downgrade() -> None:
    op.drop_table("delivery_photo")
    op.drop_column("delivery", "signature")
