"""What a device asks of the hub with a claim, and what the hub tells it, each sealed by the code.

The code itself never travels. Both ends make a key of it, and each message bears an HMAC under
that key: so the hub knows that the device has the slip, and the device that this hub made it. The
device makes its password itself and sends what checks it, of which it cannot be found again: the
SHA-256 for the hub, and the line for the broker's password file.
"""

import hashlib
from typing import Final, Literal, TypeVar

import msgspec

from broker.contract.decisions import bears_mac, with_mac

ENROLMENTS_PATH: Final = "/api/v1/enrolments"
"""Where the hub takes what devices ask, by POST."""
SERVICE: Final = "_orderwire._tcp.local."
"""What a hub that is to be found in its network calls itself there, with its address as `url`."""
LONGEST_HUB: Final = 200
ROTATION_PATH: Final = "/api/v1/terminal-password"
"""Where the hub takes a terminal's new password, by POST under the one before."""
ROTATION_USED_PATH: Final = "/api/v1/terminal-password/used"
"""Where it hears, by POST under the new one, that the broker let the terminal in by that."""
_NUMBER_DIGITS: Final = 4

Message = TypeVar("Message", "Asked", "Told")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A device asks to become the claim's terminal.

    `claim` is the public name of the claim (`claim_name`), `terminal` the id that the device has
    already, empty for a new one. `device` is what the device calls itself.
    """

    claim: str
    terminal: str
    device: str
    password_sha256: str
    password_line: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The hub answers: the device is enrolled, or a person has to approve first.

    An empty `broker_host` is the host that the hub itself was asked at. `broker_ca` is the
    certificate that a broker with TLS is checked by, as PEM. `pack_keys` are whose rule packs the
    terminal takes, `software_keys` whose updates of its own software: empty where the hub takes
    none either.
    """

    state: Literal["enrolled", "waiting"]
    terminal: str
    broker_host: str = ""
    broker_port: int = 0
    broker_ca: str = ""
    pack_keys: str = ""
    software_keys: str = ""


class NewPassword(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal gives what checks the password that it made when it was asked by `rotation`."""

    rotation: str
    password_sha256: str
    password_line: str


class UsedPassword(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal says that it was let in by the password of a rotation."""

    rotation: str


def claim_name(code: str) -> str:
    """Give the name by which the hub finds a claim: 32 hexadecimal digits; no secret."""
    return hashlib.sha256(b"orderwire claim name " + code.encode()).hexdigest()[:32]


def claim_key(code: str) -> bytes:
    """Give the key that seals messages about a claim; the hub keeps it instead of the code."""
    return hashlib.sha256(b"orderwire claim key " + code.encode()).digest()


def pair_number(asked: Asked) -> str:
    """Give four digits that device and hub both show, so that a person compares the two."""
    digest = hashlib.sha256(f"{asked.claim} {asked.password_sha256}".encode()).digest()
    return f"{int.from_bytes(digest[:4], 'big') % 10**_NUMBER_DIGITS:0{_NUMBER_DIGITS}d}"


def seal(message: Message, key: bytes, *, of: bytes = b"") -> bytes:
    """Write a message under a key; `of` are the bytes that it answers."""
    return with_mac(msgspec.json.encode(message), key, of=hashlib.sha256(of).digest())


def read_sealed(payload: bytes, kind: type[Message], key: bytes, *, of: bytes = b"") -> Message:
    """Read a message that was written under a key; raises ValueError for any other."""
    if not bears_mac(payload, key, of=hashlib.sha256(of).digest()):
        raise ValueError("this was not written by who has the claim")
    return msgspec.json.decode(payload, type=kind)
