"""What the portal takes in each field of INV-01, checked before anything is sent.

Lengths, forms and bounds are those of the published schema, version 1.1. A field that may be left
out is checked where it is there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from hub.base.fields import Reason

_AMOUNT: Final = Decimal("999999999999.99")
_LONGEST_VALUE: Final = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A text of so many characters, of a form."""

    least: int
    most: int
    form: str = r"[^\"\\\x00-\x1f]*"

    def fault(self, value: object) -> tuple[str, dict[str, Any]] | None:
        """Tell what is wrong with a value, and in which numbers; None where nothing is."""
        if not isinstance(value, str) or not re.fullmatch(self.form, value):
            return "portal_form", {}
        if self.least <= len(value) <= self.most:
            return None
        return "portal_length", {
            "length": len(value),
            "least": self.least,
            "most": self.most,
        }


@dataclass(frozen=True, slots=True)
class Number:
    """A number between bounds, with so many decimals at most."""

    least: Decimal = Decimal(0)
    most: Decimal = _AMOUNT
    decimals: int = 2

    def fault(self, value: object) -> tuple[str, dict[str, Any]] | None:
        """Tell what is wrong with a value; None where nothing is."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return "portal_form", {}
        read = Decimal(value)
        if not self.least <= read <= self.most:
            return "portal_range", {"least": str(self.least), "most": str(self.most)}
        exponent = read.normalize().as_tuple().exponent
        wrong = isinstance(exponent, int) and -exponent > self.decimals
        return ("portal_form", {}) if wrong else None


Rule = Text | Number
_GSTIN: Final = r"[0-9]{2}[0-9A-Z]{13}"
_DAY: Final = r"[0-3][0-9]/[0-1][0-9]/20[1-9][0-9]"
_NUMBER: Final = Text(1, 16, r"[a-zA-Z1-9][a-zA-Z0-9/-]*")
_PIN: Final = Number(Decimal(100_000), Decimal(999_999), 0)
_STATE: Final = Text(1, 2, r"(?!0+$)[0-9]{1,2}")
_YES_NO: Final = Text(1, 1, "[YN]")
_ADDRESS: Final[Mapping[str, Rule]] = {
    "LglNm": Text(3, 100),
    "Addr1": Text(1, 100),
    "Loc": Text(3, 50),
    "Pin": _PIN,
    "Stcd": _STATE,
}
_REACHED: Final[Mapping[str, Rule]] = {
    "Ph": Text(6, 12, "[0-9]*"),
    "Em": Text(6, 100, r"[^@\s\"]+@[^@\s\"]+\.[^@\s\"]+"),
}
_ITEM: Final[Mapping[str, Rule]] = {
    "SlNo": Text(1, 6, "[0-9]*"),
    "PrdDesc": Text(3, 300),
    "IsServc": _YES_NO,
    "HsnCd": Text(4, 8, r"(?!0+$)([0-9]{4}|[0-9]{6}|[0-9]{8})"),
    "Qty": Number(Decimal(0), Decimal("9999999999.999"), 3),
    "Unit": Text(3, 8, "[A-Z]*"),
    "UnitPrice": Number(Decimal(0), Decimal("999999999999.999"), 3),
    "GstRt": Number(Decimal(0), Decimal("999.999"), 3),
    **dict.fromkeys(
        ("TotAmt", "Discount", "AssAmt", "IgstAmt", "CgstAmt", "SgstAmt", "CesAmt", "TotItemVal"),
        Number(),
    ),
}
_VALUES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("AssVal", "CgstVal", "SgstVal", "IgstVal", "CesVal", "TotInvVal"), Number()),
    "RndOffAmt": Number(Decimal("-99.99"), Decimal("99.99")),
}
_EWAY: Final[Mapping[str, Rule]] = {
    "TransId": Text(15, 15, _GSTIN),
    "TransName": Text(3, 100),
    "TransMode": Text(1, 1, "[1-4]"),
    "Distance": Number(Decimal(0), Decimal(4000), 0),
    "VehNo": Text(4, 20, "[A-Z0-9/-]*"),
    "VehType": Text(1, 1, "[RO]"),
}
_SECTIONS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "TranDtls": {"TaxSch": Text(3, 10, "GST"), "SupTyp": Text(3, 10, "B2B"), "RegRev": _YES_NO},
    "DocDtls": {"Typ": Text(3, 3, "INV|CRN|DBN"), "No": _NUMBER, "Dt": Text(10, 10, _DAY)},
    "SellerDtls": {"Gstin": Text(15, 15, _GSTIN), **_ADDRESS},
    "BuyerDtls": {"Gstin": Text(3, 15, f"({_GSTIN})|URP"), "Pos": _STATE, **_ADDRESS},
    "ShipDtls": _ADDRESS,
    "ValDtls": _VALUES,
}
"""What has to be there, section by section."""
_MAY_BE: Final[Mapping[str, Mapping[str, Rule]]] = {
    "SellerDtls": _REACHED,
    "BuyerDtls": _REACHED,
    "ShipDtls": {"Gstin": Text(3, 15, f"({_GSTIN})|URP")},
    "EwbDtls": _EWAY,
}
_MOST_ITEMS: Final = 1000
_LEFT_OUT: Final = frozenset({"ShipDtls", "EwbDtls"})
"""Sections that not every document has."""
NAMED: Final[Mapping[str, str]] = {
    "LglNm": "name",
    "Addr1": "address",
    "Loc": "town",
    "Pin": "pin",
    "Stcd": "state",
    "Pos": "state",
    "Gstin": "gstin",
    "Ph": "phone",
    "Em": "email",
    "No": "number",
    "PrdDesc": "product",
    "HsnCd": "hsn",
    "Qty": "quantity",
    "Unit": "unit",
    "TransId": "transporter",
    "TransName": "transporter",
    "Distance": "distance",
    "VehNo": "vehicle",
}
"""Fields that people have a word for; all others are amounts and marks of the document."""
CODED: Final[Mapping[str, str]] = {"BuyerGstin": "gstin", "DocDt": "day", "TotInvVal": "total"}
"""What the signed code says of a document, and what people call it."""
PLACES: Final[Mapping[str, str]] = {
    "SellerDtls": "seller",
    "BuyerDtls": "buyer",
    "ShipDtls": "ship_to",
    "EwbDtls": "trip",
}


def faults_of_file(written: Mapping[str, Any]) -> Iterator[Reason]:
    """Tell every field of a document that the portal would not take, with the bounds that it has.

    A customer called `AB` is told as one of 2 characters where the portal takes 3 to 100.
    """
    for section, rules in _SECTIONS.items():
        fields = written.get(section)
        if fields is None and section in _LEFT_OUT:
            continue
        place = [f"portal.{PLACES.get(section, 'document')}", {}]
        yield from _faults(fields or {}, rules, place=place, required=True)
    for section, rules in _MAY_BE.items():
        place = [f"portal.{PLACES[section]}", {}]
        yield from _faults(written.get(section) or {}, rules, place=place)
    items = written.get("ItemList") or []
    if not 1 <= len(items) <= _MOST_ITEMS:
        yield Reason("portal_lines", {"lines": len(items), "most": _MOST_ITEMS})
    for number, item in enumerate(items[:_MOST_ITEMS], 1):
        place = ["portal.line", {"line": number}]
        yield from _faults(item, _ITEM, place=place, required=True)


def _faults(
    fields: Mapping[str, Any],
    rules: Mapping[str, Rule],
    *,
    place: list[Any],
    required: bool = False,
) -> Iterator[Reason]:
    for name, rule in rules.items():
        if name not in fields and not required:
            continue
        value = fields.get(name)
        wrong = rule.fault(value)
        if wrong is not None:
            code, params = wrong
            said = {"place": place, "field": [f"portal.{NAMED.get(name, 'mark')}", {}]}
            shown = "" if value is None else str(value)[:_LONGEST_VALUE]
            yield Reason(code, {**said, "name": name, "value": shown, **params}, name)
