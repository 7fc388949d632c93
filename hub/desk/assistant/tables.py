"""What the assistant did not understand, and the words that people taught it."""

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from hub.base.engine.columns import BigId, Moment, Name, Sentence, Word, metadata

question_unread: Final = Table(
    "question_unread",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("text", Sentence, nullable=False, unique=True),
    Column("why", Word, nullable=False),
    Column("words", Name, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Index("ix_question_unread_asked_at", "asked_at"),
)
"""A question of which something was not understood: who asked it last, and how often."""

question_word: Final = Table(
    "question_word",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("phrase", Name, nullable=False),
    Column("section", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("phrase", "section", "name"),
)
"""A phrase beside those that come with the hub: `section` and `name` say what it means."""
