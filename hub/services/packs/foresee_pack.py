"""Tell what a version would have made of past orders, before anybody publishes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.base.clock import Clock
from hub.domain.packs.replaying import before_both
from hub.domain.packs.steps import find
from hub.domain.packs.versions import Version, serving
from rules import CompiledPack, shown
from rules.tools.comparing import Comparison, compare
from rules.tools.documents import Question

USUAL_ORDERS: Final = 500
MOST_ORDERS: Final = 10_000


class PastOrders(Protocol):
    """Reads versions and orders as of one moment; nothing is locked."""

    def versions(self) -> Sequence[Version]:
        """Give every version, oldest first."""

    def pack(self, digest: str) -> CompiledPack:
        """Compile a version; raises PackLoadError."""

    def newest(self, most: int) -> Sequence[Question]:
        """Give the newest orders that the rules decided, with what each was decided from."""


@dataclass(slots=True)
class ForeseePack:
    """The use case, with what it needs."""

    past: PastOrders
    clock: Clock

    def __call__(self, number: int, *, orders: int = USUAL_ORDERS) -> Comparison | None:
        """Decide the newest orders with what serves and with this version, and compare.

        Nothing is stored. Budgets and limits stand as each order saw them. None where no version
        serves to compare with. Raises PackStepError, or PackLoadError.
        """
        versions = self.past.versions()
        version = find(versions, number)
        current = serving(versions, self.clock.now_ms())
        if current is None:
            return None
        before, after = self.past.pack(current.hash), self.past.pack(version.hash)
        asked = self.past.newest(min(orders, MOST_ORDERS))
        return compare(before, after, [before_both(one, before, after) for one in asked])


def effect_in_words(comparison: Comparison | None) -> str:
    """Sum a comparison up in one sentence, for the history."""
    if comparison is None:
        return "no version served to compare with"
    scale, currency = comparison.scale, comparison.currency
    before, after = (
        shown(amount, scale) for amount in (comparison.payable_before, comparison.payable_after)
    )
    return (
        f"of the last {comparison.orders} orders {comparison.changed} would change, "
        f"to pay {before} -> {after} {currency}"
    )
