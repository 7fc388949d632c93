"""Renew the leases of many terminals at once, beside the order path and under its locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.contract import Lease, SchemeCounter
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.orders.model.availability import Counterparty
from hub.desk.parties.store import business_day
from hub.desk.rulepacks.store import PackInForce
from hub.desk.schemes.model import LeaseTerms
from hub.desk.schemes.store.filling import Renewal
from hub.desk.schemes.store.leases import ENDED, any_ended, counters_of, take_back
from hub.desk.terminals.store.desired import count_terminals, counterparties_of, served_beside
from hub.desk.terminals.store.inbox import counted_to
from hub.desk.terminals.wire.statuses import Spendable
from rules import CompiledPack, scopes_of, shared_for
from rules.engine.schemes.benefits import Benefit, benefits_of

_AT_ONCE: Final = 64
"""Terminals in one transaction: a flush of the disk serves all, and no order waits long for it."""


@dataclass(slots=True)
class RenewLeases:
    """The act, with what it needs."""

    transactions: Transactions
    packs: PackInForce
    terms: LeaseTerms
    clock: Clock
    _benefits: tuple[str, Mapping[str, Benefit]] = ("", {})

    def __call__(self, terminals: Sequence[str]) -> Mapping[str, Spendable]:
        """Fill up what terminals hold, take back what they may not, and give what they may spend.

        Left out are those that may hold nothing.
        """
        self.take_back()
        found: dict[str, Spendable] = {}
        for start in range(0, len(terminals), _AT_ONCE):
            found |= self._renew(terminals[start : start + _AT_ONCE])
        return found

    def take_back(self) -> None:
        """Take back leases that have run out, the oldest first, some at each call."""
        now_ms = self.clock.now_ms()
        with self.transactions.reading() as t:
            if not any_ended(t, now_ms):
                return
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            take_back(t, ENDED, value=now_ms)
            t.commit()

    def _renew(self, terminals: Sequence[str]) -> dict[str, Spendable]:
        """Renew the leases of some terminals in one transaction."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            pack = self.packs.current(t)
            found = self._filled(t, pack, terminals) if pack is not None and pack.periods else {}
            t.commit()
        return found

    def _filled(
        self, t: Transaction, pack: CompiledPack, terminals: Sequence[str]
    ) -> dict[str, Spendable]:
        day = business_day(t)
        customers = counterparties_of(t, terminals)
        # Read before the leases: an order that comes between is then taken off twice, and
        # never not at all.
        reached = {name: counted_to(t, name) for name in customers}
        asked = {
            name: {one.key(day): one for one in shared_for(pack, customer.customer_on(day), day)}
            for name, customer in customers.items()
        }
        renewal = Renewal(
            t,
            pack,
            benefits=self._benefits_of(pack),
            terms=self.terms,
            terminals=count_terminals(t),
            now_ms=t.at_ms,
        )
        leases = renewal.fill_up(asked)
        beside = served_beside(t, list(customers))
        everybody = [*customers.values(), *(one for some in beside.values() for one in some)]
        counters = _counters(t, everybody, pack, day=day)
        return {
            name: Spendable(
                [
                    Lease(rule=rule, scope=scope, **one.part._asdict(), until=one.until_ms)
                    for (rule, scope), one in leases[name].items()
                ],
                [
                    counter
                    for one in (customer, *beside.get(name, ()))
                    for counter in counters[one.customer.id]
                ],
                counted_at=t.at_ms,
                counted_to=reached[name],
            )
            for name, customer in customers.items()
        }

    def _benefits_of(self, pack: CompiledPack) -> Mapping[str, Benefit]:
        """Give what one order gets of schemes, read once for each pack."""
        if self._benefits[0] != pack.hash:
            self._benefits = pack.hash, benefits_of(pack)
        return self._benefits[1]


def _counters(
    t: Transaction, customers: Sequence[Counterparty], pack: CompiledPack, *, day: date
) -> Mapping[str, Sequence[SchemeCounter]]:
    """Read what each customer had of schemes, in the periods that count on a day."""
    everybody = set(scopes_of([], pack.periods, day))
    codes = {one.customer.id for one in customers}
    whose = {
        scope: code
        for code in codes
        for scope in scopes_of([code], pack.periods, day)
        if scope not in everybody
    }
    found: dict[str, list[SchemeCounter]] = {code: [] for code in codes}
    for rule, scope, used, spent, bought, pieces in counters_of(t, list(whose)):
        found[whose[scope]].append(
            SchemeCounter(
                rule=rule, scope=scope, used=used, spent=spent, bought=bought, pieces=pieces
            )
        )
    return found
