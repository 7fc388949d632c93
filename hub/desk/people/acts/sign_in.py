"""Sign a user in and out: passwords, sessions and their expiry."""

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from hub.base.access import Session
from hub.domain.access import PERMISSIONS, Role

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS

IDLE_LIMIT_MS: Final = 8 * _HOUR_MS
"""A session nobody used for this long has ended: a working day."""
AGE_LIMIT_MS: Final = 7 * 24 * _HOUR_MS
"""A session ends this long after signing in, used or not."""
TOUCH_STEP_MS: Final = _MINUTE_MS
"""Last use is written no finer than this, so that reading pages rarely writes."""

_TOKEN_BYTES = 32
_LONGEST_PASSWORD = 1024

# 19 MiB, two passes, one lane (OWASP's setting): 44 ms where the library's default takes 250 ms.
_HASHER: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
# Two at a time: forty threads hashing at once would take 760 MiB.
_HASHING: Final = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Account:
    """A user as stored; a user who is not active may not sign in."""

    id: int
    name: str
    role: Role
    password_hash: str
    active: bool


class Accounts(Protocol):
    """Where users and sessions are kept."""

    def user_named(self, name: str) -> Account | None:
        """Find a user by the name they sign in with."""

    def add_session(self, session: Session) -> None:
        """Keep a new session, and forget those past their absolute limit."""

    def session(self, token_hash: str) -> Session | None:
        """Find the session of an active user."""

    def touch_session(self, token_hash: str, at_ms: int) -> None:
        """Note that the session was used."""

    def remove_session(self, token_hash: str) -> None:
        """End a session; one that is not there is no fault."""


def hash_password(password: str) -> str:
    """Hash a password for storing (argon2id); takes about 50 ms."""
    with _HASHING:
        return _HASHER.hash(password)


def verify_password(password: str, password_hash: str) -> bool:
    """Say whether the password is the one that was hashed."""
    if len(password) > _LONGEST_PASSWORD:
        return False
    with _HASHING:
        return _HASHER.verify(password, password_hash)


# The hash of a password that was drawn at random and thrown away: nobody's.
_NOBODY_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "FLPvgRTrtuqGy5H1NTn09w$J7CozpShcvT+Z6M98mi3xpY+fllCCR+alkNgpYMioRo"
)


def prove(accounts: Accounts, *, name: str, password: str) -> Account | None:
    """Give the account of an active user whose password this is, else None after as long."""
    account = accounts.user_named(name)
    if account is None or not account.active:
        verify_password(password, _NOBODY_HASH)
        return None
    return account if verify_password(password, account.password_hash) else None


def sign_in(
    accounts: Accounts, *, name: str, password: str, address: str, now_ms: int
) -> str | None:
    """Open a session and give its token; None if the name or the password is wrong.

    `address` is where the browser is. A name nobody has costs as much time as a wrong password,
    so that names cannot be found out.
    """
    account = prove(accounts, name=name, password=password)
    if account is None:
        return None
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    accounts.add_session(
        Session(
            token_hash=hash_token(token),
            user_id=account.id,
            user=account.name,
            role=account.role,
            created_at=now_ms,
            seen_at=now_ms,
            expires_at=now_ms + AGE_LIMIT_MS,
            address=address,
        )
    )
    return token


def find_session(accounts: Accounts, token: str, *, now_ms: int, touch: bool) -> Session | None:
    """Find the session a token opens, if it has not ended.

    `touch` notes the use; pages that refresh themselves leave it out, or they would never be idle.
    """
    session = accounts.session(hash_token(token))
    if session is None or has_ended(session, now_ms):
        return None
    if touch and now_ms - session.seen_at >= TOUCH_STEP_MS:
        accounts.touch_session(session.token_hash, now_ms)
    return replace(session, permissions=PERMISSIONS[cast("Role", session.role)])


def has_ended(session: Session, now_ms: int) -> bool:
    """Say whether a session is past its idle or its absolute limit."""
    return now_ms - session.seen_at >= IDLE_LIMIT_MS or now_ms >= session.expires_at


def sign_out(accounts: Accounts, token: str) -> None:
    """End the session a token opens."""
    accounts.remove_session(hash_token(token))


def hash_token(token: str) -> str:
    """Give what is stored of a session's token: a random 256 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
