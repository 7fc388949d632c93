"""Draw some documents of a print run; who may have them is looked at when they are taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, cast

from hub.base.access import Scope
from hub.base.jobs import Aftermath, Job
from hub.base.papers import PaperFile, Size
from hub.base.transaction import Transactions
from hub.desk.printing.model import Drawn
from hub.desk.printing.reads import read_left, read_run
from hub.desk.printing.store import write_drawn, write_failed

_AT_A_TIME: Final = 128
TRIES: Final = 4
"""So often a job is tried before its run ends without its files."""


class UndrawnError(Exception):
    """A document of a run has no file, although jobs see every document."""


class DrawsPapers(Protocol):
    """Draws the files of documents in their order; None for one that nobody sees."""

    def __call__(
        self, invoices: Sequence[int], *, size: Size, language: str, otherwise: str, scope: Scope
    ) -> Iterator[PaperFile | None]:
        """Draw them."""


@dataclass(slots=True)
class DrawFiles:
    """The act, with what it needs; `scope` is that of jobs, which find everybody's runs.

    `at_a_time` documents are drawn by one job: some seconds of work, then others have their turn.
    """

    transactions: Transactions
    draw: DrawsPapers
    scope: Scope
    at_a_time: int = _AT_A_TIME

    def __call__(self, job: Job) -> Aftermath | None:
        """Draw the next documents of a run, each kept once; gives what is written down of it.

        A job that was cut short is done again: what it drew is there already. Raises UndrawnError.
        """
        number = int(job.payload["run"])
        with self.transactions.reading(at_ms=job.due_at_ms) as t:
            run = read_run(t.connection, number, scope=self.scope)
            left = read_left(t.connection, number, most=self.at_a_time, scope=self.scope)
        if run is None or run.state != "drawing":
            return None
        if job.attempts > TRIES:
            return partial(write_failed, run=number)
        papers = self.draw(
            [invoice for _, invoice in left],
            size=cast("Size", run.size),
            language=run.language,
            otherwise=run.otherwise,
            scope=self.scope,
        )
        drawn = [
            _name(place, invoice, paper)
            for (place, invoice), paper in zip(left, papers, strict=True)
        ]
        return partial(write_drawn, run=number, drawn=drawn)


def _name(place: int, invoice: int, paper: PaperFile | None) -> Drawn:
    """Name a document's file; a run that went on without one would never end."""
    if paper is None:
        raise UndrawnError(invoice)
    return Drawn(place, paper.kept, paper.name)
