"""Say what a seller's documents say of the seller, and how they are numbered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from hub.base.access import Scope, visible
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.invoices.store.letterheads import write_letterhead
from hub.desk.parties.tables import party


@dataclass(slots=True)
class SetLetterhead:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, seller: str, texts: Mapping[str, str], *, by: str, scope: Scope
    ) -> Refused | None:
        """Keep what was typed of a seller; documents that were issued stay as they are."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            query = select(party.c.id).where(party.c.code == seller, party.c.sells)
            row = t.connection.execute(query.where(visible(scope, seller=party.c.id))).first()
            if row is None:
                return refused("billing_unknown", what=seller)
            wrong = write_letterhead(t, int(row.id), texts)
            if wrong is not None:
                return wrong
            t.commit()
        return None
