"""Have money that is on account pay documents, or take it off them again."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.accounts import store as accounts
from hub.desk.payments.model import Taken
from hub.desk.payments.store.paying import TOPIC, faults_of_parts, lock_payment


@dataclass(slots=True)
class AllocatePayment:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        payment: int,
        parts: Mapping[int, int],
        *,
        oldest: bool = False,
        by: str,
        scope: Scope,
    ) -> Taken | Refused:
        """Allocate amounts to documents of the account, by their ids, or to what is due first."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_payment(t, payment, scope=scope)
            if one is None or one.kind == "refund":
                return refused("payment_unknown", number=str(payment))
            credit = accounts.read_credit(t, one.document)
            if credit.voided:
                return refused("payment_bounced", number=one.number)
            debits = accounts.open_debits(t, one.customer)
            by_id = {debit.id: debit for debit in debits}
            faults = faults_of_parts(parts, by_id)
            if sum(parts.values()) > credit.left or (oldest and not credit.left):
                return refused("payment_left", left=credit.left)
            if faults:
                return Refused(tuple(faults))
            chosen = [(by_id[document], amount) for document, amount in sorted(parts.items())]
            for debit, amount in accounts.oldest_first(debits, credit.left) if oldest else chosen:
                accounts.allocate(t, credit.id, debit.id, amount=amount)
            t.changed(TOPIC)
            t.commit()
        return Taken(one.id, one.number, one.state)

    def release(self, payment: int, *, by: str, scope: Scope) -> Taken | Refused:
        """Take a payment off all it pays: it is on account from today on."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_payment(t, payment, scope=scope)
            if one is None or one.kind != "payment":
                return refused("payment_unknown", number=str(payment))
            accounts.release(t, one.document)
            t.changed(TOPIC)
            t.commit()
        return Taken(one.id, one.number, one.state)
