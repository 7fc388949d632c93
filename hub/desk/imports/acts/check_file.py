"""Check a file: tell what would become of each row, and change nothing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.store import AT_ONCE, Reading, find_run, keep_look, open_run, take_rows


@dataclass(slots=True)
class CheckFile:
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
        scope: Scope,
    ) -> Sequence[RowOutcome]:
        """Take every row the way that an import does, and keep nothing of it.

        Raises SheetError, ColumnsError. Rows are tried so many at once, so that orders go on.
        """
        outcomes: list[RowOutcome] = []
        while True:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                run = open_run(t, kind, body, file=file, given=columns, reading=reading)
                outcomes += take_rows(t, run, start=len(outcomes), most=AT_ONCE, scope=scope)
            if len(outcomes) >= len(run.read().rows):
                return outcomes

    def look(self, run_id: int, *, by: str, scope: Scope) -> bool:
        """Find out what would become of the rows of a kept file; False where it is taken already.

        It is kept with the run until that begins.
        """
        outcomes: list[RowOutcome] = []
        while (some := self._next(run_id, len(outcomes), by=by, scope=scope)) is not None:
            outcomes += some
            if not some:
                return self._keep(run_id, outcomes, by=by)
        return False

    def _next(self, run_id: int, start: int, *, by: str, scope: Scope) -> list[RowOutcome] | None:
        """Try the next rows of a kept file; None where it is taken already."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = find_run(t, run_id)
            if run is None or run.state != "checked":
                return None
            return take_rows(t, run, start=start, most=AT_ONCE, scope=scope)

    def _keep(self, run_id: int, outcomes: Sequence[RowOutcome], *, by: str) -> bool:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            run = find_run(t, run_id)
            if run is None or run.state != "checked":
                return False
            keep_look(t, run, outcomes)
            t.commit()
        return True
