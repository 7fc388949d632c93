"""Tell what a version would have made of past orders, before anybody publishes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from hub.base.clock import Clock
from hub.base.money import money
from hub.base.transaction import Transaction, Transactions
from hub.base.words import grouped
from hub.desk.rulepacks.model.packed import Told
from hub.desk.rulepacks.model.replaying import before_both
from hub.desk.rulepacks.model.steps import find
from hub.desk.rulepacks.model.versions import serving
from hub.desk.rulepacks.store.versions import body_of
from hub.desk.rulepacks.tables import read_versions
from rules import load_pack
from rules.tools.replay.changes import Comparison
from rules.tools.replay.comparing import compare
from rules.tools.schema.documents import Question

USUAL_ORDERS: Final = 500
MOST_ORDERS: Final = 10_000


NewestOrders = Callable[[Transaction, int], Sequence[Question]]
"""Gives so many of the newest orders that the rules decided, with what each was decided from."""


@dataclass(slots=True)
class ForeseePack:
    """The act, with what it needs; nothing is stored by it."""

    transactions: Transactions
    clock: Clock
    newest: NewestOrders

    def __call__(self, number: int, *, orders: int = USUAL_ORDERS) -> Comparison | None:
        """Decide the newest orders with what serves and with this version, and compare.

        Budgets and limits stand as each order saw them. None where no version serves to compare
        with. Raises PackStepError, or PackLoadError.
        """
        with self.transactions.reading() as t:
            versions = read_versions(t.connection)
            version = find(versions, number)
            current = serving(versions, self.clock.now_ms())
            if current is None:
                return None
            before, after = (load_pack(body_of(t, one.hash)) for one in (current, version))
            asked = self.newest(t, min(orders, MOST_ORDERS))
        return compare(before, after, [before_both(one, before, after) for one in asked])


def tell_effect(comparison: Comparison | None) -> tuple[Told, ...]:
    """Sum a comparison up in phrases, for the history."""
    if comparison is None:
        return (("told.no_effect", {}),)
    cash = partial(money, currency=comparison.currency, scale=comparison.scale)
    told: list[Told] = [
        (
            "told.effect",
            {
                "orders": grouped(comparison.orders),
                "changed": grouped(comparison.changed),
                "before": cash(comparison.payable_before),
                "after": cash(comparison.payable_after),
            },
        )
    ]
    if comparison.worth_before != comparison.worth_after:
        before, after = cash(comparison.worth_before), cash(comparison.worth_after)
        told.append(("told.effect_free", {"before": before, "after": after}))
    if comparison.held:
        amount = cash(comparison.held_payable)
        told.append(("told.effect_held", {"orders": grouped(comparison.held), "amount": amount}))
    if comparison.released:
        amount = cash(comparison.released_payable)
        orders = grouped(comparison.released)
        told.append(("told.effect_released", {"orders": orders, "amount": amount}))
    return tuple(told)
