"""What rules ask for that no noun of the hub keeps yet: whoever writes such a rule is told."""

from collections.abc import Iterator
from typing import Final

from rules import CompiledPack

_OVERDUE: Final = frozenset({"customer.overdue", "customer.overdue_days"})
_PARTS: Final = frozenset({"deliveries", "cheques"})
_ORDER: Final = "order"
_NOT_OVERDUE: Final = "what is overdue: it has no invoices with a day to be paid by"


def find_unkept(pack: CompiledPack) -> Iterator[tuple[str, str]]:
    """Give each rule about what the hub does not keep, by its id, with what that is.

    A rule that stops a customer who is 45 days overdue stops nobody at a hub without due days:
    nothing is ever overdue there.
    """
    yield from _of_credit(pack)
    for route in pack.approvals.rules:
        if route.asks & _OVERDUE:
            yield route.id, _NOT_OVERDUE
    for shelf in pack.allocation.rules:
        if shelf.nearest:
            yield shelf.id, "how far warehouses are: the pack's order of them counts"


def _of_credit(pack: CompiledPack) -> Iterator[tuple[str, str]]:
    for gate in pack.gates.rules:
        if _ORDER not in gate.checks:
            yield gate.id, "deliveries and invoices: whom it names is checked for credit nowhere"
    for rule in pack.credit.rules:
        if rule.overdue_limit is not None or rule.asks & _OVERDUE:
            yield rule.id, _NOT_OVERDUE
        if rule.ceiling is not None and rule.ceiling[0] in _PARTS:
            yield rule.id, f"{rule.ceiling[0]}: it keeps none yet"
        if _ORDER not in rule.gates:
            yield rule.id, "deliveries and invoices: credit is checked with the order alone"
