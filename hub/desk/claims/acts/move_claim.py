"""Move a claim on: sent, so that its funder owes it; accepted; or withdrawn, with a reason."""

from dataclasses import dataclass
from typing import Literal

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.claims.model import MAY_BECOME, Made
from hub.desk.claims.store.claiming import Locked, give_back, lock_claim, move_claim, owe_claim

Step = Literal["sent", "accepted", "withdrawn"]


@dataclass(slots=True)
class MoveClaim:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, claim: int, step: Step, *, why: str = "", by: str, scope: Scope
    ) -> Made | Refused:
        """Take a step; taken again, it changes nothing.

        Once a claim is sent, its funder's account owes it. One that is withdrawn keeps its number,
        and what it asked for may be claimed again; of which something is paid, it is not withdrawn.
        """
        if step == "withdrawn" and not why.strip():
            return Refused((Reason("claim_why", {}, "reason"),))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_claim(t, claim, scope=scope)
            if one is None:
                return refused("claim_unknown", number=str(claim))
            if one.state == step:
                return Made(one.id, one.number, again=True)
            wrong = _refuse(t, one, step)
            if wrong is not None:
                return wrong
            if step == "sent":
                owe_claim(t, one)
            if not move_claim(t, one, step, why=why.strip()[:LONGEST_REASON]):
                return refused("claim_state", number=one.number, state=one.state)
            if step == "withdrawn":
                give_back(t, one)
            t.commit()
        return Made(one.id, one.number)


def _refuse(t: Transaction, one: Locked, step: Step) -> Refused | None:
    if step not in MAY_BECOME[one.state]:
        return refused("claim_state", number=one.number, state=one.state)
    if step != "withdrawn" or one.document is None:
        return None
    open_ = accounts.read_credit(t, one.document).left
    return refused("claim_paid", number=one.number) if open_ != one.amount else None
