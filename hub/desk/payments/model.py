"""Payments without a database: modes, states of a cheque, and what is wrong with what was typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from hub.base.fields import Reason
from hub.desk.parties.model.cells import (
    CellError,
    clean,
    read_amount,
    read_choice,
    read_day,
    read_text,
)

Mode = Literal["cash", "upi", "cheque", "bank", "adjustment"]
MODES: Final[tuple[Mode, ...]] = ("cash", "upi", "cheque", "bank", "adjustment")
Kind = Literal["payment", "refund", "write_off"]
State = Literal["received", "clearing", "cleared", "bounced", "voided"]
STATES: Final[tuple[State, ...]] = ("received", "clearing", "cleared", "bounced", "voided")
MAY_BECOME: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        "received": frozenset[State]({"clearing", "cleared", "bounced"}),
        "clearing": frozenset[State]({"cleared", "bounced"}),
        "cleared": frozenset[State]({"bounced"}),
        "bounced": frozenset[State](),
        "voided": frozenset[State](),
    }
)
"""The life of a cheque, which a bank may return when it had cleared it; other money is cleared."""
REFERRED: Final[frozenset[Mode]] = frozenset({"upi", "cheque", "bank"})
"""Modes that have a number of their own, by which the money is found again."""
UP_TO: Final = "write_off_up_to"
"""The setting that says up to which rest may be written off, in minor units."""
USUAL: Final = 1000
"""10.00 may be written off where nobody has said another amount."""
LIMIT: Final = ("write_off_limit", "house")
"""Whose history says who set that amount: it is one for all sellers."""
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Money that came from a customer.

    `parts` are the amounts that go to documents of the account, by their ids; with `oldest` what is
    due first is paid first, and else what is left is on account.
    """

    amount: int
    mode: Mode
    reference: str = ""
    collector: str = ""
    place: str = ""
    paid_on: date | None = None
    note: str = ""
    parts: Mapping[int, int] = field(default_factory=dict)
    oldest: bool = False

    @property
    def state(self) -> State:
        """Give the state that it begins in: a cheque is not money yet."""
        return "received" if self.mode == "cheque" else "cleared"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an act; `again` says that it was done before and nothing was done now."""

    payment: int
    number: str
    state: State
    again: bool = False


@dataclass(frozen=True, slots=True)
class PaymentMoved:
    """Money came, or a payment has another state: a cheque that cleared, or what was voided.

    `was` is the state before; of a payment that is new, there was none.
    """

    payment: int
    state: State
    was: State | None = None

    @property
    def is_new(self) -> bool:
        """Say whether the money came just now."""
        return self.was is None

    @property
    def never_came(self) -> bool:
        """Say whether the money never was there; of a cheque that cleared first, it was."""
        return self.state == "voided" or (self.state == "bounced" and self.was != "cleared")


def reference_key(reference: str) -> str:
    """Give a reference without case, blanks and signs: `UTR-12 34` and `utr1234` are one."""
    return "".join(one for one in reference.casefold() if one.isalnum())[:_LONGEST]


def read_payment(texts: Mapping[str, str]) -> tuple[NewPayment | None, list[Reason]]:
    """Read what was typed of a payment; what is wrong is told with its field."""
    faults: list[Reason] = []
    values: dict[str, Any] = dict(_read(texts, faults))
    amount, mode = values.get("amount", 0), values.get("mode", "")
    if "amount" in values and amount == 0:
        faults.append(Reason("payment_nothing", {}, "amount"))
    if mode in REFERRED and not values.get("reference"):
        faults.append(Reason("payment_reference_missing", {}, "reference"))
    parts = values.pop("parts")
    if amount and sum(parts.values()) > amount:
        params = {"amount": amount, "parts": sum(parts.values())}
        faults.append(Reason("payment_parts_above", params, "amount"))
    if faults:
        return None, faults
    oldest = texts.get("oldest", "") in {"1", "true", "yes"}
    return NewPayment(parts=parts, oldest=oldest and not parts, **values), []


def _read(texts: Mapping[str, str], faults: list[Reason]) -> Iterator[tuple[str, Any]]:
    readers: dict[str, Any] = {
        "amount": read_amount,
        "mode": lambda text: read_choice(text, MODES),
        "reference": lambda text: read_text(text, most=_LONGEST),
        "collector": lambda text: read_text(text, most=_LONGEST),
        "place": read_text,
        "paid_on": lambda text: read_day(text) if clean(text) else None,
        "note": lambda text: read_text(text, most=300),
    }
    for name, read in readers.items():
        try:
            yield name, read(texts.get(name, ""))
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    yield "parts", read_parts(texts, faults)


def read_parts(texts: Mapping[str, str], faults: list[Reason]) -> dict[int, int]:
    """Read the amounts that go to documents: `part.12` is of the account's document 12."""
    parts = {}
    for name, text in texts.items():
        head, dot, document = name.partition(".")
        if head != "part" or not dot or not document.isdecimal() or not clean(text):
            continue
        try:
            amount = read_amount(text)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            continue
        if amount:
            parts[int(document)] = amount
    return parts
