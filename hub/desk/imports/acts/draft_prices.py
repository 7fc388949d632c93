"""Make a draft of the rule pack of a file of prices whose rows were all taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.transaction import Transaction, Transactions
from hub.desk.imports.store import draft_files, end_run, find_run, keep_prices
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.words import why_refused

_MOST_FAULTS: Final = 50
Keep = Callable[[Transaction], None]


class FaultyFilesError(Exception):
    """Rule files with these prices have faults, or fail cases of the pack."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults: Final = faults


@dataclass(slots=True)
class DraftPrices:
    """The act, with what it needs; `check` reads rule files and runs their cases."""

    transactions: Transactions
    clock: Clock
    check: Callable[[Mapping[str, bytes]], PackedPack]

    def __call__(self, run_id: int, *, by: str) -> None:
        """Make the draft at once, for who waits for it at a command line."""
        keep = self.prepare(run_id)
        if keep is None:
            return
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            keep(t)
            t.commit()

    def draft_job(self, job: Job) -> Keep | None:
        """Make the draft of a run; gives what keeps it beside the mark of the job."""
        return self.prepare(job.payload["run"])

    def prepare(self, run_id: int) -> Keep | None:
        """Write and check the files while no transaction is open that writes: no order waits.

        None where the run is not to be drafted, or was.
        """
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            run = find_run(t, run_id)
            if run is None or run.state != "running" or not run.is_taken:
                return None
            keep = partial(_keep, run_id=run_id, taken=run.next_row)
            try:
                files, follows = draft_files(t, run)
            except PackStepError as error:
                return partial(keep, pack=None, faults=(why_refused(error),))
        try:
            # What it follows is written here: where many orders wait, nothing large is copied.
            return partial(keep, pack=self.check(files).after(follows), faults=())
        except FaultyFilesError as error:
            return partial(keep, pack=None, faults=error.faults[:_MOST_FAULTS])


def _keep(
    t: Transaction,
    run_id: int,
    *,
    taken: int,
    pack: PackedPack | None,
    faults: tuple[str, ...],
) -> None:
    """Keep the draft, or why there is none; nothing where somebody else was first."""
    run = find_run(t, run_id)
    if run is None or run.state != "running" or run.next_row != taken:
        return
    if pack is None:
        end_run(t, run, {"faults": list(faults)})
        return
    try:
        version = keep_prices(t, run, pack)
    except PackStepError as error:
        end_run(t, run, {"faults": [why_refused(error)]})
        return
    end_run(t, run, {"version": version.version})
