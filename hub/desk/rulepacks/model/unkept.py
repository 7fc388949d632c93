"""What rules ask for that the hub does not keep or ask yet: whoever writes such a rule is told."""

from collections.abc import Iterator
from typing import Final

from rules import CompiledPack

_GATES: Final = frozenset({"order", "delivery"})
"""Where the hub asks for credit: with an order, and when its goods leave."""
_NO_GATE: Final = "the gate invoice: credit is asked for with orders and deliveries alone"


def find_unkept(pack: CompiledPack) -> Iterator[tuple[str, str]]:
    """Give each rule about what the hub does not keep, by its id, with what that is.

    A rule that stops a customer at the gate `invoice` alone stops nobody: billing asks no rule.
    """
    for gate in pack.gates.rules:
        if _GATES.isdisjoint(gate.checks):
            yield gate.id, _NO_GATE
    for rule in pack.credit.rules:
        if rule.ceiling is not None and rule.ceiling[0] == "deliveries":
            yield rule.id, "deliveries by themselves: until they are billed they are open orders"
        if _GATES.isdisjoint(rule.gates):
            yield rule.id, _NO_GATE
    for shelf in pack.allocation.rules:
        if shelf.nearest:
            yield shelf.id, "how far warehouses are: the pack's order of them counts"
