"""What all customers share of a scheme: its total limits, of which terminals hold leases."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from rules.engine.schemes.bounds import Packed, bounds_of
from rules.engine.schemes.periods import EVERYBODY, scope_of
from rules.language.vocabulary import Each
from rules.values.units import Minor, Quantity


class Shared(NamedTuple):
    """What one scheme gives in all in each period, by its tightest limits; None is without end."""

    rule: str
    each: Each
    uses: int | None = None
    amount: Minor | None = None
    pieces: Quantity | None = None

    def key(self, day: date) -> tuple[str, str]:
        """Name the counter of a day: the rule and the scope."""
        return self.rule, scope_of(EVERYBODY, self.each, day)


def shared_of(rule: Packed) -> Iterator[Shared]:
    """Give what a packed scheme shares, one for each period that its total limits count in."""
    bounds = bounds_of(rule)
    limits = [one for one in bounds.limits if one.whose == "total"] if bounds else []
    for each in dict.fromkeys(limit.each for limit in limits):
        of_period = [limit for limit in limits if limit.each == each]
        yield Shared(
            rule["id"],
            each,
            uses=min((one.uses for one in of_period if one.uses is not None), default=None),
            amount=min((one.amount for one in of_period if one.amount is not None), default=None),
            pieces=min((one.pieces for one in of_period if one.pieces is not None), default=None),
        )
