"""Move a cheque on: handed to the bank, cleared, or bounced, from which day on it is owed again."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.accounts import store as accounts
from hub.desk.payments.model import MAY_BECOME, State, Taken
from hub.desk.payments.store.paying import lock_payment, move_payment


@dataclass(slots=True)
class MoveCheque:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, payment: int, state: State, *, by: str, scope: Scope) -> Taken | Refused:
        """Bring a cheque to a state; one that is there already stays so.

        What a cheque that bounced had paid is open again from today: months that are over stay as
        they were told.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_payment(t, payment, scope=scope)
            if one is None:
                return refused("payment_unknown", number=str(payment))
            if one.mode != "cheque" or one.kind != "payment":
                return refused("payment_state", state=one.state)
            if one.state == state:
                return Taken(one.id, one.number, state, again=True)
            if state not in MAY_BECOME[one.state] or not move_payment(t, one, state):
                return refused("payment_state", state=one.state)
            if state == "cleared":
                accounts.clear_document(t, one.document)
            if state == "bounced":
                accounts.void_document(t, one.document)
            t.commit()
        return Taken(one.id, one.number, state)
