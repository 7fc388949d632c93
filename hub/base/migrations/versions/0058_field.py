"""Keep beats, journeys, days at work, visits, and what phones sent."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0046"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_VERDICTS = "'verified', 'far', 'old', 'mocked', 'denied', 'unsure', 'unknown', 'unplaced'"
_OUTCOMES = "'order', 'no_need', 'stock_left', 'closed', 'owner_away', 'other_supplier', 'debt'"
_KINDS = (
    "'day_begun', 'day_ended', 'leave', 'visit_begun', 'visit_ended', 'noted', 'ordered', "
    "'collected'"
)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _make_beats()
    _make_days()
    _make_visits()
    op.create_table(
        "field_entry",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("party_id", _ID),
        sa.Column("visit", sa.String(36)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _check("field_entry", "kind", f"kind IN ({_KINDS})"),
        _key("field_entry", "user_id", "user_account"),
        _key("field_entry", "party_id", "party"),
        sa.ForeignKeyConstraint(["visit"], ["visit.uuid"], name=op.f("fk_field_entry_visit_visit")),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_field_entry")),
    )
    op.create_index(op.f("ix_field_entry_visit"), "field_entry", ["visit"])
    op.create_index("ix_field_entry_user_id_day", "field_entry", ["user_id", "day"])
    op.create_index("ix_field_entry_party_id_day", "field_entry", ["party_id", "day"])


def _make_beats() -> None:
    op.create_table(
        "beat",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        _key("beat", "seller_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("code", name=op.f("uq_beat_code")),
    )
    op.create_table(
        "beat_outlet",
        sa.Column("id", _ID, nullable=False),
        sa.Column("beat_id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        _check("beat_outlet", "days", "until_day IS NULL OR until_day >= from_day"),
        _key("beat_outlet", "beat_id", "beat"),
        _key("beat_outlet", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat_outlet")),
    )
    op.create_index(op.f("ix_beat_outlet_beat_id"), "beat_outlet", ["beat_id"])
    op.create_index(op.f("ix_beat_outlet_party_id"), "beat_outlet", ["party_id"])
    op.create_table(
        "journey",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("beat_id", _ID, nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _check("journey", "weekdays", "weekdays BETWEEN 1 AND 127"),
        _check("journey", "every_weeks", "every_weeks BETWEEN 1 AND 12"),
        _key("journey", "user_id", "user_account"),
        _key("journey", "beat_id", "beat"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
    )
    op.create_index(op.f("ix_journey_user_id"), "journey", ["user_id"])
    op.create_index(op.f("ix_journey_beat_id"), "journey", ["beat_id"])


def _make_days() -> None:
    op.create_table(
        "attendance",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("leave", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("begun_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("latitude", sa.Integer()),
        sa.Column("longitude", sa.Integer()),
        _key("attendance", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_attendance")),
    )


def _make_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("distance_m", sa.Integer()),
        sa.Column("latitude", sa.Integer()),
        sa.Column("longitude", sa.Integer()),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32)),
        sa.Column("why", sa.String(500), nullable=False),
        _check("visit", "verdict", f"verdict IN ({_VERDICTS})"),
        _check("visit", "outcome", f"outcome IS NULL OR outcome IN ({_OUTCOMES})"),
        _check("visit", "ended_at", "ended_at IS NULL OR ended_at >= begun_at"),
        _key("visit", "user_id", "user_account"),
        _key("visit", "party_id", "party"),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_day_user_id", "visit", ["day", "user_id"])
    op.create_index("ix_visit_party_id_day", "visit", ["party_id", "day"])
    op.create_index(
        "uq_visit_open",
        "visit",
        ["user_id", "party_id", "day"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _check(table: str, name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{of}")
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=name)


def downgrade() -> None:
    for table in ("field_entry", "visit", "attendance", "journey", "beat_outlet", "beat"):
        op.drop_table(table)
