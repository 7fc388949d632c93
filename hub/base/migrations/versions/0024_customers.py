"""Keep what is known of customers: addresses, GSTINs, terms, who serves them, and requests."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_profiles()
    _make_mappings()
    _make_requests()
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT id, name FROM party WHERE code <> '@house'"))
    rows = [{"party": row.id, "key": _key_of(row.name)} for row in found]
    if rows:
        statement = (
            "INSERT INTO customer_profile (party_id, name_key, status_reason, address, city, "
            "district, contact, delivery_days) VALUES (:party, :key, '', '', '', '', '', '')"
        )
        connection.execute(sa.text(statement), rows)


def downgrade() -> None:
    for table in ("party_request", "party_mapping", "customer_profile"):
        op.drop_table(table)


def _key_of(name: str) -> str:
    """Give a name without case, blanks and signs, as it was made at this revision."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] in "LMN")[:200]


def _text(name: str, size: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), nullable=False)


def _make_profiles() -> None:
    op.create_table(
        "customer_profile",
        sa.Column("party_id", _ID, autoincrement=False, nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        _text("status_reason", 200),
        sa.Column("status_until", sa.Date()),
        sa.Column("terms_days", sa.Integer()),
        sa.Column("terms_from", sa.String(32)),
        sa.Column("gst_kind", sa.String(32)),
        sa.Column("gstin", sa.String(32)),
        _text("address", 500),
        _text("city", 200),
        _text("district", 200),
        sa.Column("pin", sa.String(32)),
        sa.Column("state", sa.String(32)),
        _text("contact", 200),
        sa.Column("phone", sa.String(32)),
        sa.Column("email", sa.String(200)),
        sa.Column("latitude", sa.Integer()),
        sa.Column("longitude", sa.Integer()),
        _text("delivery_days", 32),
        sa.Column("minimum_order", sa.BigInteger()),
        sa.CheckConstraint(
            "gst_kind IS NULL OR gst_kind IN ('registered', 'composition', 'unregistered')",
            name=op.f("ck_customer_profile_gst_kind"),
        ),
        sa.CheckConstraint(
            "terms_from IS NULL OR terms_from IN ('invoice', 'delivery', 'end_of_month')",
            name=op.f("ck_customer_profile_terms_from"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_customer_profile_party_id_party")
        ),
        sa.PrimaryKeyConstraint("party_id", name=op.f("pk_customer_profile")),
    )
    for column in ("name_key", "gstin", "phone"):
        op.create_index(f"ix_customer_profile_{column}", "customer_profile", [column])


def _make_mappings() -> None:
    op.create_table(
        "party_mapping",
        sa.Column("id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        sa.CheckConstraint(
            "role IN ('rep', 'collector', 'warehouse', 'seller')",
            name=op.f("ck_party_mapping_role"),
        ),
        sa.CheckConstraint(
            "until_day IS NULL OR until_day >= from_day", name=op.f("ck_party_mapping_days")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_mapping_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_mapping")),
        sa.UniqueConstraint(
            "party_id", "role", "from_day", name=op.f("uq_party_mapping_party_id_role_from_day")
        ),
    )
    op.create_index("ix_party_mapping_role_who", "party_mapping", ["role", "who"])


def _make_requests() -> None:
    op.create_table(
        "party_request",
        sa.Column("id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("decided_why", sa.String(500)),
        sa.CheckConstraint("kind IN ('new', 'change')", name=op.f("ck_party_request_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused', 'void')", name=op.f("ck_party_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_request_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_request")),
    )
    op.create_index("ix_party_request_party_id", "party_request", ["party_id"])
    op.create_index(
        "ix_party_request_open",
        "party_request",
        ["id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
