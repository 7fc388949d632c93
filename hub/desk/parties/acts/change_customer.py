"""Change a customer: at once, but what a second person has to let pass; nobody's work is lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Change, Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.parties.model import PartyCircleError
from hub.desk.parties.store.changing import alter_customer


@dataclass(slots=True)
class ChangeCustomer:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, code: str, changes: Mapping[str, Change], *, by: str, scope: Scope, why: str = ""
    ) -> Kept | Refused:
        """Change fields from what the person saw to what the person wants.

        Where somebody else changed one of them meanwhile, nothing is changed, and who did is told.
        """
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                kept = alter_customer(t, code, changes, scope=scope, why=why)
                if isinstance(kept, Refused):
                    return kept
                t.commit()
        except PartyCircleError:
            return refused("parent_below", field="parent")
        return kept
