"""Say that a new customer is one that is there already: two people found the same shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Duplicate, Kept, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.store.customers import find_customer, find_duplicates
from hub.desk.parties.store.joining import joined_into, who_added, write_joined
from hub.desk.people.store.hands import read_hands


@dataclass(slots=True)
class JoinCustomers:
    """Tells which customers a new one may be, and joins it with one of them."""

    transactions: Transactions
    clock: Clock

    def alike(self, code: str, *, scope: Scope) -> Sequence[Duplicate]:
        """Give the customers that one may be, of those that the person sees."""
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            found = find_customer(t, code, scope=scope)
            alike = find_duplicates(t, found, scope=scope) if found else ()
        return [one for one in alike if one.code != code]

    def __call__(
        self, code: str, into: str, *, by: str, scope: Scope, why: str = ""
    ) -> Kept | Refused:
        """Have a new customer be another one from now on; asked for twice, it is done once.

        Only one that waits for a second person is joined: by then it has ordered for cash alone.
        What it ordered and paid keeps its account; it takes no order more.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = {one: find_customer(t, one, scope=scope) for one in sorted({code, into})}
            one, other = found[code], found[into]
            if one is None or other is None:
                missing, field = (code, "") if one is None else (into, "into")
                return refused("customer_not_found", field=field, code=missing)
            if joined_into(t, one["id"]) != other["id"]:
                fault = _fault_of(t, one, other, by=by)
                if fault is not None:
                    return fault
                write_joined(t, one, other, scope=scope, why=why.strip())
            t.commit()
        return Kept(into, ("joined",))


def _fault_of(
    t: Transaction, one: Mapping[str, Any], other: Mapping[str, Any], *, by: str
) -> Refused | None:
    """Say why a customer cannot be joined with another; None where it can."""
    code, into = one["code"], other["code"]
    if code == into or joined_into(t, other["id"]) is not None:
        return refused("join_other", field="into", code=into)
    if one["parent_id"] != other["parent_id"]:
        return refused("join_seller", field="into", code=code, into=into)
    asker = who_added(t, one["id"])
    if asker is None:
        return refused("join_not_new", code=code)
    is_own = read_hands(t.connection).is_one(asker, by)
    return refused("request_own", who=by) if is_own else None
