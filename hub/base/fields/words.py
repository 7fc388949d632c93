"""Sentences of what is wrong with a field, and the codes that every noun's fields have."""

from collections.abc import Iterable
from typing import Final

from hub.base.fields.changing import Reason, Refused
from hub.base.money import HOUSE_SCALE, HouseMoney
from hub.base.words import SentenceWriter
from rules import ReasonCode, Words, register

_RUPEES: Final = HouseMoney()

register(
    ReasonCode("cell_above", {"value": "code", "most": "count"}, "rejects"),
    ReasonCode("cell_digits_lost", {"value": "code"}, "rejects"),
    ReasonCode("cell_empty", severity="rejects"),
    ReasonCode("cell_empty_node", {"value": "code"}, "rejects"),
    ReasonCode("cell_gstin_check", {"value": "code", "right": "code"}, "rejects"),
    ReasonCode("cell_gtin_check", {"value": "code", "right": "code"}, "rejects"),
    ReasonCode("cell_hidden", {"character": "code"}, "rejects"),
    ReasonCode("cell_not_amount", {"value": "code", "decimals": "count"}, "rejects"),
    ReasonCode("cell_not_assortment", {"value": "code", "choices": "codes"}, "rejects"),
    ReasonCode("cell_not_choice", {"value": "code", "choices": "codes"}, "rejects"),
    ReasonCode("cell_not_contact", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_count", {"value": "code", "least": "count"}, "rejects"),
    ReasonCode("cell_too_many", {"value": "code", "most": "count"}, "rejects"),
    ReasonCode("cell_not_credit", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_day", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_email", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_gstin", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_gtin", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_phone", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_pin", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_place", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_state", {"value": "code"}, "rejects"),
    ReasonCode("cell_not_terms", {"value": "code", "most": "count"}, "rejects"),
    ReasonCode("cell_not_weekdays", {"value": "code", "choices": "codes"}, "rejects"),
    ReasonCode("cell_reserved", {"value": "code"}, "rejects"),
    ReasonCode("cell_spoilt", {"value": "code"}, "rejects"),
    ReasonCode("cell_too_long", {"length": "count", "most": "count"}, "rejects"),
    ReasonCode("cell_wrapped", {"value": "code"}, "rejects"),
    ReasonCode("file_large", {"most": "count"}, "rejects"),
    ReasonCode("file_many", {"most": "count"}, "rejects"),
    ReasonCode("file_pixels", {"most": "count"}, "rejects"),
    ReasonCode("file_unknown", {"number": "count"}, "rejects"),
    ReasonCode("file_wrong", severity="rejects"),
    ReasonCode("field_crossed", {"now": "name", "who": "name"}, "rejects"),
    ReasonCode("field_unknown", {"value": "code"}, "rejects"),
)


def sentence(reason: Reason, *, language: str = "en", money: HouseMoney = _RUPEES) -> str:
    """Word a reason in a language; amounts are grouped as the house's `money` is.

    Whoever words a reason that may name an amount gives the house's own money: 1,00,000.00 in
    rupees, 100,000.00 in pounds.
    """
    writer = SentenceWriter(HOUSE_SCALE, money.currency, language)
    return Words.of(language, writer=writer).sentence(reason)


def sentences(
    reasons: Iterable[Reason], *, language: str = "en", money: HouseMoney = _RUPEES
) -> dict[str, str]:
    """Word reasons by the fields that they stand at."""
    return {one.field: sentence(one, language=language, money=money) for one in reasons}


def refusal_lines(refused: Refused, *, money: HouseMoney = _RUPEES) -> list[str]:
    """Write every reason why nothing was done, a line each, for a command line: `gtin: ...`."""
    texts = [(one.field, sentence(one, money=money)) for one in refused.reasons]
    return [f"{field}: {text}".removeprefix(": ") for field, text in texts]
