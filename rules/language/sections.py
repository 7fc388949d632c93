"""The sections that are lists of rules: how one rule is read, and what all of them must keep."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.language.cases.reading import read_case
from rules.language.conditions import Packed, Reading, refuse_ties
from rules.language.discounts import read_discount
from rules.language.prices import read_floor, read_price, read_quantity, refuse_price_ties
from rules.language.schemes.reading import note_schemes, read_scheme
from rules.language.settlement.allocation import read_allocation
from rules.language.settlement.approvals import read_approval, refuse_approval_ties
from rules.language.settlement.credit import read_credit
from rules.language.settlement.standing import read_gates, read_limit
from rules.language.settlement.taxes import read_tax
from rules.language.text.fields import Fields

Check = Callable[[Iterable[Packed], Reading], None]


@dataclass(frozen=True, slots=True)
class Section:
    """A list of rules: `packed` is its name in the pack.

    `check` reports what is wrong between rules that are well by themselves; `note` leaves in the
    reading what later sections ask of these. A `case` is read with what was noted and with the
    case products at hand.
    """

    packed: str
    read: Callable[[Fields, Reading], Packed]
    check: Check | None = None
    note: Check | None = None
    case: bool = False

    def terms(self, reading: Reading) -> Packed:
        """Give what the packed form of a rule depends on, beside its own text and CSV files."""
        terms = reading.terms()
        if self.case:
            terms |= {
                "products": reading.products,
                "choices": reading.choices,
                "counted": reading.counted,
            }
        return terms


SECTIONS: Final[Mapping[str, Section]] = {
    "quantities": Section("quantities", read_quantity, refuse_ties),
    "prices": Section("prices", read_price, refuse_price_ties),
    "floors": Section("floors", read_floor, refuse_ties),
    "discounts": Section("discounts", read_discount, refuse_ties),
    "schemes": Section("schemes", read_scheme, note=note_schemes),
    "taxes": Section("taxes", read_tax, refuse_ties),
    "limits": Section("limits", read_limit, refuse_ties),
    "gates": Section("gates", read_gates, refuse_ties),
    "credit": Section("credit", read_credit),
    "approvals": Section("approvals", read_approval, refuse_approval_ties),
    "allocation": Section("allocation", read_allocation, refuse_ties),
    "tests": Section("cases", read_case, case=True),
}

RULE_LISTS: Final = tuple(section for section in SECTIONS.values() if not section.case)
"""The sections whose entries are rules."""

OPTIONAL: Final = frozenset({"discounts", "limits", "gates"})
"""Sections that a pack leaves out where they are empty, so that it keeps the bytes it had."""
