"""Beats, who walks them when, days at work, visits, and every entry that a phone sent."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    or_,
    text,
)

from hub.base.access import Scope, visible
from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Sentence,
    Uuid,
    Word,
    among,
    metadata,
)
from hub.desk.field.model.entries import (
    CONDITIONS,
    KINDS,
    MISS_REASONS,
    NOT_ENDED,
    NOTE_KINDS,
    OUTCOMES,
    TASKS,
)
from hub.desk.field.model.places import VERDICTS
from hub.desk.parties.tables import party

_OPEN: Final = text("ended_at IS NULL")
_IS_TASK: Final = among("about", TASKS)
SELFIE: Final = "field_selfie"
"""The setting by which phones ask for a photo of the person as the day begins: 1 or 0."""


beat: Final = Table(
    "beat",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", Code, nullable=False, unique=True),
    Column("name", Name, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("active", Flag, nullable=False),
)
"""Outlets that are visited on one way."""

beat_outlet: Final = Table(
    "beat_outlet",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("beat_id", BigId, ForeignKey("beat.id"), nullable=False, index=True),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date),
    Column("outlet_class", Word),
    CheckConstraint("until_day IS NULL OR until_day >= from_day", name="days"),
)
"""An outlet on a beat, from a day to a day; `place` is its number on the way.

`outlet_class` is the class that it is of on these days: what was planned before it was put into
another one stays as it was.
"""

journey: Final = Table(
    "journey",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False, index=True),
    Column("beat_id", BigId, ForeignKey("beat.id"), nullable=False, index=True),
    Column("weekdays", Integer, nullable=False),
    Column("every_weeks", Integer, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date),
    Column("classes", Word, nullable=False, server_default=text("''")),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    CheckConstraint("every_weeks BETWEEN 1 AND 12", name="every_weeks"),
)
"""Who walks a beat on which days; `weekdays` has bit 0 for Monday.

`classes` are those of the outlets that it is of, with commas between; empty, of all.
"""

attendance: Final = Table(
    "attendance",
    metadata,
    Column("user_id", BigId, ForeignKey("user_account.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("leave", Flag, nullable=False),
    Column("why", Sentence, nullable=False),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    Column("latitude", Integer),
    Column("longitude", Integer),
    Column("granted", Flag),
    Column("decided_by", Name),
    Column("decided_at", Moment),
)
"""A person's day in the field, or on leave; `granted` is empty while nobody has decided a leave."""

visit: Final = Table(
    "visit",
    metadata,
    Column("uuid", Uuid, primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("verdict", Word, nullable=False),
    Column("distance_m", Integer),
    Column("latitude", Integer),
    Column("longitude", Integer),
    Column("accuracy_m", Integer, nullable=False),
    Column("outcome", Word),
    Column("why", Sentence, nullable=False),
    CheckConstraint(among("verdict", VERDICTS), name="verdict"),
    CheckConstraint(
        f"outcome IS NULL OR {among('outcome', (*OUTCOMES, NOT_ENDED))}", name="outcome"
    ),
    CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", name="ended_at"),
    Index("ix_visit_day_user_id", "day", "user_id"),
    Index("ix_visit_party_id_day", "party_id", "day"),
    Index(
        "uq_visit_open",
        *("user_id", "party_id", "day"),
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)
"""A visit of an outlet; `uuid` is the id of the entry that it began with.

One that nobody ended on its day ends at midnight by itself, as `not_ended`.
"""

field_entry: Final = Table(
    "field_entry",
    metadata,
    Column("uuid", Uuid, primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("kind", Word, nullable=False),
    Column("party_id", BigId, ForeignKey("party.id")),
    Column("visit", Uuid, ForeignKey("visit.uuid"), index=True),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("digest", Digest, nullable=False),
    Column("document", Code, nullable=False),
    Column("content", Blob, nullable=False),
    CheckConstraint(among("kind", KINDS), name="kind"),
    Index("ix_field_entry_user_id_day", "user_id", "day"),
    Index("ix_field_entry_party_id_day", "party_id", "day"),
)
"""What a phone sent, as it was: kept once, never changed.

`said_at` is the phone's clock, `at` the true moment, `document` the id of the order or the payment.
"""

interaction: Final = Table(
    "interaction",
    metadata,
    Column("uuid", Uuid, ForeignKey("field_entry.uuid"), primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("visit", Uuid, ForeignKey("visit.uuid"), index=True),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("about", Word, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("price", Amount),
    Column("owner_id", BigId, ForeignKey("user_account.id")),
    Column("due_day", Date),
    Column("done_at", Moment),
    Column("condition", Word),
    CheckConstraint(among("about", NOTE_KINDS), name="about"),
    CheckConstraint(f"({_IS_TASK}) = (owner_id IS NOT NULL AND due_day IS NOT NULL)", name="task"),
    CheckConstraint(f"done_at IS NULL OR {_IS_TASK}", name="done"),
    CheckConstraint(f"condition IS NULL OR {among('condition', CONDITIONS)}", name="condition"),
    Index("ix_interaction_party_id_at", "party_id", "at"),
    Index("ix_interaction_owner_id_due_day", "owner_id", "due_day"),
)
"""Something said or seen at an outlet; `uuid` is the id of the entry that told of it.

A complaint is a task: it has an owner and a day by which it is dealt with, and is open until
`done_at`. Who had it when, and what was done, is its history. So are goods that an outlet gives
back, in one `condition`; which goods is in `shelf_seen`.
"""

shelf_seen: Final = Table(
    "shelf_seen",
    metadata,
    Column("interaction", Uuid, ForeignKey("interaction.uuid"), primary_key=True),
    Column("product_id", BigId, ForeignKey("product.id"), primary_key=True, autoincrement=False),
    Column("pieces", Integer, nullable=False),
    CheckConstraint("pieces >= 0", name="pieces"),
)
"""So many base units of a product that stood on an outlet's shelf, or are given back."""

field_photo: Final = Table(
    "field_photo",
    metadata,
    Column("uuid", Uuid, primary_key=True),
    Column("entry", Uuid, ForeignKey("field_entry.uuid"), nullable=False, index=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("digest", Digest, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
)
"""A photo that belongs to an entry; its file is found by `digest`, the SHA-256 of its bytes."""

visit_missed: Final = Table(
    "visit_missed",
    metadata,
    Column("uuid", Uuid, ForeignKey("field_entry.uuid"), primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("reason", Word, nullable=False),
    Column("text", Sentence, nullable=False),
    CheckConstraint(among("reason", MISS_REASONS), name="reason"),
    Index("ix_visit_missed_day_user_id", "day", "user_id"),
    UniqueConstraint("user_id", "party_id", "day"),
)
"""Why an outlet of a day's way was not visited; what was said last counts."""


survey: Final = Table(
    "survey",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", Code, nullable=False, unique=True),
    Column("title_en", Name, nullable=False),
    Column("title_hi", Name, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date),
    Column("geo", Name, nullable=False),
    Column("type", Code, nullable=False),
    Column("beat_id", BigId, ForeignKey("beat.id")),
    Column("questions", Text, nullable=False),
)
"""A few questions to outlets of a region, a type or a beat; `questions` is JSON, never changed.

When it ends may be said any day: its history has who made and who ended it.
"""

survey_answer: Final = Table(
    "survey_answer",
    metadata,
    Column("entry", Uuid, ForeignKey("field_entry.uuid"), primary_key=True),
    Column("question", Word, primary_key=True),
    Column("survey_id", BigId, ForeignKey("survey.id"), nullable=False, index=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("answer", Sentence, nullable=False),
)
"""What an outlet answered to a question, by the question's and the choice's own codes."""


def interactions_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition, beside `party`, under which somebody sees an interaction.

    It is of an outlet that the person sees, noted by the person, or a task that the person owns.
    """
    return or_(
        *(
            visible(
                scope,
                seller=party.c.parent_id,
                party=interaction.c.party_id,
                user=interaction.c[who],
            )
            for who in ("user_id", "owner_id")
        )
    )
