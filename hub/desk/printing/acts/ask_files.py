"""Ask for the files of many documents: a run is begun, and jobs draw it."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.printing.model import MOST, Owner, Wish
from hub.desk.printing.reads import find_unseen
from hub.desk.printing.store import begin_run


@dataclass(slots=True)
class AskFiles:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, wish: Wish, *, owner: Owner, scope: Scope) -> int | Refused:
        """Begin a run, and give its number.

        Refused as print_run_nothing, print_run_many, or invoice_unknown for a document that is
        none, or not the reader's.
        """
        if not wish.invoices:
            return refused("print_run_nothing")
        if len(wish.invoices) > MOST:
            return refused("print_run_many", documents=len(wish.invoices), most=MOST)
        with self.transactions.open(actor=owner.name, at_ms=self.clock.now_ms()) as t:
            unseen = find_unseen(t.connection, wish.invoices, scope=scope)
            if unseen is not None:
                return refused("invoice_unknown", number=str(unseen))
            run = begin_run(t, wish, owner=owner)
            t.commit()
        return run
