"""Say what of a claim its funder does not pay, line by line, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.claims.model import Made, ShortLine, faults_of_shorts
from hub.desk.claims.store.claiming import (
    Locked,
    left_of,
    lock_claim,
    was_shorted,
    write_shorts,
)


@dataclass(slots=True)
class ShortClaim:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        claim: int,
        shorts: Sequence[ShortLine],
        *,
        why: str,
        by: str,
        scope: Scope,
        key: str = "",
    ) -> Made | Refused:
        """Write off what is not paid, and never claim it again: it is the seller's own cost.

        Sent twice under one key, it is written off once.
        """
        if not why.strip():
            return Refused((Reason("claim_why", {}, "why"),))
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                one = lock_claim(t, claim, scope=scope)
                if one is None:
                    return refused("claim_unknown", number=str(claim))
                if key and was_shorted(t, one, key):
                    return Made(one.id, one.number, again=True)
                wrong = _refuse(t, one, shorts)
                if wrong is not None:
                    return wrong
                write_shorts(t, one, shorts, why=why.strip(), key=key)
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return Made(one.id, one.number)


def _refuse(t: Transaction, one: Locked, shorts: Sequence[ShortLine]) -> Refused | None:
    """Say why lines of a claim are not given up: it is not owed, or less of it is open."""
    if one.document is None or one.state not in {"sent", "accepted"}:
        return refused("claim_state", number=one.number, state=one.state)
    faults = list(faults_of_shorts(shorts, left_of(t, one.id)))
    open_ = accounts.read_credit(t, one.document).left
    if not faults and sum(short.amount for short in shorts) > open_:
        params = {"line": shorts[0].line, "left": open_}
        faults = [Reason("claim_short_above", params, f"short.{shorts[0].line}")]
    return Refused(tuple(faults)) if faults else None
