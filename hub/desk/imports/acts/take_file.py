"""Keep a file and take it into the masters: as a job that goes on where it was cut off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.imports.store import Reading, Run, find_run, open_run, start_run, take_next


@dataclass(slots=True)
class TakeFile:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        kind: str,
        body: str,
        *,
        file: str,
        columns: Mapping[str, str] | None = None,
        reading: Reading = Reading(),  # noqa: B008 -- it is frozen
        by: str,
    ) -> int:
        """Keep a file whose columns are known; gives the run's id.

        Nothing is taken before `begin`. Raises SheetError, ColumnsError.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = open_run(t, kind, body, file=file, given=columns, reading=reading)
            t.commit()
        return run.id

    def begin(self, run_id: int, *, by: str, chosen: Collection[int] | None = None) -> bool:
        """Have the jobs take rows of a kept file, those that begin on the `chosen` lines or all.

        Only who handed the file over may. False where that has begun already.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = find_run(t, run_id)
            if run is None or run.by != by or run.state != "checked":
                return False
            start_run(t, run, chosen)
            t.commit()
        return True

    def go_on(self, run_id: int, *, by: str) -> Run:
        """Take the next rows of a run at once, for who waits for it at a command line."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = find_run(t, run_id)
            if run is None or run.state == "done":
                raise LookupError(run_id)
            moved = take_next(t, run)
            t.commit()
        return moved
