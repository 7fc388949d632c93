"""Runs of imports with the file that each took, and what became of its rows."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text

from hub.base.engine.columns import BigId, Flag, Moment, Name, Word, metadata

import_run: Final = Table(
    "import_run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("file", Name, nullable=False),
    Column("header", Text, nullable=False),
    Column("columns", Text, nullable=False),
    Column("anyway", Flag, nullable=False),
    Column("by", Name, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Word, nullable=False),
    Column("next_row", Integer, nullable=False),
    Column("chosen", Text),
    Column("dates", Word, nullable=False, server_default="year_month_day"),
    Column("looked_at", Moment),
    Column("edition", Integer, nullable=False, server_default="0"),
    Column("made", Text),
    CheckConstraint(
        "kind IN ('customers', 'levels', 'openings', 'orders', 'prices', 'products', 'stock', "
        "'targets', 'workdays')",
        name="kind",
    ),
    CheckConstraint(
        "dates IN ('year_month_day', 'day_month_year', 'month_day_year')", name="dates"
    ),
    CheckConstraint("state IN ('mapping', 'checked', 'running', 'done')", name="state"),
)
"""A run of a file that somebody had read; `next_row` counts the rows that were taken so far.

`chosen` is JSON: the lines of the rows that are to be taken, null for all. What would become of the
rows was found out at `looked_at`. `edition` rises with each mended row; while the state is
`mapping`, nobody has said what all columns are. `made` is JSON: the version of the rule pack that
was drafted of the rows, or the faults for which none was.
"""

import_file: Final = Table(
    "import_file",
    metadata,
    Column("run_id", BigId, ForeignKey("import_run.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)
"""The file of a run as text. It stands apart: with each step of a run the run's row is written."""

import_edit: Final = Table(
    "import_edit",
    metadata,
    Column("run_id", BigId, ForeignKey("import_run.id"), primary_key=True, autoincrement=False),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("cells", Text),
    Column("sure", Flag, nullable=False),
    sqlite_with_rowid=False,
)
"""A row of a file that somebody mended: its cells as JSON, null where they stay as they are.

`sure` says that it is to be taken although it looks like something that is there.
"""

import_outcome: Final = Table(
    "import_outcome",
    metadata,
    Column("run_id", BigId, ForeignKey("import_run.id"), primary_key=True, autoincrement=False),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("key", Name, nullable=False),
    Column("action", Word, nullable=False),
    Column("told", Text, nullable=False),
    CheckConstraint("action IN ('add', 'change', 'same', 'refuse', 'leave')", name="action"),
    sqlite_with_rowid=False,
)
"""What became of a row of a run, as JSON: fields changed, fields that wait, reasons, candidates."""
