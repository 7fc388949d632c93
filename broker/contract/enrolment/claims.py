"""The claim of a terminal as it is printed, scanned and typed.

`OW-ENROL-7K3M-PX2Q-9TRD-5VWN@http://192.168.1.10:8080`: a code of 80 random bits that works once,
and where the hub is. Typed, the code alone will do where the hub's address is known already.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

PREFIX: Final = "OW-ENROL-"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: no letter of them is taken for a digit or for another letter."""
_LIKE: Final = str.maketrans("OIL", "011")
_LENGTH: Final = 16
_GROUP: Final = 4
_LONGEST: Final = 300
_CODE: Final = re.compile(f"[{_LETTERS}]{{{_LENGTH}}}")
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")

_PATH: Final = re.compile(r"[A-Za-z0-9._~/\-]*")


class ClaimError(ValueError):
    """A text begins like a claim, or was given as one, and cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is on a claim slip: its code of 16 letters and digits, and the hub's address.

    `hub` is an HTTP address, with a path where a proxy serves the hub below one, without a slash at
    its end; it is empty where only the code was typed.
    """

    code: str
    hub: str = ""


def new_code() -> str:
    """Draw a code of 80 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def write_claim(claim: Claim) -> str:
    """Write a claim as it is printed: the code in groups of four, then `@` and the hub."""
    groups = (claim.code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
    return PREFIX + "-".join(groups) + (f"@{claim.hub}" if claim.hub else "")


def is_claim(text: str) -> bool:
    """Tell whether a code that was scanned is meant to be a claim."""
    return text.strip().upper().startswith(PREFIX)


def read_claim(text: str) -> Claim:
    """Read a claim that was scanned or typed, also without its prefix; raises ClaimError.

    Small letters, blanks, and the letters O, I and L for 0 and 1 are read as they are meant.
    """
    given = text.strip()
    if len(given) > _LONGEST:
        raise ClaimError("this is too long for a claim")
    if is_claim(given):
        given = given[len(PREFIX) :]
    written, _, hub = given.partition("@")
    code = re.sub(r"[-\s]", "", written).upper().translate(_LIKE)
    if not _CODE.fullmatch(code):
        raise ClaimError(f"a claim has {_LENGTH} letters and digits after {PREFIX}")
    return Claim(code, _address(hub.strip()))


def _address(hub: str) -> str:
    """Check where the hub is; gives its address as a device asks there."""
    if not hub:
        return ""
    try:
        parts = urlsplit(hub)
        port = parts.port
    except ValueError as error:
        raise ClaimError(f"the hub's address {hub!r} cannot be read") from error
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    is_good = (
        parts.scheme.lower() in {"http", "https"}
        and _HOST.fullmatch(host)
        and _PATH.fullmatch(parts.path)
        and not (parts.query or parts.fragment)
    )
    if not is_good:
        raise ClaimError(f"the hub's address {hub!r} is not like http://192.168.1.10:8080")
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path.rstrip('/')}"
