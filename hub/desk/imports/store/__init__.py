"""Files of masters: the kinds there are, their runs, and rows taken inside a transaction."""

from hub.desk.imports.store.drafting import draft_files, keep_prices
from hub.desk.imports.store.kinds import AT_ONCE, Deciding
from hub.desk.imports.store.looking import LOOKED_AT_ONCE, keep_next, look_next
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.store.runs import (
    APPLY,
    DRAFT,
    LOOK,
    Reading,
    Run,
    end_run,
    file_of,
    find_run,
    mend_rows,
    open_run,
    read_otherwise,
    read_run,
    start_run,
)
from hub.desk.imports.store.taking import (
    take_job,
    take_next,
    take_rows,
    taking_of,
)

__all__ = [
    "APPLY",
    "AT_ONCE",
    "DRAFT",
    "KINDS",
    "LOOK",
    "LOOKED_AT_ONCE",
    "Deciding",
    "Reading",
    "Run",
    "draft_files",
    "end_run",
    "file_of",
    "find_run",
    "keep_next",
    "keep_prices",
    "look_next",
    "mend_rows",
    "open_run",
    "read_otherwise",
    "read_run",
    "start_run",
    "take_job",
    "take_next",
    "take_rows",
    "taking_of",
]
