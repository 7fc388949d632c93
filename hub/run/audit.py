"""Check every promise the hub makes against what is stored, as of one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.base.engine.promises import Check, Notes, Promise
from hub.base.engine.soundness import check_storage
from hub.desk.accounts.promises import CHECK as ACCOUNTS
from hub.desk.approvals.promises import CHECK as APPROVALS
from hub.desk.orders.promises import CHECK as ORDERS
from hub.desk.orders.promises import check_decisions
from hub.desk.rulepacks.promises import check_packs, note_set_up
from hub.desk.schemes.promises import CHECK as SCHEMES
from hub.desk.schemes.promises import check_leases
from hub.desk.stock.promises import CHECK as STOCK
from hub.desk.terminals.promises import CHECK as TERMINALS
from hub.desk.terminals.promises import check_answers, note_alarms, note_gaps

SHOWN: Final = 20
"""How many faults of one promise are told."""

CHECKS: Final[tuple[Check, ...]] = (
    check_storage,
    TERMINALS,
    ORDERS,
    STOCK,
    ACCOUNTS,
    SCHEMES,
    check_leases,
    check_decisions,
    check_answers,
    check_packs,
    APPROVALS,
)
NOTES: Final[tuple[Notes, ...]] = (note_gaps, note_alarms, note_set_up)


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise fared: what was looked at, and what is wrong."""

    promise: Promise
    checked: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole audit; notes are worth knowing and break no promise."""

    kept: tuple[Kept, ...]
    notes: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Say whether every promise is kept."""
        return not any(one.faults for one in self.kept)


@dataclass(frozen=True, slots=True)
class Audit:
    """Reads the books as of one moment, and checks them."""

    database: Database
    clock: Clock

    def __call__(self) -> Report:
        """Check all promises, in the order in which they are told."""
        now_ms = self.clock.now_ms()
        with self.database.read() as connection:
            kept = tuple(
                Kept(one.promise, one.checked, _shortened(one.faults))
                for check in CHECKS
                for one in check(connection, now_ms)
            )
            notes = tuple(text for note in NOTES for text in note(connection))
        return Report(kept, notes)


def _shortened(faults: Sequence[str]) -> tuple[str, ...]:
    """Tell the first faults, and how many more there are."""
    if len(faults) <= SHOWN:
        return tuple(faults)
    return (*faults[:SHOWN], f"and {len(faults) - SHOWN} more")
