"""Check every promise the hub makes against what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

SHOWN: Final = 20
"""How many faults of one promise are told."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its name for programs, and its words."""

    name: str
    text: str


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
class Finding:
    """What one check found: rows looked at, and faults in plain words."""

    promise: Promise
    checked: int
    faults: Sequence[str]


class Books(Protocol):
    """Reads the books as of one moment."""

    def findings(self) -> Iterable[Finding]:
        """Check every promise, in the order they are told."""

    def notes(self) -> Sequence[str]:
        """Tell what is worth knowing."""


@dataclass(slots=True)
class Audit:
    """The use case, with the books it reads."""

    books: Books

    def __call__(self) -> Report:
        """Check all promises."""
        kept = tuple(
            Kept(one.promise, one.checked, _shortened(one.faults)) for one in self.books.findings()
        )
        return Report(kept, tuple(self.books.notes()))


def _shortened(faults: Sequence[str]) -> tuple[str, ...]:
    """Tell the first faults, and how many more there are."""
    if len(faults) <= SHOWN:
        return tuple(faults)
    return (*faults[:SHOWN], f"and {len(faults) - SHOWN} more")
