"""Keep files at records, assortments, variants of products, and users of some warehouses alone."""

import sqlalchemy as sa
from alembic import op

revision = "0123"
down_revision = "0121"
branch_labels = None
depends_on = None

_KIND = "ck_user_grant_kind"
_KINDS = "kind IN ('seller', 'region', 'customer'{0})"
_IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "record_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noun", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("kept_by", sa.String(200), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_why", sa.String(500)),
        sa.CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name=op.f("ck_record_file_kind")),
        sa.CheckConstraint(
            "(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_record_file_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_file")),
    )
    op.create_index("ix_record_file_noun_ref", "record_file", ["noun", "ref", "id"])
    op.create_index(
        "ix_record_file_in_force",
        "record_file",
        ["noun", "ref", "digest"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.add_column("product", sa.Column("family", sa.String(200)))
    op.add_column("product", sa.Column("variant", sa.String(200)))
    op.create_index("ix_product_family", "product", ["family"])
    op.add_column("party", sa.Column("assortment", sa.Text()))
    op.add_column("party", sa.Column("minimum_order", sa.BigInteger()))
    op.execute(
        "UPDATE party SET minimum_order = (SELECT p.minimum_order FROM customer_profile p "
        "WHERE p.party_id = party.id)"
    )
    op.drop_column("customer_profile", "minimum_order")
    op.add_column("customer_profile", sa.Column("contacts", sa.Text()))
    with op.batch_alter_table("user_grant") as grant:
        grant.drop_constraint(op.f(_KIND))
        grant.create_check_constraint(op.f(_KIND), _KINDS.format(", 'warehouse'"))


def downgrade() -> None:
    # With users of some warehouses alone it refuses: without their rows they would see all.
    with op.batch_alter_table("user_grant") as grant:
        grant.drop_constraint(op.f(_KIND))
        grant.create_check_constraint(op.f(_KIND), _KINDS.format(""))
    op.drop_column("customer_profile", "contacts")
    op.add_column("customer_profile", sa.Column("minimum_order", sa.BigInteger()))
    op.execute(
        "UPDATE customer_profile SET minimum_order = (SELECT p.minimum_order FROM party p "
        "WHERE p.id = customer_profile.party_id)"
    )
    for column in ("minimum_order", "assortment"):
        op.drop_column("party", column)
    op.drop_index("ix_product_family", "product")
    for column in ("variant", "family"):
        op.drop_column("product", column)
    op.drop_table("record_file")
