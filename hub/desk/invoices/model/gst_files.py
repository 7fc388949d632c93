"""The files of GST: one invoice as INV-01, as the portal takes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from hub.base.fields import Reason
from hub.desk.invoices.model.billing import InvoiceLine, Side
from rules import half_up, shown

VERSION: Final = "1.1"
_TYPES: Final = {"invoice": "INV", "bill_of_supply": "INV", "credit_note": "CRN"}
_UNITS: Final = {
    "PCS": "PCS",
    "KG": "KGS",
    "KGS": "KGS",
    "BOX": "BOX",
    "LTR": "LTR",
    "DOZ": "DOZ",
    "PKT": "PAC",
    "NOS": "NOS",
    "BTL": "BTL",
}
"""Units of the portal by what products are counted in; all others are OTH."""
_PRICE_SCALE: Final = 4
_DECIMALS: Final = 2
_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def write_inv01(
    row: Mapping[str, Any],
    *,
    seller: Side,
    buyer: Side,
    lines: Sequence[InvoiceLine],
    of: tuple[str, date] | None = None,
) -> dict[str, Any]:
    """Write a document as INV-01; amounts have two decimals at most, dates are `dd/mm/yyyy`."""
    scale = row["scale"]
    written: dict[str, Any] = {
        "Version": VERSION,
        "TranDtls": {
            "TaxSch": "GST",
            "SupTyp": "B2B",
            "RegRev": "Y" if row["reverse_charge"] else "N",
        },
        "DocDtls": {
            "Typ": _TYPES[row["kind"]],
            "No": row["number"],
            "Dt": _day(row["day"]),
        },
        "SellerDtls": _side(seller),
        "BuyerDtls": {**_side(buyer), "Pos": buyer.state},
        "ItemList": [
            _item(place, one, scale=scale)
            for place, one in enumerate((one for one in lines if one.quantity or one.total), 1)
        ],
        "ValDtls": _values(row, lines, scale=scale),
    }
    if of is not None:
        written["RefDtls"] = {"PrecDocDtls": [{"InvNo": of[0], "InvDt": _day(of[1])}]}
    return written


def _side(side: Side) -> dict[str, Any]:
    said: dict[str, Any] = {
        "Gstin": side.gstin or "URP",
        "LglNm": side.name,
        "Addr1": side.address[:100],
        "Loc": side.city or side.address[:50],
        "Pin": int(side.pin or 0),
        "Stcd": side.state,
    }
    if side.phone:
        said["Ph"] = "".join(one for one in side.phone if one.isdigit())[:12]
    if side.email:
        said["Em"] = side.email
    return said


def _item(place: int, one: InvoiceLine, *, scale: int) -> dict[str, Any]:
    heads = {part.head: part.amount for part in one.heads}
    rate = sum(part.rate for part in one.heads if part.head != "CESS")
    return {
        "SlNo": str(place),
        "PrdDesc": one.name or one.sku,
        "IsServc": "N",
        "HsnCd": one.hsn,
        "Qty": one.quantity,
        "Unit": _UNITS.get(one.unit.upper(), "OTH"),
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
