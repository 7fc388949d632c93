"""Add a customer: it may order for cash until a second person has let it pass."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused
from hub.base.transaction import Transactions
from hub.desk.parties.store.changing import place_customer


@dataclass(slots=True)
class AddCustomer:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        code: str,
        texts: Mapping[str, str],
        *,
        by: str,
        scope: Scope,
        why: str = "",
        anyway: bool = False,
    ) -> Kept | Refused:
        """Add a customer of these fields; `anyway` where others look the same and are not."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            made = place_customer(t, code, texts, scope=scope, why=why, anyway=anyway)
            if isinstance(made, Refused):
                return made
            t.commit()
        return made
