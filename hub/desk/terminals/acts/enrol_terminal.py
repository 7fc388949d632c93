"""Add a terminal, or take its access away."""

from dataclasses import dataclass

from broker.contract import check_id
from hub.base.clock import Clock
from hub.base.ids import new_secret
from hub.base.transaction import Transactions
from hub.desk.terminals.model import Secrets, TerminalError
from hub.desk.terminals.store.enrolment import enrol_terminal, revoke_terminal


@dataclass(slots=True)
class EnrolTerminal:
    """The acts, with what they need."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock

    def add(self, terminal: str, *, customer: str, warehouse: str) -> None:
        """Add a terminal and write its configuration; one that is there gets a new secret.

        Raises TerminalError.
        """
        try:
            check_id(terminal)
        except ValueError as error:
            raise TerminalError(str(error)) from error
        secret, digest = new_secret()
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            fault = enrol_terminal(t, terminal, digest, customer=customer, warehouse_code=warehouse)
            if fault is not None:
                raise TerminalError(fault)
            t.changed("terminals")
            t.commit()
        self.secrets.issue(terminal, secret)

    def revoke(self, terminal: str) -> None:
        """Take a terminal's access away, at the broker and at the hub; raises TerminalError."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            if not revoke_terminal(t, terminal):
                raise TerminalError(f"there is no terminal {terminal!r} to revoke")
            t.changed("terminals")
            t.commit()
        self.secrets.withdraw(terminal)
