"""Cards that a counter reads: who orders at it, with a PIN, and which of several shops it is for.

A card is a bar code that the hub prints. What a counter needs to read it is told to that counter
alone, so that it works without a line as well.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta, Struct

from broker.contract.envelope import Code, GstNumber, Name
from broker.contract.facts import CustomerFacts, Payment, facts_hash

OPERATOR_CODE: Final = "OW-OPERATOR-"
CUSTOMER_CODE: Final = "OW-CUSTOMER-"
"""What the bar code of a card begins with, before the operator's or the customer's own code."""
MAX_OPERATORS: Final = 100
MAX_SERVED: Final = 100
"""How many operators and how many other customers one counter is told of."""
PIN_DIGITS: Final = (4, 6)
"""A PIN has at least and at most so many digits."""
_ROUNDS: Final = 20_000
_PIN: Final = re.compile(r"[0-9]{4,6}")
_SALT_BYTES: Final = 16

PinLine = Annotated[str, Meta(pattern=r"^[0-9]{1,7}\$[0-9a-f]{32}\$[0-9a-f]{64}$(?!\n)")]


class OperatorCard(Struct, frozen=True, kw_only=True):
    """A person who orders at a counter; `pin` proves the PIN without saying it."""

    card: Code
    name: Name
    pin: PinLine


class ServedCustomer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another customer that a counter may order for; `payments` as in a configuration."""

    facts: CustomerFacts
    payments: Annotated[list[Payment], Meta(max_length=3)] = []
    gstin: GstNumber = ""


def is_pin(text: str) -> bool:
    """Tell whether a text is a PIN: 4 to 6 digits."""
    return _PIN.fullmatch(text) is not None


def pin_line(pin: str, salt: bytes) -> str:
    """Write what proves a PIN; `salt` is 16 random bytes of this card alone.

    Who reads it can find the PIN by trying all of them: it keeps a PIN from being read, and is told
    to the counters of the operator's own customer only.
    """
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"a salt of {len(salt)} bytes")
    return f"{_ROUNDS}${salt.hex()}${_proof(pin, salt, _ROUNDS)}"


def pin_fits(line: str, pin: str) -> bool:
    """Tell whether a PIN is the one that a line proves; takes some ten milliseconds."""
    rounds, salt, proof = line.split("$")
    return hmac.compare_digest(proof, _proof(pin, bytes.fromhex(salt), int(rounds)))


def _proof(pin: str, salt: bytes, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, rounds).hex()


def written_operator(name: str, card: str) -> str:
    """Write who ordered, as an order bears it: `Asha Rao (ASHA-1)`."""
    return f"{name} ({card})"


def cards_hash(
    operators: Sequence[OperatorCard], customers: Sequence[ServedCustomer], *, needed: bool
) -> str:
    """Name what a counter was told of cards by a SHA-256, in whatever order it came."""
    text = json.dumps(
        [
            sorted([one.card, one.name, one.pin] for one in operators),
            sorted([facts_hash(one.facts), *one.payments] for one in customers),
            needed,
        ],
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()
