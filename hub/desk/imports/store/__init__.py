"""Files of masters: the kinds there are, their runs, and rows taken inside a transaction."""

from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.store.runs import (
    APPLY,
    Reading,
    Run,
    find_run,
    keep_look,
    open_run,
    start_run,
)
from hub.desk.imports.store.taking import (
    AT_ONCE,
    take_job,
    take_next,
    take_rows,
)

__all__ = [
    "APPLY",
    "AT_ONCE",
    "KINDS",
    "Reading",
    "Run",
    "find_run",
    "keep_look",
    "open_run",
    "start_run",
    "take_job",
    "take_next",
    "take_rows",
]
