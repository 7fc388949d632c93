"""Let a note pass that credit would keep here: a person's word, with a reason."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.store.gates import check_credit
from hub.desk.deliveries.store.notes import lock_notes, pass_note
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class PassGate:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(self, delivery: int, why: str, *, by: str, scope: Scope) -> Moved | Refused:
        """Let a picked note out although its customer's credit holds it.

        What the rules stop, as a customer that is blocked, nobody lets pass; nor is there anything
        to say of a note that credit lets out.
        """
        if not why.strip():
            return refused("delivery_why_missing", field="why")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            (on,) = locked
            if on.note.passed_by is not None:
                return Moved(delivery, on.note.state, again=True)
            check = check_credit(t, self.desk, locked).get(delivery)
            if on.note.state != "picked" or check is None or check.outcome != "hold":
                return refused("delivery_pass_not_asked", note=on.note.number)
            pass_note(t, delivery, why.strip()[:500])
            t.commit()
        return Moved(delivery, "picked")
