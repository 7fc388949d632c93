"""What print runs bring to the hub: acts, pages, commands and jobs."""

from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.jobs import Jobs, Patience
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.printing import api, words
from hub.desk.printing.acts import PrintingActs
from hub.desk.printing.acts.ask_files import AskFiles
from hub.desk.printing.acts.draw_files import TRIES, DrawFiles
from hub.desk.printing.acts.give_files import GiveFiles
from hub.desk.printing.commands import add
from hub.desk.printing.pages import runs
from hub.desk.printing.store import CLEAR, DRAW, TOPIC, clear_run
from hub.web.noun import BulkFile, Noun

_PATIENCE: Final = Patience(attempts=2 * TRIES)
"""The attempts after the first `TRIES` draw nothing: the first that can write, on a disk that
was full, tells who asked that the run failed."""

NOUN: Final = Noun(
    "printing",
    routers=(runs.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    words={"printing_words": words},
    commands=(add,),
    files=(
        BulkFile("invoices", "invoices.papers", "download", "invoices.read", "/print-runs", "f"),
    ),
    topics={TOPIC: "invoices.read"},
)


def build(ground: Ground, transactions: Transactions, *, jobs: Jobs) -> PrintingActs:
    """Make the acts of print runs, and have jobs draw and clear them."""
    draw = DrawFiles(transactions, ground.part(InvoiceActs).paper.each, EVERYTHING)
    jobs.handle_outside(DRAW, draw, patience=_PATIENCE)
    jobs.handle(CLEAR, clear_run)
    return PrintingActs(
        ask=AskFiles(transactions, ground.clock), give=GiveFiles(ground.part(KeptPapers))
    )
