"""Move a cheque on: handed to the bank, cleared, or bounced, from which day on it is owed again."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.payments.model import MAY_BECOME, State, Taken
from hub.desk.payments.store.paying import Locked, bounce_cheque, lock_payment, move_payment


@dataclass(slots=True)
class MoveCheque:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, payment: int, state: State, *, why: str = "", by: str, scope: Scope
    ) -> Taken | Refused:
        """Bring a cheque to a state, and keep why; one that is there already stays so.

        What a cheque that bounced had paid is open again from today: months that are over stay as
        they were told. A cheque that the bank had cleared may be returned, too; money of it that
        went back to the customer is owed from then on.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_payment(t, payment, scope=scope)
            if one is None:
                return refused("payment_unknown", number=str(payment))
            if one.mode != "cheque" or one.kind != "payment":
                return refused("payment_state", state=one.state)
            if one.state == state:
                return Taken(one.id, one.number, state, again=True)
            if state not in MAY_BECOME[one.state] or not _move(t, one, state, why=why.strip()):
                return refused("payment_state", state=one.state)
            t.commit()
        return Taken(one.id, one.number, state)


def _move(t: Transaction, one: Locked, state: State, *, why: str) -> bool:
    if state == "bounced":
        return bounce_cheque(t, one, why=why[:LONGEST_REASON])
    is_moved = move_payment(t, one, state, why=why[:LONGEST_REASON])
    if is_moved and state == "cleared":
        accounts.clear_document(t, one.document)
    return is_moved
