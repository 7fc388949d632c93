"""A person's own targets as a phone keeps them; what they came to is told by the measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Connection

from hub.base.access import Session


@dataclass(frozen=True, slots=True)
class PhoneTarget:
    """A target that runs today: `needed` is what each of its working `days` left has to bring.

    Amounts are of the minor unit where the target is of `money`; `thing` names the goods that it is
    of, empty for all.
    """

    measure: str
    money: bool
    thing: str
    last: date
    target: int
    achieved: int
    needed: int | None
    days: int
    word: str


class ReadOwn(Protocol):
    """Reads the targets of who is signed in, and of nobody else."""

    def __call__(
        self, connection: Connection, session: Session, *, now_ms: int
    ) -> Sequence[PhoneTarget]:
        """Read those that run today."""


@dataclass(frozen=True, slots=True)
class OwnTargets:
    """How own targets are read: the measures stand above the field, and hand this in."""

    read: ReadOwn
