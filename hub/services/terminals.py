"""Add, list and revoke terminals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from broker.contract import check_id
from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.base.ids import new_secret
from hub.services.load_distributor import Secrets


class TerminalError(Exception):
    """A terminal cannot be added or revoked as asked; the text says why."""


@dataclass(frozen=True, slots=True)
class TerminalLine:
    """A terminal as listed; presence is None for one that never spoke."""

    id: str
    customer: str
    warehouse: str
    revoked_at: int | None = None
    state: str | None = None
    seen_at: int | None = None
    queued: int | None = None


class TerminalRows(Protocol):
    """Where terminals are kept."""

    def every(self) -> Sequence[TerminalLine]:
        """List them by id."""

    def revoke(self, terminal: str, now_ms: int) -> bool:
        """Revoke one; False if there is no such terminal, or it is revoked already."""

    def enrol(self, line: TerminalLine, digest: str, now_ms: int) -> str | None:
        """Add one, or give one that is there a new secret; else says what is not known."""


@dataclass(slots=True)
class Terminals:
    """The use cases, with what they need."""

    rows: TerminalRows
    secrets: Secrets
    clock: Clock
    changes: Changes

    def every(self) -> Sequence[TerminalLine]:
        """List terminals by id."""
        return self.rows.every()

    def add(self, terminal: str, *, customer: str, warehouse: str) -> None:
        """Add a terminal and write its configuration; one that is there gets a new secret.

        Raises TerminalError.
        """
        try:
            check_id(terminal)
        except ValueError as error:
            raise TerminalError(str(error)) from error
        secret, digest = new_secret()
        line = TerminalLine(terminal, customer, warehouse)
        fault = self.rows.enrol(line, digest, self.clock.now_ms())
        if fault is not None:
            raise TerminalError(fault)
        self.secrets.issue(terminal, secret)
        self.changes.publish("terminals")

    def revoke(self, terminal: str) -> None:
        """Take a terminal's access away, at the broker and at the hub; raises TerminalError."""
        if not self.rows.revoke(terminal, self.clock.now_ms()):
            raise TerminalError(f"there is no terminal {terminal!r} to revoke")
        self.secrets.withdraw(terminal)
        self.changes.publish("terminals")
