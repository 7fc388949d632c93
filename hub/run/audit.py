"""Check every promise the hub makes against what is stored, as of one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.base.engine.promises import Check, Promise
from hub.base.engine.soundness import check_storage
from hub.web.noun import Noun

SHOWN: Final = 20
"""How many faults of one promise are told."""


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
    """Reads the books as of one moment, and checks them; `files` checks what they name on disk."""

    database: Database
    clock: Clock
    nouns: Sequence[Noun]
    files: Check

    def __call__(self) -> Report:
        """Check all promises: the database's own, those of kept files, then those of each noun."""
        now_ms = self.clock.now_ms()
        checks = (check_storage, self.files, *(one for noun in self.nouns for one in noun.promises))
        with self.database.read() as connection:
            kept = tuple(
                Kept(one.promise, one.checked, _shortened(one.faults))
                for check in checks
                for one in check(connection, now_ms)
            )
            told = [note for noun in self.nouns for note in noun.notes]
            notes = tuple(text for note in told for text in note(connection))
        return Report(kept, notes)


def _shortened(faults: Sequence[str]) -> tuple[str, ...]:
    """Tell the first faults, and how many more there are."""
    if len(faults) <= SHOWN:
        return tuple(faults)
    return (*faults[:SHOWN], f"and {len(faults) - SHOWN} more")
