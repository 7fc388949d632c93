"""Imports read for pages and commands: runs with their rows, and masters in the form of files."""

from hub.desk.imports.reads.exports import EXPORTS, Exported, export_masters
from hub.desk.imports.reads.runs import (
    HowRead,
    RunRow,
    bad_rows,
    each_outcome,
    list_runs,
    read_bad_rows,
    read_how,
    read_outcome,
    read_outcomes,
    read_run,
)

__all__ = [
    "EXPORTS",
    "Exported",
    "HowRead",
    "RunRow",
    "bad_rows",
    "each_outcome",
    "export_masters",
    "list_runs",
    "read_bad_rows",
    "read_how",
    "read_outcome",
    "read_outcomes",
    "read_run",
]
