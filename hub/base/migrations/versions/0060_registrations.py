"""Keep how documents stand at the portal of e-invoices, and in which language papers are."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0057"
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


def downgrade() -> None:
    op.drop_column("customer_profile", "language")
    op.drop_table("einvoice")
