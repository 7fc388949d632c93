"""Leave a row of a statement out: it is no customer's money; or look at it again."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.bank.reads import find_rows
from hub.desk.bank.store import leave_row, lock_rows, reopen_row


@dataclass(slots=True)
class LeaveRow:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, statement: int, row: int, *, why: str, again: bool = False, by: str, scope: Scope
    ) -> bool | Refused:
        """Leave a row out and say why, or with `again` have it open; False where it is so already.

        Interest, a loan or the owner's own money is nobody's payment.
        """
        if not again and not why.strip():
            return Refused((Reason("bank_why", {}, "why"),))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if row not in (find_rows(t.connection, statement, scope=scope) or ()):
                return refused("bank_row_unknown", row=str(row))
            one = lock_rows(t, [row])[row]
            if one.state == ("open" if again else "left"):
                return False
            if one.state in {"booked", "returned"}:
                return refused("bank_row_settled", line=one.line)
            if again:
                reopen_row(t, one)
            else:
                leave_row(t, one, why=why.strip())
            t.commit()
        return True
