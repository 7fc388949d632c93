"""Set a target, a new one or another amount of one that is there, and withdraw one."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.parties.store import business_day
from hub.desk.targets.model import read_target
from hub.desk.targets.reads import read_target as find_target
from hub.desk.targets.store import KeptTarget, change_target, keep_target, lock_numbered, may_set


@dataclass(slots=True)
class SetTarget:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, texts: Mapping[str, str], *, seen: int | None = None, by: str, scope: Scope
    ) -> KeptTarget | Refused:
        """Keep what texts say of a target; said twice, it stays as it is.

        `seen` is the version that a person looked at before changing it.
        """
        asked = read_target(texts)
        if isinstance(asked, tuple):
            return Refused(asked)
        seller = texts.get("seller", "").strip()
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            kept = keep_target(t, asked, seller=seller, seen=seen, scope=scope)
            if isinstance(kept, tuple):
                return Refused(kept)
            t.commit()
        return kept

    def withdraw(self, number: int, *, why: str, by: str, scope: Scope) -> KeptTarget | Refused:
        """Have a target stand no more, for a reason; asked twice, it is done once."""
        if not why.strip():
            return refused("target_why", field="why")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            there = lock_numbered(t, number)
            day = business_day(t)
            found = find_target(t.connection, number, day=day, scope=scope)
            if there is None or found is None:
                return refused("target_gone")
            if not may_set(t, found.row.kind, found.row.who, scope=scope):
                return refused("target_not_yours")
            if not there.active:
                return KeptTarget(number, "same")
            change_target(t, there, amount=None, why=why.strip()[:LONGEST_REASON])
            t.commit()
        return KeptTarget(number, "change")
