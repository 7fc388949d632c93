"""What customers have not paid in time, as credit rules ask for it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.parties.store import business_day

_OVERDUE: Final = """
SELECT customer_id, sum(amount - allocated), min(due) FROM account_document
WHERE voided IS NULL AND allocated < amount AND due < ? AND customer_id {among}
GROUP BY customer_id
"""


class Overdue(NamedTuple):
    """What is open past its due day, and for how many days the oldest of it is."""

    amount: int = 0
    days: int = 0


def overdue_of(t: Transaction, customers: Collection[int]) -> Mapping[int, Overdue]:
    """Read what is overdue today of locked accounts; who owes nothing late is left out."""
    if not customers:
        return {}
    day, ids = business_day(t), sorted(customers)
    condition, given = t.database.among(ids)
    found = {}
    for customer, amount, oldest in t.rows(_OVERDUE.format(among=condition), (day, *given)):
        first = date.fromisoformat(oldest) if isinstance(oldest, str) else oldest
        found[customer] = Overdue(int(amount), (day - first).days)
    return found
