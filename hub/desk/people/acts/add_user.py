"""Add people who sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from hub.base.clock import Clock
from hub.domain.access import Role

SHORTEST_PASSWORD: Final = 10


class UserError(Exception):
    """A user cannot be added as asked; the text says why."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to add."""

    name: str
    role: Role
    password_hash: str


class UserRows(Protocol):
    """Where users are kept."""

    def put(self, user: NewUser, now_ms: int) -> bool:
        """Add a user, or change role and password; False if the user was there."""


@dataclass(slots=True)
class AddUser:
    """The use case, with what it needs."""

    rows: UserRows
    clock: Clock
    hash_password: Callable[[str], str]

    def __call__(self, name: str, *, role: Role, password: str) -> bool:
        """Add a user, or change role and password; False if the user was there.

        Raises UserError.
        """
        name = name.strip()
        if not name or len(name) > 64 or not name.isprintable():  # noqa: PLR2004  # the column's
            raise UserError("a name has 1 to 64 characters")
        if len(password) < SHORTEST_PASSWORD:
            raise UserError(f"a password has at least {SHORTEST_PASSWORD} characters")
        user = NewUser(name, role, self.hash_password(password))
        return self.rows.put(user, self.clock.now_ms())
