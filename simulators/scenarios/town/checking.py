"""The town's checker: what terminals hold, against stock and credit as everybody was given them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from simulators.data import Distributor
from simulators.portal import Registry
from simulators.scenarios.reckoning import CounterOrder, PaperSlip

_KEPT = frozenset({"confirmed", "confirmed_changed"})


@dataclass(frozen=True, slots=True)
class Promise:
    """What a terminal was told of an order, newest word: goods in base units, money in minor units.

    `unaided` says that the hub confirmed it at once, without anybody's approval.
    """

    terminal: str
    status: str
    goods: Mapping[str, int]
    payable: int
    on_credit: bool
    unaided: bool


def find_oversold(
    promises: Iterable[Promise], distributor: Distributor, received: Mapping[str, int]
) -> list[str]:
    """Name each product of which more is promised than there ever was.

    20 pieces at the start and 10 received: 31 promised are one too many.
    """
    had: Counter[str] = Counter(received)
    for batch in distributor.batches:
        had[batch.sku] += batch.on_hand
    promised: Counter[str] = Counter()
    for one in promises:
        if one.status in _KEPT:
            promised.update(one.goods)
    return [
        f"{sku}: {count} are promised, and there were {had[sku]}"
        for sku, count in sorted(promised.items())
        if count > had[sku]
    ]


def find_over_limit(
    promises: Iterable[Promise], distributor: Distributor, paid: Mapping[str, int]
) -> list[str]:
    """Name each customer that was given more credit, unaided, than the limit and what was paid.

    Limit 5,000.00 and 1,000.00 paid: orders confirmed at once come to 6,000.00 at most.
    """
    customers = {one.terminal: one for one in distributor.customers}
    owed: Counter[str] = Counter()
    for one in promises:
        if one.status in _KEPT and one.unaided and one.on_credit:
            owed[one.terminal] += one.payable
    found = []
    for terminal, amount in sorted(owed.items()):
        customer = customers[terminal]
        if not customer.credit_limit.isdigit():
            continue
        limit = int(Decimal(customer.credit_limit) * 100) + paid.get(customer.id, 0)
        if amount > limit:
            found.append(f"{customer.id}: {amount} was given on credit, {limit} is the most")
    return found


def find_unregistered(
    told: Iterable[Mapping[str, Any]], registry: Registry, *, forgot: bool = False
) -> list[str]:
    """Name what of the invoices, as the hub tells of them, is otherwise at the portal.

    Each is there once, under the IRN that the hub has; a hub that `forgot` may know fewer.
    """
    there, seen, found = registry.documents, set[str](), list[str]()
    for one in told:
        number, irn = one["number"], one["irn"]
        if one["state"] != "registered":
            found.append(f"{number} is {one['state']} at the portal: {one['why']}")
        elif irn not in there:
            found.append(f"{number} is registered here and not at the portal")
        seen.add(str(irn))
    if registry.given > len(there):
        found.append(f"{registry.given - len(there)} documents were registered twice")
    left = len(set(there) - seen)
    return found if forgot or not left else [*found, f"{left} registered ones are not told of"]


def with_hands(
    at_counters: Iterable[CounterOrder],
    asked: Mapping[tuple[str, int], int],
    paper: Mapping[str, Sequence[PaperSlip]],
) -> list[CounterOrder]:
    """Put beside each order of the stores what the hand asked for, and its paper.

    What was asked for and is in no store is given as well: nothing may hide it.
    """
    missing = dict(asked)
    found = []
    for order in at_counters:
        lines = missing.pop((order.terminal, order.seq), order.lines)
        found.append(replace(order, lines=lines, slips=tuple(paper.get(order.id, ()))))
    found += [
        CounterOrder("not stored", terminal, seq, status="", lines=lines)
        for (terminal, seq), lines in missing.items()
    ]
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` of the sorted values do not exceed, rounded; 0 of none."""
    if not values:
        return 0.0
    return round(values[min(int(len(values) * share), len(values) - 1)], 1)
