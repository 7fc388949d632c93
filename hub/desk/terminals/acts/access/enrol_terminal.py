"""Give a terminal access by a file, or take its access away."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.ids import new_secret
from hub.base.transaction import Transactions
from hub.desk.terminals.model import EnrolmentError, Secrets
from hub.desk.terminals.reads.claims import is_shown
from hub.desk.terminals.store.enrolment import check_name, enrol_terminal, revoke_terminal
from hub.desk.terminals.store.notices import move_notices


@dataclass(slots=True)
class EnrolTerminal:
    """The acts, with what they need; `key` gives the bytes that notices are marked with."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock
    key: Callable[[], bytes]

    def add(self, terminal: str, *, customer: str, warehouse: str) -> None:
        """Add a terminal and write its configuration; one that is there gets a new secret.

        Raises EnrolmentError.
        """
        check_name(terminal)
        secret, digest = new_secret()
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            fault = enrol_terminal(t, terminal, digest, customer=customer, warehouse_code=warehouse)
            if fault is not None:
                raise fault
            self.secrets.issue(terminal, secret)
            t.changed("terminals")
            t.commit()

    def revoke(self, terminal: str, *, by: Actor) -> None:
        """Take a terminal's access away, at the broker and at the hub; raises EnrolmentError.

        Claims of it that no device has used are withdrawn with it. What it has not stored of later
        changes of orders is told at the shop's other counter, where there is one.
        """
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if not is_shown(t.connection, terminal, scope=by.scope):
                raise EnrolmentError("terminal_unknown", terminal)
            if not revoke_terminal(t, terminal):
                raise EnrolmentError("terminal_revoked", terminal)
            move_notices(t, terminal, key=self.key())
            # Before the commit: a terminal that the broker lets in still is not called revoked.
            self.secrets.withdraw(terminal)
            t.changed("terminals")
            t.commit()
