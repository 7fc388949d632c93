"""The gates after the order: credit is asked again of what was decided."""

from dataclasses import dataclass
from decimal import localcontext

from rules import Gate
from tests.differential.plain.decide import decided
from tests.differential.plain.desk import Desk
from tests.differential.plain.settling.approvals import Need, approvals_of
from tests.differential.plain.settling.credit import check_credit
from tests.differential.plain.sums import EXACT


@dataclass(frozen=True)
class Passage:
    """What two readings of one gate must agree on."""

    outcome: str
    reasons: tuple[tuple[str, int | None], ...]
    approvals: tuple[Need, ...]


def pass_gate(desk: Desk, gate: Gate) -> Passage:
    """Say how a gate decides on an order as it was sold."""
    with localcontext(EXACT):
        sold = decided(desk)
        later = desk.cleared()
        later.rows, later.sold = sold.rows, sold.sold
        check_credit(later, gate)
        return Passage(*later.verdict(), approvals_of(later))
