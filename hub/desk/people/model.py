"""People who sign in: their accounts, and when a session has ended."""

import re
from dataclasses import dataclass
from typing import Final

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS

IDLE_LIMIT_MS: Final = 8 * _HOUR_MS
"""A session nobody used for this long has ended: a working day."""
AGE_LIMIT_MS: Final = 7 * 24 * _HOUR_MS
"""A session ends this long after signing in, used or not."""
TOUCH_STEP_MS: Final = _MINUTE_MS
"""Last use is written no finer than this, so that reading pages rarely writes."""
SHORTEST_PASSWORD: Final = 10
_LONGEST_NAME: Final = 64
_ROLE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PROGRAM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Account:
    """A user as stored; a user who is not active may not sign in."""

    id: int
    name: str
    roles: tuple[str, ...]
    password_hash: str
    active: bool


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to add."""

    name: str
    roles: tuple[str, ...]
    password_hash: str


def fault_of_user(name: str, roles: tuple[str, ...], password: str) -> str | None:
    """Say why a user cannot be added like this; None for a good one."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return f"a name has 1 to {_LONGEST_NAME} characters"
    if len(password) < SHORTEST_PASSWORD:
        return f"a password has at least {SHORTEST_PASSWORD} characters"
    wrong = [role for role in roles if not _ROLE.fullmatch(role)]
    if wrong or not roles:
        return f"a role is a word in small letters, such as manager or area_manager: {wrong}"
    return None


def has_ended(seen_at: int, expires_at: int, now_ms: int) -> bool:
    """Say whether a session is past its idle or its absolute limit.

    One that was last used later than now is of a clock that was fast: it would last for too long.
    """
    return abs(now_ms - seen_at) >= IDLE_LIMIT_MS or now_ms >= expires_at


def fault_of_program(name: str) -> str | None:
    """Say why a program cannot be called so; None for a good name."""
    if _PROGRAM.fullmatch(name):
        return None
    return f"{name!r} is no name for a program: 32 small letters, digits, '.', '_', '-' at most"
