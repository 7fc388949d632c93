"""What rules ask for that no noun of the hub keeps yet: whoever writes such a rule is told."""

from collections.abc import Iterator
from typing import Final

from rules import CompiledPack

_PARTS: Final = frozenset({"deliveries"})
_ASKED: Final = frozenset({"order", "delivery"})
"""The gates at which the hub asks for credit."""


def find_unkept(pack: CompiledPack) -> Iterator[tuple[str, str]]:
    """Give each rule about what the hub does not keep, by its id, with what that is.

    A rule that is checked at the invoice alone stops nobody: credit is asked about when an order
    is decided, and when its goods leave.
    """
    yield from _of_credit(pack)
    for shelf in pack.allocation.rules:
        if shelf.nearest:
            yield shelf.id, "how far warehouses are: the pack's order of them counts"


def _of_credit(pack: CompiledPack) -> Iterator[tuple[str, str]]:
    for gate in pack.gates.rules:
        if not gate.checks & _ASKED:
            yield gate.id, "credit at the invoice: whom it names is checked for credit nowhere"
    for rule in pack.credit.rules:
        if rule.ceiling is not None and rule.ceiling[0] in _PARTS:
            yield rule.id, f"{rule.ceiling[0]}: it keeps none yet"
        if not rule.gates & _ASKED:
            yield rule.id, "credit at the invoice: it is checked with the order and the delivery"
