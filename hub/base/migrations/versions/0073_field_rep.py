"""Keep what a rep saw and asked: interactions, tasks, photos, missed visits, surveys; hours."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = (
    "'day_begun', 'day_ended', 'leave', 'visit_begun', 'visit_ended', 'noted', 'ordered', "
    "'collected'"
)
_KINDS = (
    "'day_begun', 'day_ended', 'leave', 'visit_begun', 'visit_ended', 'visit_missed', 'noted', "
    "'complained', 'stock_seen', 'price_seen', 'task_done', 'outlet_added', 'outlet_changed', "
    "'surveyed', 'ordered', 'collected'"
)
_ABOUT = "'note', 'call', 'complaint', 'stock_seen', 'competitor_price'"
_REASONS = "'closed', 'no_time', 'far', 'vehicle', 'weather', 'other'"


def upgrade() -> None:
    op.add_column("customer_profile", sa.Column("hours", sa.String(200)))
    op.execute("UPDATE customer_profile SET hours = ''")
    with op.batch_alter_table("customer_profile") as batch:
        batch.alter_column("hours", existing_type=sa.String(200), nullable=False)
    _set_kinds(_KINDS)
    _create_interactions()
    op.create_table(
        "field_photo",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("entry", sa.String(36), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        _key("field_photo", "entry", "field_entry.uuid"),
        _key("field_photo", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_field_photo")),
    )
    op.create_index(op.f("ix_field_photo_entry"), "field_photo", ["entry"])
    op.create_table(
        "visit_missed",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name=op.f("ck_visit_missed_reason")),
        _key("visit_missed", "uuid", "field_entry.uuid"),
        _key("visit_missed", "user_id", "user_account.id"),
        _key("visit_missed", "party_id", "party.id"),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_visit_missed")),
        sa.UniqueConstraint(
            "user_id", "party_id", "day", name=op.f("uq_visit_missed_user_id_party_id_day")
        ),
    )
    op.create_index("ix_visit_missed_day_user_id", "visit_missed", ["day", "user_id"])
    _create_surveys()
    _fill_interactions()


def _create_surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_hi", sa.String(200), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        sa.Column("geo", sa.String(200), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("beat_id", _ID),
        sa.Column("questions", sa.Text(), nullable=False),
        _key("survey", "seller_id", "party.id"),
        _key("survey", "beat_id", "beat.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_code")),
    )
    op.create_table(
        "survey_answer",
        sa.Column("entry", sa.String(36), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        _key("survey_answer", "entry", "field_entry.uuid"),
        _key("survey_answer", "survey_id", "survey.id"),
        _key("survey_answer", "user_id", "user_account.id"),
        _key("survey_answer", "party_id", "party.id"),
        sa.PrimaryKeyConstraint("entry", "question", name=op.f("pk_survey_answer")),
    )
    for column in ("survey_id", "party_id"):
        op.create_index(op.f(f"ix_survey_answer_{column}"), "survey_answer", [column])


def _create_interactions() -> None:
    op.create_table(
        "interaction",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("visit", sa.String(36)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("price", sa.BigInteger()),
        sa.Column("owner_id", _ID),
        sa.Column("due_day", sa.Date()),
        sa.Column("done_at", sa.BigInteger()),
        sa.CheckConstraint(f"about IN ({_ABOUT})", name=op.f("ck_interaction_about")),
        sa.CheckConstraint(
            "(about = 'complaint') = (owner_id IS NOT NULL AND due_day IS NOT NULL)",
            name=op.f("ck_interaction_task"),
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR about = 'complaint'", name=op.f("ck_interaction_done")
        ),
        _key("interaction", "uuid", "field_entry.uuid"),
        _key("interaction", "user_id", "user_account.id"),
        _key("interaction", "party_id", "party.id"),
        _key("interaction", "visit", "visit.uuid"),
        _key("interaction", "owner_id", "user_account.id"),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_visit"), "interaction", ["visit"])
    op.create_index("ix_interaction_party_id_at", "interaction", ["party_id", "at"])
    op.create_index("ix_interaction_owner_id_due_day", "interaction", ["owner_id", "due_day"])
    op.create_table(
        "shelf_seen",
        sa.Column("interaction", sa.String(36), nullable=False),
        sa.Column("product_id", _ID, autoincrement=False, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 0", name=op.f("ck_shelf_seen_pieces")),
        _key("shelf_seen", "interaction", "interaction.uuid"),
        _key("shelf_seen", "product_id", "product.id"),
        sa.PrimaryKeyConstraint("interaction", "product_id", name=op.f("pk_shelf_seen")),
    )


def _fill_interactions() -> None:
    """Make interactions of the notes of before; whoever noted a complaint has it from then on."""
    connection = op.get_bind()
    entries = sa.table(
        "field_entry",
        *(sa.column(name) for name in ("uuid", "user_id", "kind", "party_id", "visit", "day")),
        *(sa.column(name) for name in ("at", "content")),
    )
    made = sa.table(
        "interaction",
        *(sa.column(name) for name in ("uuid", "user_id", "party_id", "visit", "day", "at")),
        *(sa.column(name) for name in ("about", "text", "owner_id", "due_day")),
    )
    for row in connection.execute(sa.select(entries).where(entries.c.kind == "noted")).all():
        said = json.loads(bytes(row.content))
        is_task = said["about"] == "complaint"
        values = {
            **{name: getattr(row, name) for name in ("uuid", "user_id", "party_id", "visit")},
            "day": row.day,
            "at": row.at,
            "about": said["about"],
            "text": said["text"],
            "owner_id": row.user_id if is_task else None,
            "due_day": row.day if is_task else None,
        }
        connection.execute(sa.insert(made).values(values))


def _set_kinds(kinds: str) -> None:
    with op.batch_alter_table("field_entry") as batch:
        batch.drop_constraint(op.f("ck_field_entry_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_field_entry_kind"), f"kind IN ({kinds})")


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{of.split('.', maxsplit=1)[0]}")
    return sa.ForeignKeyConstraint([column], [of], name=name)


def downgrade() -> None:
    for table in (
        "survey_answer",
        "survey",
        "visit_missed",
        "field_photo",
        "shelf_seen",
        "interaction",
    ):
        op.drop_table(table)
    op.execute(f"DELETE FROM field_entry WHERE kind NOT IN ({_OLD_KINDS})")  # noqa: S608 -- ours
    _set_kinds(_OLD_KINDS)
    op.drop_column("customer_profile", "hours")
