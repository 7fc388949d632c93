"""Make a terminal and the claim by which one device becomes it, and approve that device."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from broker.contract.enrolment import Claim, new_code
from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model import EnrolmentError, Secrets, TerminalClaim
from hub.desk.terminals.model.enrolment import CLAIM_HOURS, HOUR_MS, LOCAL, MOST_HOURS
from hub.desk.terminals.reads.claims import is_shown
from hub.desk.terminals.store.claims import make_claim, move_claim, newest_claim, withdraw_claims
from hub.desk.terminals.store.enrolment import check_name, give_access, write_terminal


@dataclass(slots=True)
class ClaimTerminal:
    """The acts, with what they need; `address` is where devices ask, empty where nobody said."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock
    address: str

    def add(self, terminal: str, *, customer: str, warehouse: str, by: Actor) -> None:
        """Add a terminal that no device has access as; raises EnrolmentError.

        Whoever sees only rows of their own adds one only where they will see it.
        """
        check_name(terminal)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if t.rows("SELECT 1 FROM terminal WHERE id = ?", (terminal,)):
                raise EnrolmentError("terminal_there", terminal)
            fault = write_terminal(t, terminal, customer=customer, warehouse_code=warehouse)
            if fault is not None:
                raise fault
            if not is_shown(t.connection, terminal, scope=by.scope):
                raise EnrolmentError("terminal_customer_unknown", customer)
            t.changed("terminals")
            t.commit()

    def make(
        self,
        terminal: str,
        *,
        by: Actor,
        hours: int = CLAIM_HOURS,
        asks: bool = False,
        address: str = "",
    ) -> Claim:
        """Make the claim of a terminal; raises EnrolmentError.

        It is given this once: its code is not kept. `asks` has a person approve the device. What
        the terminal's present device may do stays as it is until another one has used the claim.
        """
        if not 1 <= hours <= MOST_HOURS:
            raise EnrolmentError("claim_hours_invalid", str(hours))
        code, now_ms = new_code(), self.clock.now_ms()
        with self.transactions.open(actor=by.name, at_ms=now_ms) as t:
            self._see(t, terminal, by)
            make_claim(t, terminal, code, expires_at=now_ms + hours * HOUR_MS, asks=asks)
            t.changed("terminals")
            t.commit()
        return Claim(code, self.address or address)

    def leads_to_broker(self, claim: Claim) -> bool:
        """Tell whether a device that reaches the hub where a claim says reaches the broker too.

        The hub's own broker listens on the hub's machine alone: a claim with another address leads
        to no broker, unless one is named.
        """
        host = urlsplit(claim.hub).hostname or ""
        return host in LOCAL or bool(self.secrets.meeting().host)

    def withdraw(self, terminal: str, *, by: Actor) -> None:
        """Withdraw the claim of a terminal that no device has used; raises EnrolmentError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            self._see(t, terminal, by)
            if not withdraw_claims(t, terminal):
                raise EnrolmentError("claim_open_not", terminal)
            t.changed("terminals")
            t.commit()

    def approve(self, terminal: str, *, number: str, by: Actor) -> None:
        """Let the device in that waits and shows this number; raises EnrolmentError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            claim = self._waiting(t, terminal, number, by=by)
            if not move_claim(t, claim, "used"):
                raise EnrolmentError("claim_waits_not", terminal)
            # A check of the table: a device that waits has said both.
            give_access(t, terminal, claim.password_sha256 or "", why="claim")
            self.secrets.admit(terminal, claim.password_line or "")
            t.changed("terminals")
            t.commit()

    def refuse(self, terminal: str, *, number: str, by: Actor) -> None:
        """Turn the device away that waits and shows this number; raises EnrolmentError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            claim = self._waiting(t, terminal, number, by=by)
            if not move_claim(t, claim, "refused"):
                raise EnrolmentError("claim_waits_not", terminal)
            t.changed("terminals")
            t.commit()

    def _see(self, t: Transaction, terminal: str, by: Actor) -> None:
        if not is_shown(t.connection, terminal, scope=by.scope):
            raise EnrolmentError("terminal_unknown", terminal)

    def _waiting(self, t: Transaction, terminal: str, number: str, *, by: Actor) -> TerminalClaim:
        """Find the claim whose device waits: the one that the person saw, by its number."""
        self._see(t, terminal, by)
        claim = newest_claim(t, terminal)
        waits = claim is not None and claim.look(t.at_ms) == "waiting" and claim.number == number
        if claim is None or not waits:
            raise EnrolmentError("claim_waits_not", terminal)
        return claim
