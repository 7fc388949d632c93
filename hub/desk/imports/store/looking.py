"""Rows of a kept file looked at: on a snapshot that only reads, so that no order waits for it."""

from dataclasses import replace
from functools import lru_cache
from typing import Final

from hub.base.engine.database import Database
from hub.base.transaction import Transaction, Transactions
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.store.kinds import Deciding, Tried
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.store.runs import find_run, keep_look
from hub.desk.imports.store.taking import scope_of_user, take_rows, taking_of

LOOKED_AT_ONCE: Final = 500
"""Rows of one look: the page comes with the first of them, the jobs look at the others."""
_CAUGHT_UP_AT_ONCE: Final = 1_000


@lru_cache(maxsize=4)
def _tried(database: Database, run: int) -> dict[int, Tried]:
    """Give what earlier rows of a run would add, by the row from which on the rest is looked at."""
    del database, run
    return {}


def look_next(
    transactions: Transactions, run_id: int, start: int, *, at_ms: int, deciding: Deciding
) -> list[RowOutcome] | None:
    """Find out what would become of the next rows of a run.

    None where it is taken already, or another look at it was begun. Nothing yet where this process
    does not know what the rows before would add, as after a restart: it finds that out first, some
    rows at each call, so that other jobs have their turn.
    """
    with transactions.reading(at_ms=at_ms) as t:
        run = find_run(t, run_id)
        if run is None or run.state != "checked" or (start and run.next_row != start):
            return None
        known = _tried(t.database, run_id)
        if not start:
            known.clear()
        reached = start if start in known else max((row for row in known if row < start), default=0)
        tried = known.pop(reached, None) or Tried()
        taking = taking_of(run, scope_of_user(t, run.by), deciding, tried=tried)
        usual = max(LOOKED_AT_ONCE, KINDS[run.kind].at_once)
        most = usual if reached == start else min(_CAUGHT_UP_AT_ONCE, start - reached)
        outcomes = take_rows(t, replace(run, chosen=None), start=reached, most=most, taking=taking)
    known[reached + len(outcomes)] = tried
    return outcomes if reached == start else []


def keep_next(t: Transaction, run_id: int, *, start: int, outcomes: list[RowOutcome]) -> None:
    """Keep what would become of these rows, unless the run is taken, or looked at anew."""
    run = find_run(t, run_id)
    if run is None or run.state != "checked" or (start and run.next_row != start):
        return
    keep_look(t, replace(run, next_row=start), outcomes)
