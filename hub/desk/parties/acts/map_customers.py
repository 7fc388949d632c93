"""Have somebody serve customers from a day on, or take over all of whom another one serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.parties.model.customers import Role, Span
from hub.desk.parties.store.customers import find_customer
from hub.desk.parties.store.requests import is_known, served_by, write_span


@dataclass(slots=True)
class MapCustomers:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, code: str, role: Role, span: Span, *, by: str, scope: Scope, why: str = ""
    ) -> Kept | Refused:
        """Have `span.who` serve one customer in a role."""
        if span.until_day and span.until_day < span.from_day:
            return refused("mapping_days", field="until")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if not is_known(t, role, span.who):
                return refused("mapping_unknown", field="who", who=span.who)
            customer = find_customer(t, code, scope=scope)
            if customer is None:
                return refused("customer_not_found", code=code)
            changed = write_span(t, customer, role, span=span, why=why)
            t.commit()
        return Kept(code, (role,) if changed else ())

    def hand_over(
        self,
        role: Role,
        leaving: str,
        taking: str,
        *,
        day: date,
        by: str,
        scope: Scope,
        why: str = "",
    ) -> Sequence[str] | Refused:
        """Have one take over every customer of another from a day on, in one step; their codes."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if not is_known(t, role, taking):
                return refused("mapping_unknown", field="who", who=taking)
            handed = []
            for code in served_by(t, role, leaving, day=day):
                customer = find_customer(t, code, scope=scope)
                span = Span(taking, day)
                if customer is not None and write_span(t, customer, role, span=span, why=why):
                    handed.append(code)
            t.commit()
        return handed
