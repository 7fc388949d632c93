"""People who sign in: their accounts, and when a session has ended."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.desk.people.model.faults import PeopleError

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
ROW_KINDS: Final = ("seller", "region", "customer", "warehouse")
"""Of what a user may be given the rows."""
OWNER: Final = "owner"
"""The role that only an owner gives, takes or resets: an administrator cannot become one."""
PARTNER: Final = "partner"
"""The role of a party's own user."""
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


def plain_name(name: str) -> str:
    """Give a name as it is kept: blanks around it gone, and one between its words."""
    return " ".join(word for word in name.strip(" ").split(" ") if word)


def check_name(name: str) -> None:
    """See that somebody can be called so; raises PeopleError."""
    if not (name and len(name) <= _LONGEST_NAME and name.isprintable()):
        raise PeopleError("name_invalid", name)


def check_password(password: str) -> None:
    """See that this can be a password; raises PeopleError."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PeopleError("password_invalid")


def check_roles(roles: tuple[str, ...]) -> None:
    """See that somebody can have these roles and duties; raises PeopleError."""
    wrong = [role for role in roles if not _ROLE.fullmatch(role)]
    if wrong or not roles or len(",".join(roles)) > _LONGEST_ROLES:
        raise PeopleError("roles_invalid", ", ".join(wrong))


def check_program(name: str) -> None:
    """See that a program can be called so; raises PeopleError."""
    if not _PROGRAM.fullmatch(name):
        raise PeopleError("program_invalid", name)


def check_owner(actor: Collection[str], *roles: str) -> None:
    """See that only an owner makes, changes or ends an owner; raises PeopleError."""
    if OWNER in roles and OWNER not in actor:
        raise PeopleError("not_owner")


def is_partner(account: Account) -> bool:
    """Say whether a user is a party's and nothing else: who has no row of the company's."""
    return account.roles == (PARTNER,)


def check_own_roles(before: Collection[str], after: Collection[str]) -> None:
    """See that whoever changes their own roles only lays some down; raises PeopleError."""
    if not set(after) <= set(before):
        raise PeopleError("own_rights")


def has_ended(seen_at: int, expires_at: int, now_ms: int) -> bool:
    """Say whether a session is past its idle or its absolute limit.

    One that was last used later than now is of a clock that was fast: it would last for too long.
    """
    return abs(now_ms - seen_at) >= IDLE_LIMIT_MS or now_ms >= expires_at


def has_lapsed(one_time_until: int | None, now_ms: int) -> bool:
    """Say whether a password is a one-time word of too long ago."""
    return one_time_until is not None and now_ms >= one_time_until
