"""Keep how documents stand at the portal, delivery addresses, carriers, languages of papers."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GIVEN = "'cancelled', 'cancelling', 'registered', 'stuck'"
_STATES = "'waiting', 'registered', 'refused', 'dropped', 'cancelling', 'cancelled', 'stuck'"


def upgrade() -> None:
    op.create_table(
        "einvoice",
        sa.Column("invoice_id", _ID, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("irn", sa.String(64)),
        sa.Column("ack_no", sa.String(32)),
        sa.Column("ack_at", sa.BigInteger()),
        sa.Column("qr", sa.Text()),
        sa.Column("eway_no", sa.String(32)),
        sa.Column("eway_until", sa.BigInteger()),
        sa.Column("refusals", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_einvoice_state")),
        sa.CheckConstraint(
            f"(state IN ({_GIVEN})) = (irn IS NOT NULL)", name=op.f("ck_einvoice_irn")
        ),
        *(
            sa.CheckConstraint(
                f"(irn IS NULL) = ({name} IS NULL)", name=op.f(f"ck_einvoice_{name}")
            )
            for name in ("ack_no", "ack_at", "qr")
        ),
        sa.CheckConstraint("round > 0", name=op.f("ck_einvoice_round")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_einvoice_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_einvoice")),
        sa.UniqueConstraint("irn", name=op.f("uq_einvoice_irn")),
    )
    op.create_index("ix_einvoice_state", "einvoice", ["state"])
    op.add_column("customer_profile", sa.Column("language", sa.String(32)))
    _make_addresses()
    op.add_column("order_", sa.Column("ship_to_id", _ID))
    op.add_column(
        "invoice", sa.Column("ship_to", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "trip", sa.Column("carrier", sa.String(200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "trip",
        sa.Column("carrier_gstin", sa.String(32), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "trip", sa.Column("distance", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )


def _make_addresses() -> None:
    op.create_table(
        "customer_address",
        sa.Column("id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("gstin", sa.String(32), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("city", sa.String(200), nullable=False),
        sa.Column("pin", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.String(200)),
        sa.Column("ended_at", sa.BigInteger()),
        sa.CheckConstraint("gstin = '' OR name <> ''", name=op.f("ck_customer_address_gstin")),
        sa.CheckConstraint(
            "(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_customer_address_ended")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_customer_address_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_address")),
    )
    op.create_index("ix_customer_address_party_id", "customer_address", ["party_id"])
    open_ones = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_customer_address_in_force",
        "customer_address",
        ["party_id", "code"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )


def downgrade() -> None:
    for name in ("distance", "carrier_gstin", "carrier"):
        op.drop_column("trip", name)
    op.drop_column("invoice", "ship_to")
    op.drop_column("order_", "ship_to_id")
    op.drop_table("customer_address")
    op.drop_column("customer_profile", "language")
    op.drop_table("einvoice")
