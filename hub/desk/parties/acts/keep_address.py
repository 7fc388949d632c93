"""Keep and end the addresses to which a customer has goods sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.parties.model.addresses import read_address
from hub.desk.parties.model.cells import CellError, read_code
from hub.desk.parties.store.addresses import end_address, keep_address
from hub.desk.parties.store.customers import find_customer


@dataclass(slots=True)
class KeepAddress:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, customer: str, code: str, texts: Mapping[str, str], *, by: str, scope: Scope
    ) -> Kept | Refused:
        """Keep an address under a code of the customer's: a new one, or in place of what was there.

        Orders, notes and invoices of before keep the address that they have.
        """
        try:
            code = read_code(code)
        except CellError as error:
            return Refused((error.reason._replace(field="code"),))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_customer(t, customer, scope=scope)
            if found is None:
                return refused("customer_not_found", code=customer)
            address, faults = read_address(texts, home_state=found["state"])
            if faults:
                return Refused(faults)
            changed = keep_address(t, found["id"], code, address=address)
            t.commit()
        return Kept(customer, ("address",) if changed else ())

    def end(self, customer: str, code: str, *, by: str, scope: Scope) -> Kept | Refused:
        """Have nothing more be sent to an address; what is on its way goes there still."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_customer(t, customer, scope=scope)
            if found is None:
                return refused("customer_not_found", code=customer)
            if not end_address(t, found["id"], code):
                return refused("address_unknown", address=code, customer=customer)
            t.commit()
        return Kept(customer, ("address",))
