"""Have a terminal change its password: the one before ends only once the new one was used."""

import hmac
import re
from dataclasses import dataclass
from typing import Final

from broker.contract.enrolment import is_hashed
from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model import EnrolmentError, Secrets
from hub.desk.terminals.model.rotations import Rotation
from hub.desk.terminals.store.machines.rotations import (
    ask_rotation,
    can_rotate,
    end_rotations,
    give_rotation,
    is_copied,
    named_rotation,
    open_rotation,
    use_rotation,
)

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class RotatePassword:
    """The acts, with what they need: of people who ask, and of the terminal that does it."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock
    ids: Ids

    def ask(self, terminal: str, *, why: str, by: Actor) -> str:
        """Ask a terminal; gives the rotation's name, of the one it is in already if any.

        It hears of it within its next heartbeat, or when it comes back. Raises EnrolmentError.
        """
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by.name, at_ms=now_ms) as t:
            able = can_rotate(t, terminal, scope=by.scope)
            if able is None:
                raise EnrolmentError("terminal_unknown", terminal)
            if not able:
                raise EnrolmentError("rotation_unable", terminal)
            if is_copied(t, terminal):
                raise EnrolmentError("rotation_copied", terminal)
            found = open_rotation(t, terminal)
            name = found.name if found else self.ids(now_ms)
            if found is None:
                ask_rotation(t, terminal, name, why=why.strip())
                t.changed("terminals")
            t.commit()
        return name

    def withdraw(self, terminal: str, *, why: str, by: Actor) -> None:
        """Take back what was asked, while the terminal gave nothing yet; raises EnrolmentError."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if can_rotate(t, terminal, scope=by.scope) is None:
                raise EnrolmentError("terminal_unknown", terminal)
            found = open_rotation(t, terminal)
            if found is None:
                raise EnrolmentError("rotation_none", terminal)
            if found.state == "given":
                raise EnrolmentError("rotation_given", terminal)
            end_rotations(t, terminal, why=why.strip())
            t.changed("terminals")
            t.commit()

    def give(self, terminal: str, name: str, *, digest: str, line: str) -> None:
        """Take a terminal's new password by its two hashes; the password itself stays there.

        `digest` is its SHA-256 in hex, by which the hub gives files out, `line` the salted hash of
        the broker's password file. The broker lets the terminal in by the new password from now
        on; the hub's files go out for both. What is sent again, as the answer was lost, is answered
        again. Raises EnrolmentError.
        """
        if not _DIGEST.fullmatch(digest) or not is_hashed(line):
            raise EnrolmentError("rotation_unreadable", terminal)
        with self.transactions.open(actor=terminal, at_ms=self.clock.now_ms()) as t:
            found = _find_named(t, terminal, name)
            if is_copied(t, terminal):
                raise EnrolmentError("rotation_copied", terminal)
            is_same = hmac.compare_digest(found.password_sha256 or digest, digest)
            if found.state not in {"asked", "given"} or not is_same:
                raise EnrolmentError("rotation_none", terminal)
            if found.state == "asked":
                give_rotation(t, found, digest)
                t.changed("terminals")
            # Before the commit: a cut between the two leaves a terminal that has both passwords.
            self.secrets.admit(terminal, line)
            t.commit()

    def use(self, terminal: str, name: str, *, digest: str) -> None:
        """Hear that the terminal was let in by its new password: the one before ends.

        `digest` is that of the password by which this was said. Raises EnrolmentError.
        """
        with self.transactions.open(actor=terminal, at_ms=self.clock.now_ms()) as t:
            found = _find_named(t, terminal, name)
            proven = hmac.compare_digest(found.password_sha256 or "", digest)
            if not proven or found.state not in {"given", "used"}:
                raise EnrolmentError("rotation_none", terminal)
            if found.state == "given":
                use_rotation(t, found)
                t.changed("terminals")
            t.commit()


def _find_named(t: Transaction, terminal: str, name: str) -> Rotation:
    """Find the rotation that a terminal names; raises EnrolmentError where there is none."""
    found = named_rotation(t, terminal, name)
    if found is None:
        raise EnrolmentError("rotation_none", terminal)
    return found
