"""Check a file: tell what would become of each row, and change nothing at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.transaction import Transaction, Transactions
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.store import (
    KINDS,
    LOOKED_AT_ONCE,
    Deciding,
    Reading,
    find_run,
    keep_next,
    look_next,
    read_run,
    take_rows,
    taking_of,
)


@dataclass(slots=True)
class CheckFile:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    deciding: Deciding

    def __call__(
        self,
        kind: str,
        body: str,
        *,
        file: str,
        columns: Mapping[str, str] | None = None,
        reading: Reading = Reading(),  # noqa: B008 -- it is frozen
        by: str,
        scope: Scope,
    ) -> Sequence[RowOutcome]:
        """Try every row of a file that is not kept; raises SheetError, ColumnsError."""
        tried = self.each(
            kind, body, file=file, columns=columns, reading=reading, by=by, scope=scope
        )
        return list(tried)

    def each(
        self,
        kind: str,
        body: str,
        *,
        file: str,
        columns: Mapping[str, str] | None = None,
        reading: Reading = Reading(),  # noqa: B008 -- it is frozen
        by: str,
        scope: Scope,
    ) -> Iterator[RowOutcome]:
        """Try the rows of a file one after the other, whatever their number."""
        with self.transactions.reading() as t:
            run = read_run(t, kind, body, file=file, given=columns, reading=reading, by=by)
        taking = taking_of(run, scope, self.deciding)
        most, done = max(LOOKED_AT_ONCE, KINDS[kind].at_once), 0
        while done < len(run.read().rows):
            with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
                outcomes = take_rows(t, run, start=done, most=most, taking=taking)
            yield from outcomes
            done += len(outcomes)

    def look(self, run_id: int, *, by: str) -> bool:
        """Look at the first rows of somebody's own file, and have the jobs look at the others.

        What would become of them is kept until the run begins. False where it has begun, or is
        somebody else's.
        """
        with self.transactions.reading() as t:
            run = find_run(t, run_id)
        if run is None or run.by != by:
            return False
        keep = self.look_on(run_id, 0)
        if keep is None:
            return False
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            keep(t)
            t.commit()
        return True

    def look_job(self, job: Job) -> Callable[[Transaction], None] | None:
        """Look at the next rows of a file; gives what keeps it beside the mark of the job."""
        return self.look_on(job.payload["run"], job.payload["next"])

    def look_on(self, run_id: int, start: int) -> Callable[[Transaction], None] | None:
        """Look at rows from one on, while no transaction is open that writes."""
        outcomes = look_next(
            self.transactions,
            run_id,
            start,
            at_ms=self.clock.now_ms(),
            deciding=self.deciding,
        )
        if outcomes is None:
            return None
        return partial(keep_next, run_id=run_id, start=start, outcomes=outcomes)
