"""A print run: the files of many documents that a person asked for, and how far it is."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

RunState = Literal["drawing", "ready", "failed"]
RUN_STATES: Final[tuple[RunState, ...]] = get_args(RunState)
MOST: Final = 2_000
"""Documents of one run at most: some 150 MB."""
KEPT_MS: Final = 7 * 24 * 3_600_000
"""How long a run is there for who asked for it; what it drew stays for ever."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who asks: a user, or a program, which has no `user_id` and may be called as a user is."""

    name: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Which documents are asked for as files, by their ids, on which paper, in which language.

    `language` is empty for each customer's own, `otherwise` that of customers without one.
    """

    invoices: tuple[int, ...]
    size: str
    language: str
    otherwise: str

    def digest_for(self, owner: Owner) -> str:
        """Give what two wishes of an owner for the same files have in common."""
        said = [owner.user_id, self.size, self.language, self.otherwise, *self.invoices]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PrintRun:
    """A run as it stands: `drawn` of its `documents` have their files by now. Times are Unix ms."""

    id: int
    owner: str
    size: str
    language: str
    otherwise: str
    documents: int
    drawn: int
    state: RunState
    asked_at: int
    ended_at: int | None

    @property
    def kept_until(self) -> int:
        """Give until when the run is there."""
        return self.asked_at + KEPT_MS


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document of a run that has its file: `paper` is the kept one's name, `name` for people."""

    place: int
    paper: str
    name: str


def once_each(invoices: Sequence[int]) -> tuple[int, ...]:
    """Give ids in their order, each once."""
    return tuple(dict.fromkeys(invoices))
