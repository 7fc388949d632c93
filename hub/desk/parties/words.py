"""Words of parties: how a customer looks, and the codes of why something was not done."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from hub.base.history import Value
from hub.base.money import HOUSE_SCALE, HouseMoney
from hub.base.papers import PaperSide
from hub.base.words import Look, PageWords
from hub.desk.parties.model.fields import DAYS, FIELDS, NO_AMOUNT
from hub.desk.parties.model.sides import Side
from rules import ReasonCode, register, scaled, shown

_PLACE_SCALE: Final = 6
_AMOUNTS: Final = frozenset(("credit_limit", "minimum_order"))
PENDING: Final = Look("customer_status.pending", "ow-wait", "clock")
WAITING: Final = Look("customer_status.waiting", "ow-wait", "clock")
STATUSES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "active": Look("customer_status.active", "ow-good", "check"),
        "hold": Look("customer_status.hold", "ow-wait", "player-pause"),
        "blocked": Look("customer_status.blocked", "ow-bad", "ban"),
    }
)

register(
    ReasonCode("customer_code_reserved", {"code": "code"}, "rejects"),
    ReasonCode("customer_code_taken", {"code": "code", "other": "code"}, "rejects"),
    ReasonCode("customer_may_be_there", {"name": "name"}, "rejects"),
    ReasonCode("address_gstin_unnamed", severity="rejects"),
    ReasonCode("address_other_state", {"state": "code", "home": "code"}, "rejects"),
    ReasonCode("address_unknown", {"address": "code", "customer": "code"}, "rejects"),
    ReasonCode("assortment_unknown", {"of": "code"}, "rejects"),
    ReasonCode("customer_not_found", {"code": "code"}, "rejects"),
    ReasonCode("gstin_missing", severity="rejects"),
    ReasonCode("gstin_of_unregistered", {"gstin": "code"}, "rejects"),
    ReasonCode("gstin_state_differs", {"gstin": "code", "state": "code"}, "rejects"),
    ReasonCode("mapping_days", severity="rejects"),
    ReasonCode("mapping_unknown", {"who": "code"}, "rejects"),
    ReasonCode("parent_below", severity="rejects"),
    ReasonCode("parent_unknown", {"code": "code"}, "rejects"),
    ReasonCode("request_decided", {"request": "count"}, "rejects"),
    ReasonCode("request_outdated", {"of": "code", "now": "name"}, "rejects"),
    ReasonCode("request_alone_why", {"who": "name"}, "rejects"),
    ReasonCode("request_own", {"who": "name"}, "rejects"),
    ReasonCode("join_other", {"code": "code"}, "rejects"),
    ReasonCode("join_seller", {"code": "code", "into": "code"}, "rejects"),
    ReasonCode("join_not_new", {"code": "code"}, "rejects"),
    ReasonCode("request_unknown", {"request": "count"}, "rejects"),
    ReasonCode("status_end_of_active", severity="rejects"),
    ReasonCode("status_reason_missing", severity="rejects"),
    ReasonCode("terms_without_days", severity="rejects"),
)


def name_choice(words: PageWords, field: str, code: str) -> str:
    """Name one of the choices of a field in the words of a page."""
    return words.named("customer_choice", f"{field}_{code}")


def word_field(words: PageWords, field: str, text: str, *, money: HouseMoney) -> str:
    """Word the text of a field for a page: an amount as `money` writes it, a choice by its name."""
    if field == "credit_limit" and text in NO_AMOUNT:
        return words.named("credit_state", text)
    if text and field in _AMOUNTS:
        return money.write(scaled(text, HOUSE_SCALE))
    if text and field in _WORDED:
        return _WORDED[field](words, text)
    if text and field in FIELDS and FIELDS[field].choices:
        return name_choice(words, field, text)
    return text


def _word_day(words: PageWords, text: str) -> str:
    return words.day(date.fromisoformat(text))


def _word_weekdays(words: PageWords, text: str) -> str:
    return ", ".join(words.named("weekday", DAYS.index(one)) for one in text.split(","))


def _word_assortment(words: PageWords, text: str) -> str:
    """Name the parts of an assortment: `category=tea/green` as category tea/green."""
    parts = (one.partition("=") for one in text.split(";") if one)
    return ", ".join(f"{words.named('assorted', kind)} {wanted}" for kind, _, wanted in parts)


_WORDED: Final[Mapping[str, Callable[[PageWords, str], str]]] = {
    "since": _word_day,
    "status_until": _word_day,
    "delivery_days": _word_weekdays,
    "assortment": _word_assortment,
}
"""The fields whose texts are written in words of their own."""


def word_column(words: PageWords, column: str, value: Value, *, money: HouseMoney) -> str:
    """Word what a column of a customer holds, as its history has kept it.

    `money` writes its amounts.
    """
    if value is None or value == "":
        return ""
    if column == "credit_state":
        return words.named("credit_state", str(value))
    if column in _AMOUNTS:
        return money.write(int(str(value)))
    if column in {"latitude", "longitude"}:
        return str(shown(int(str(value)), _PLACE_SCALE))
    return word_field(words, column, str(value), money=money)


def look_of(status: str, *, pending: bool) -> Look:
    """Give how a customer looks: one that nobody has let pass yet says so."""
    return PENDING if pending and status == "active" else STATUSES[status]


def write_side(side: Side, words: PageWords, *more: str, label: str = "") -> PaperSide:
    """Write a seller or a buyer as paper names it, line by line.

    `more` are lines that stand below, `label` says above what it is.
    """
    town = " ".join(part for part in (side.city, side.pin) if part)
    lines = (
        side.address,
        town,
        words.named("customer_choice", f"state_{side.state}") if side.state else "",
        side.contact,
        f"{words.text('customer_field.gstin')} {side.gstin}" if side.gstin else "",
        ", ".join(part for part in (side.phone, side.email) if part),
        *more,
    )
    return PaperSide(side.name, tuple(line for line in lines if line), label)
