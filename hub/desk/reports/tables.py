"""Reports that are sent by mail, again and again."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from hub.base.engine.columns import BigId, Flag, Moment, Name, Sentence, Word, among, metadata
from hub.desk.reports.model.schedules import EVERY, FILES

report_schedule: Final = Table(
    "report_schedule",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("owner", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("report", Word, nullable=False),
    Column("query", Text, nullable=False),
    Column("file", Word, nullable=False),
    Column("every", Word, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("active", Flag, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("failed", Sentence),  # why the last mail was not sent; null: it was
    Column("made_at", Moment, nullable=False),
    CheckConstraint(among("every", EVERY), name="every"),
    CheckConstraint(among("file", FILES), name="file"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    Index("ix_report_schedule_user_id", "user_id"),
)
"""Who has which report sent how often; `query` is what stands in its address."""
