"""Cards that a counter reads: who of a customer's people orders, and for which customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CARD_FAULTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "terminal_unknown": 404,
        "operator_unknown": 404,
        "operator_name_invalid": 422,
        "operator_pin_invalid": 422,
        "operators_most": 409,
        "customer_unknown": 422,
        "customer_own": 409,
        "customer_there": 409,
        "customer_not_there": 404,
        "customers_most": 409,
    }
)
"""Why nothing was done about a card, with the status of HTTP."""
_LONGEST_NAME: Final = 100
_LONGEST_STEM: Final = 8


class CardError(Exception):
    """Nothing was done about a card; `code` is one of CARD_FAULTS, `about` what it is of."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class NewOperator:
    """An operator's card just after it got a PIN, which is known this once."""

    card: str
    name: str
    pin: str


def read_name(written: str) -> str:
    """Read an operator's name; raises CardError."""
    name = " ".join(written.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise CardError("operator_name_invalid", name[:_LONGEST_NAME])
    return name


def card_of(name: str, number: int) -> str:
    """Name the card of an operator: `Asha Rao` and 12 is `ASHA-12`.

    A bar code has Latin letters only: of a name in another script it is `OP-12`.
    """
    first = name.split(maxsplit=1)[0].upper()
    stem = "".join(letter for letter in first if letter.isascii() and letter.isalnum())
    return f"{stem[:_LONGEST_STEM] or 'OP'}-{number}"
