"""The files of GST: one invoice as INV-01, as the portal takes it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from hub.base.fields import Reason
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.eway import Trip, unit_of, write_trip
from hub.desk.invoices.model.portal_fields import faults_of_file
from hub.desk.invoices.model.registration import TYPES
from hub.desk.parties.model.sides import Side
from rules import Minor, half_up, shown

VERSION: Final = "1.1"
_PRICE_SCALE: Final = 4
_DECIMALS: Final = 2
_SPREAD: Final = 10
"""Paise that may come off a line of another rate: the portal reckons taxes to the rupee."""
_SHORTEST_PHONE: Final = 6
_LONGEST_PHONE: Final = 12
_MAIL: Final = re.compile(r"[^@\s\"]{1,64}@[^@\s\"]{1,30}\.[a-zA-Z]{2,5}")
_NOT_TAKEN: Final = frozenset('"\\')
_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def write_inv01(
    row: Mapping[str, Any],
    *,
    seller: Side,
    buyer: Side,
    lines: Sequence[InvoiceLine],
    of: tuple[str, date] | None = None,
    ship: Side | None = None,
    trip: Trip | None = None,
) -> dict[str, Any]:
    """Write a document as INV-01; amounts have two decimals at most, dates are `dd/mm/yyyy`.

    `of` is the invoice that a credit note credits, `ship` where goods went if not to the buyer's
    own address. With a trip, the portal makes an e-way bill, too.
    """
    scale = row["scale"]
    written: dict[str, Any] = {
        "Version": VERSION,
        "TranDtls": {
            "TaxSch": "GST",
            "SupTyp": "B2B",
            "RegRev": "Y" if row["reverse_charge"] else "N",
        },
        "DocDtls": {
            "Typ": TYPES[row["kind"]],
            "No": row["number"],
            "Dt": _day(row["day"]),
        },
        "SellerDtls": _side(seller),
        "BuyerDtls": {**_side(buyer), "Pos": buyer.state},
        "ItemList": [
            _item(place, one, scale=scale)
            for place, one in enumerate(fold_lines(lines, scale=scale), 1)
        ],
        "ValDtls": _values(row, lines, scale=scale),
    }
    if ship is not None:
        written["ShipDtls"] = _place(ship)
    if trip is not None:
        written["EwbDtls"] = write_trip(trip)
    if of is not None:
        written["RefDtls"] = {"PrecDocDtls": [{"InvNo": of[0], "InvDt": _day(of[1])}]}
    return written


def fold_lines(lines: Sequence[InvoiceLine], *, scale: int) -> list[InvoiceLine]:
    """Write lines so that none of them is less than nothing: the portal takes no such amount.

    What a credit note takes back (a gift that is kept and charged, a discount that is not earned
    any more) comes off its largest line of the same rate: of 258.00 back and 88.25 charged at 18 %,
    169.75. A few paise of another rate, which is how a discount was spread anew, come off the
    largest line of all. What fits nowhere stays as it is, and the portal's bounds tell of it.
    """
    shown_ = [one for one in lines if one.quantity or one.total]
    kept = [one for one in shown_ if one.net >= 0]
    for minus in (one for one in shown_ if one.net < 0):
        own = [one for one in kept if _rate(one) == _rate(minus) and one.net + minus.net >= 0]
        if not own and -minus.net < _SPREAD * 10**scale // 10**_DECIMALS:
            own = [one for one in kept if one.net + minus.net >= 0]
        if not own:
            kept.append(minus)
            continue
        most = max(own, key=lambda one: one.net)
        kept[kept.index(most)] = _less(most, minus)
    return sorted(map(_discounted, kept), key=lambda one: one.number)


def _less(one: InvoiceLine, minus: InvoiceLine) -> InvoiceLine:
    """Take a line's amounts off another as a discount: quantity and price stay."""
    net = one.net + minus.net
    heads = {part.head: part for part in one.heads}
    for part in minus.heads:
        had = heads.get(part.head, part._replace(amount=Minor(0)))
        heads[part.head] = had._replace(amount=Minor(had.amount + part.amount))
    return replace(one, discount=one.gross - net, net=net, heads=tuple(heads.values()))


def _discounted(one: InvoiceLine) -> InvoiceLine:
    """Write a line that came to more than its price as one without a discount."""
    return replace(one, gross=one.net, discount=0) if one.discount < 0 <= one.net else one


def _rate(one: InvoiceLine) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((part.head, part.rate) for part in one.heads if part.rate))


def _side(side: Side) -> dict[str, Any]:
    said = _place(side)
    phone = "".join(one for one in side.phone if one.isdigit())[-_LONGEST_PHONE:]
    if len(phone) >= _SHORTEST_PHONE:
        said["Ph"] = phone
    if _MAIL.fullmatch(side.email):
        said["Em"] = side.email
    return said


def _place(side: Side) -> dict[str, Any]:
    return {
        "Gstin": side.gstin or "URP",
        "LglNm": _clean(side.name, 100),
        "Addr1": _clean(side.address, 100),
        "Loc": _clean(side.city or side.address, 50),
        "Pin": int(side.pin or 0),
        "Stcd": side.state,
    }


def _clean(text: str, most: int) -> str:
    """Write a text without quotes and line ends, which the portal takes nowhere."""
    kept = "".join(" " if one in _NOT_TAKEN or not one.isprintable() else one for one in text)
    return " ".join(kept.split())[:most]


def _item(place: int, one: InvoiceLine, *, scale: int) -> dict[str, Any]:
    heads = {part.head: part.amount for part in one.heads}
    rate = sum(part.rate for part in one.heads if part.head != "CESS")
    return {
        "SlNo": str(place),
        "PrdDesc": _clean(one.name or one.sku, 300),
        "IsServc": "N",
        "HsnCd": one.hsn,
        "Qty": one.quantity,
        "Unit": unit_of(one.unit),
        "UnitPrice": _amount(one.unit_price or 0, _PRICE_SCALE),
        "TotAmt": _amount(one.gross, scale),
        "Discount": _amount(one.discount, scale),
        "AssAmt": _amount(one.net, scale),
        "GstRt": _amount(rate * 100, 6),
        "IgstAmt": _amount(heads.get("IGST", 0), scale),
        "CgstAmt": _amount(heads.get("CGST", 0), scale),
        "SgstAmt": _amount(heads.get("SGST", 0) + heads.get("UTGST", 0), scale),
        "CesAmt": _amount(heads.get("CESS", 0), scale),
        "TotItemVal": _amount(one.total, scale),
    }


def _values(row: Mapping[str, Any], lines: Sequence[InvoiceLine], *, scale: int) -> dict[str, Any]:
    heads: dict[str, int] = {}
    for one in lines:
        for part in one.heads:
            heads[part.head] = heads.get(part.head, 0) + part.amount
    return {
        "AssVal": _amount(row["net"], scale),
        "CgstVal": _amount(heads.get("CGST", 0), scale),
        "SgstVal": _amount(heads.get("SGST", 0) + heads.get("UTGST", 0), scale),
        "IgstVal": _amount(heads.get("IGST", 0), scale),
        "CesVal": _amount(heads.get("CESS", 0), scale),
        "RndOffAmt": _amount(row["round_off"], scale),
        "TotInvVal": _amount(row["payable"], scale),
    }


def _amount(value: int, scale: int) -> Decimal:
    """Write an amount with two decimals at most, halves up."""
    hundredths = half_up(value * 10**_DECIMALS, 10**scale)
    return Decimal(str(shown(hundredths, _DECIMALS)))


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def encode_file(written: object) -> bytes:
    """Write a file as JSON, amounts as numbers with the digits that they have."""
    return _encoder.encode(written)


def missing_of(row: Mapping[str, Any], *, seller: Side, buyer: Side) -> Iterator[Reason]:
    """Tell what the portal wants of a document and it does not have, with where it is entered."""
    if row["kind"] == "bill_of_supply" or not seller.gstin:
        yield Reason("invoice_seller_gstin", {"seller": seller.name}, "seller")
    if not buyer.gstin:
        yield Reason("invoice_buyer_gstin", {"customer": buyer.name}, "customer")
    for side, field in ((seller, "seller"), (buyer, "customer")):
        if not (side.address and side.pin and side.state):
            yield Reason("invoice_address", {"who": side.name}, field)


def check_document(
    row: Mapping[str, Any], written: Mapping[str, Any], *, seller: Side, buyer: Side
) -> tuple[Reason, ...]:
    """Tell why the portal would not take a document: what is not there, else what does not fit."""
    missing = tuple(missing_of(row, seller=seller, buyer=buyer))
    return missing or tuple(faults_of_file(written))
