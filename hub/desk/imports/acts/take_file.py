"""Keep a file and take it into the masters: as a job that goes on where it was cut off."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.imports.store import (
    Deciding,
    Reading,
    Run,
    find_run,
    mend_rows,
    open_run,
    read_otherwise,
    start_run,
    take_next,
)


@dataclass(slots=True)
class TakeFile:
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
        ask: bool = False,
        by: str,
    ) -> int:
        """Keep a file whose columns are known; gives the run's id. Nothing is taken before `begin`.

        Raises SheetError, ColumnsError; with `ask` a file is kept whose columns a person has to say
        first (`map_columns`).
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = open_run(t, kind, body, file=file, given=columns, reading=reading, ask=ask)
            t.commit()
        return run.id

    def map_columns(
        self, run_id: int, columns: Mapping[str, str], *, reading: Reading, by: str
    ) -> bool:
        """Say which field each column of a kept file is, and how it is read; raises ColumnsError.

        Only who handed the file over may. False where it is being taken already.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = _own_run(t, run_id, by)
            if run is None:
                return False
            read_otherwise(t, run, columns=columns, reading=reading)
            t.commit()
        return True

    def mend(
        self,
        run_id: int,
        rows: Mapping[int, Sequence[str] | None],
        *,
        sure: bool = False,
        by: str,
    ) -> bool:
        """Give rows of a kept file other cells, by the lines on which they begin.

        With `sure` rows are taken although they look like something that is there. Only who handed
        the file over may. False where it is being taken already.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = _own_run(t, run_id, by)
            if run is None:
                return False
            mend_rows(t, run, rows, sure=sure)
            t.commit()
        return True

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
            moved = take_next(t, run, deciding=self.deciding)
            t.commit()
        return moved


def _own_run(t: Transaction, run_id: int, by: str) -> Run | None:
    """Lock a run that its own person may still change; None for any other."""
    run = find_run(t, run_id)
    return run if run is not None and run.by == by and run.state in {"mapping", "checked"} else None
