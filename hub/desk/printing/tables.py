"""Print runs, and the documents of each in their order."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, text

from hub.base.engine.columns import BigId, Code, Digest, Moment, Name, Word, among, metadata
from hub.desk.printing.model import RUN_STATES

_DRAWING: Final = text("state = 'drawing'")

print_run: Final = Table(
    "print_run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest", Digest, nullable=False),
    Column("user_id", BigId, ForeignKey("user_account.id")),  # null: a program
    Column("owner", Name, nullable=False),
    Column("size", Word, nullable=False),
    Column("language", Word, nullable=False),
    Column("otherwise", Word, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("state", Word, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint(among("state", RUN_STATES), name="state"),
    CheckConstraint("(state = 'drawing') = (ended_at IS NULL)", name="ended"),
    CheckConstraint(
        "drawn >= 0 AND drawn <= documents AND (state <> 'ready' OR drawn = documents)",
        name="drawn",
    ),
    Index("ix_print_run_owner_id", "owner", "id"),
    Index(
        "ix_print_run_drawing",
        "owner",
        "digest",
        unique=True,
        sqlite_where=_DRAWING,
        postgresql_where=_DRAWING,
    ),
)
"""A wish of a person or a program for the files of many documents.

`digest` is that of which documents, and how: the same wish is drawn once at a time.

A run goes a week after it was asked for, with its rows here; the files themselves stay for ever.
"""

print_run_paper: Final = Table(
    "print_run_paper",
    metadata,
    Column("run_id", BigId, ForeignKey("print_run.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("invoice_id", BigId, ForeignKey("invoice.id"), nullable=False),
    Column("paper", Code),
    Column("name", Name),
    CheckConstraint("(paper IS NULL) = (name IS NULL)", name="paper"),
    sqlite_with_rowid=False,
)
"""A document of a run in its place; once it is drawn, `paper` names its kept file, `name` is what
the file is called for people."""
