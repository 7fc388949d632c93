"""Passwords and tokens as they are kept: hashed."""

import contextlib
import hashlib
import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from hub.desk.people.model.accounts import LONGEST_PASSWORD

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another: no i, l, o, 0 and 1."""

# 19 MiB, two passes, one lane (OWASP's setting): 44 ms where the library's default takes 250 ms.
_HASHER: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
HASHED_AT_ONCE: Final = 2
_NICE: Final = 5


def _come_last() -> None:
    """Have this thread wait for others that want the processor, where the system can (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


# Two at a time: forty threads hashing at once would take 760 MiB. And after all others: beside a
# hundred sign-ins at once an order's answer took seven times as long.
HASHING: Final = ThreadPoolExecutor(HASHED_AT_ONCE, "passwords", initializer=_come_last)


def hash_password(password: str) -> str:
    """Hash a password for storing (argon2id); takes about 50 ms."""
    return HASHING.submit(_HASHER.hash, password).result()


def verify_password(password: str, password_hash: str) -> bool:
    """Say whether the password is the one that was hashed."""
    if len(password) > LONGEST_PASSWORD:
        return False
    return HASHING.submit(_HASHER.verify, password, password_hash).result()


# The hash of a password that was drawn at random and thrown away: nobody's.
NOBODY_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "FLPvgRTrtuqGy5H1NTn09w$J7CozpShcvT+Z6M98mi3xpY+fllCCR+alkNgpYMioRo"
)


def hash_token(token: str) -> str:
    """Give what is stored of a session's token: a random 256 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_time_word() -> str:
    """Draw a word that an administrator can read out: `4kfm-9xqt-b2wz`, of 59 bits."""
    return _drawn(3)


def recovery_code() -> str:
    """Draw a spare code of 79 bits: `4kfm-9xqt-b2wz-7hcd`."""
    return _drawn(4)


def _drawn(groups: int) -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(groups))
