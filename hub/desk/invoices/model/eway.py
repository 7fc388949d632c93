"""E-way bills: the trip on which goods of an invoice go, and the file that the portal takes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hub.base.fields import Reason
from hub.desk.invoices.model.billing import NOTES, InvoiceLine, sum_rates
from hub.desk.parties.model.sides import Side
from rules import half_up, shown

VERSION: Final = "1.0.0621"
_ROAD: Final = "1"
_REGULAR: Final = 1
_SHIPPED_TO_ANOTHER_PLACE: Final = 2
_OUTWARD: Final = {"supplyType": "O", "subSupplyType": "1"}
_RATE_SCALE: Final = 6
_DECIMALS: Final = 2
_MOST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Trip:
    """The vehicle on which goods left; `distance` is in km, 0 where the portal works it out.

    The carrier is empty where the seller drives.
    """

    id: int
    vehicle: str
    carrier: str = ""
    carrier_gstin: str = ""
    distance: int = 0

    @property
    def plate(self) -> str:
        """Give the vehicle's number as the portal takes it: `KA-01 F 1234` is KA01F1234."""
        return re.sub(r"[^A-Z0-9]", "", self.vehicle.upper())


def write_trip(trip: Trip) -> dict[str, Any]:
    """Write a trip as the part of INV-01 that has an e-way bill made at once."""
    said: dict[str, Any] = {
        "TransMode": _ROAD,
        "Distance": trip.distance,
        "VehNo": trip.plate,
        "VehType": "R",
    }
    if trip.carrier_gstin:
        said["TransId"] = trip.carrier_gstin
    if trip.carrier:
        said["TransName"] = trip.carrier
    return said


def write_eway(
    row: Mapping[str, Any],
    *,
    seller: Side,
    buyer: Side,
    ship: Side | None,
    lines: Sequence[InvoiceLine],
    trip: Trip,
) -> dict[str, Any]:
    """Write the file of one e-way bill, as the portal of e-way bills takes it."""
    scale, to = row["scale"], ship or buyer
    heads: dict[str, int] = {}
    for one in sum_rates(lines):
        for head, amount in one.heads:
            heads[head] = heads.get(head, 0) + amount
    said: dict[str, Any] = {
        "userGstin": seller.gstin,
        **_OUTWARD,
        "docType": "INV" if row["kind"] == "invoice" else "BIL",
        "docNo": row["number"],
        "docDate": _day(row["day"]),
        "transactionType": _SHIPPED_TO_ANOTHER_PLACE if ship else _REGULAR,
        **_from(seller),
        "toGstin": buyer.gstin or "URP",
        "toTrdName": buyer.name[:100],
        "toAddr1": to.address[:120],
        "toPlace": (to.city or to.address)[:50],
        "toPincode": int(to.pin or 0),
        "actToStateCode": int(to.state or 0),
        "toStateCode": int(buyer.state or 0),
        "totalValue": _amount(row["net"], scale),
        "cgstValue": _amount(heads.get("CGST", 0), scale),
        "sgstValue": _amount(heads.get("SGST", 0) + heads.get("UTGST", 0), scale),
        "igstValue": _amount(heads.get("IGST", 0), scale),
        "cessValue": _amount(heads.get("CESS", 0), scale),
        "otherValue": _amount(row["round_off"], scale),
        "totInvValue": _amount(row["payable"], scale),
        "transMode": _ROAD,
        "transDistance": str(trip.distance),
        "transporterName": trip.carrier[:100],
        "transporterId": trip.carrier_gstin,
        "transDocNo": "",
        "transDocDate": "",
        "vehicleNo": trip.plate,
        "vehicleType": "R",
        "itemList": [
            _item(place, one, scale=scale)
            for place, one in enumerate((one for one in lines if one.quantity), 1)
        ],
    }
    return {"version": VERSION, "billLists": [said]}


def _from(seller: Side) -> dict[str, Any]:
    return {
        "fromGstin": seller.gstin,
        "fromTrdName": seller.name[:100],
        "fromAddr1": seller.address[:120],
        "fromPlace": (seller.city or seller.address)[:50],
        "fromPincode": int(seller.pin or 0),
        "actFromStateCode": int(seller.state or 0),
        "fromStateCode": int(seller.state or 0),
    }


def _item(place: int, one: InvoiceLine, *, scale: int) -> dict[str, Any]:
    rates = {part.head: part.rate for part in one.heads}
    return {
        "itemNo": place,
        "productName": (one.name or one.sku)[:100],
        "productDesc": (one.name or one.sku)[:100],
        "hsnCode": int(one.hsn) if one.hsn.isdecimal() else 0,
        "quantity": one.quantity,
        "qtyUnit": unit_of(one.unit),
        "taxableAmount": _amount(one.net, scale),
        "cgstRate": _rate(rates.get("CGST", 0)),
        "sgstRate": _rate(rates.get("SGST", 0) + rates.get("UTGST", 0)),
        "igstRate": _rate(rates.get("IGST", 0)),
        "cessRate": _rate(rates.get("CESS", 0)),
    }


UNITS: Final[Mapping[str, str]] = {
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
"""Units of both portals by what products are counted in; all others are OTH."""


def unit_of(unit: str) -> str:
    """Give the portals' word for a unit."""
    return UNITS.get(unit.upper(), "OTH")


def missing_of_eway(
    row: Mapping[str, Any], *, seller: Side, buyer: Side, ship: Side | None, trips: Sequence[Trip]
) -> Iterator[Reason]:
    """Tell what an e-way bill would lack, each with where it is entered.

    Goods that left on two vehicles want two bills, of two invoices: which one this is about,
    nobody could say.
    """
    number = str(row["number"])
    if row["kind"] in NOTES:
        yield Reason("eway_of_credit_note", {"number": number})
        return
    if not trips:
        yield Reason("eway_not_sent", {"number": number})
    if len(trips) > 1:
        yield Reason("eway_trips", {"number": number, "trips": len(trips)})
    if not seller.gstin:
        yield Reason("invoice_seller_gstin", {"seller": seller.name}, "seller")
    for side, field in ((seller, "seller"), (buyer, "customer"), (ship, "customer")):
        if side is not None and not (side.address and side.pin and side.state):
            yield Reason("invoice_address", {"who": side.name}, field)
    if len(trips) == 1 and not 4 <= len(trips[0].plate) <= _MOST_NUMBER:  # noqa: PLR2004
        yield Reason("eway_vehicle", {"vehicle": trips[0].vehicle})


def _amount(value: int, scale: int) -> Decimal:
    return Decimal(str(shown(half_up(value * 10**_DECIMALS, 10**scale), _DECIMALS)))


def _rate(rate: int) -> Decimal:
    return Decimal(str(shown(rate * 100, _RATE_SCALE))).normalize() + 0


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
