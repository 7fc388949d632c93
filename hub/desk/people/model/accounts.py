"""People who sign in: their accounts, and when a session has ended."""

import re
import unicodedata
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
LONGEST_PASSWORD: Final = 1024
ONE_TIME_LASTS_MS: Final = 7 * 24 * _HOUR_MS
"""A one-time word that an administrator gives opens nothing after this long."""
OWNER: Final = "owner"
"""The role that only an owner gives, takes or resets: an administrator cannot become one."""
_LONGEST_NAME: Final = 64
_LONGEST_ROLES: Final = 200
_ROLE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PROGRAM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Account:
    """A user as stored; a user who is not active may not sign in.

    `shown` is the name that others read, `language` the one of the user's pages. The password is a
    one-time word until `one_time_until` (Unix ms): who signs in with it has to choose another.
    """

    id: int
    name: str
    roles: tuple[str, ...]
    password_hash: str
    active: bool
    shown: str
    language: str | None = None
    one_time_until: int | None = None

    @property
    def is_owner(self) -> bool:
        """Say whether only an owner may change this user."""
        return OWNER in self.roles


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to add; `shown` is the name that others read, if it is not the one for signing in."""

    name: str
    roles: tuple[str, ...]
    password_hash: str
    shown: str = ""
    one_time_until: int | None = None


def key_of_name(name: str) -> str:
    """Give the one spelling under which a user is found: `Asha  Rao` and `asha rao` are one.

    Capitals, width of letters, ways to compose an accent and blanks around or between are no
    difference; letters are, so that `Asha` and `Ásha` are two persons.
    """
    plain = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFKC", plain)


def fault_of_name(name: str) -> str | None:
    """Say why nobody can be called so; None for a good name."""
    if name and len(name) <= _LONGEST_NAME and name.isprintable():
        return None
    return f"a name has 1 to {_LONGEST_NAME} characters"


def fault_of_password(password: str) -> str | None:
    """Say why this cannot be a password; None for a good one."""
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return None
    return f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"


def fault_of_roles(roles: tuple[str, ...]) -> str | None:
    """Say why nobody can have these roles and duties; None for good ones."""
    wrong = [role for role in roles if not _ROLE.fullmatch(role)]
    if wrong or not roles:
        return f"a role is a word in small letters, such as manager or area_manager: {wrong}"
    if len(",".join(roles)) > _LONGEST_ROLES:
        return f"roles and duties have {_LONGEST_ROLES} characters together"
    return None


def fault_of_user(name: str, roles: tuple[str, ...], password: str) -> str | None:
    """Say why a user cannot be added like this; None for a good one."""
    return fault_of_name(name) or fault_of_password(password) or fault_of_roles(roles)


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
