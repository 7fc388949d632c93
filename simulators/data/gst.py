"""What is known of an Indian distributor's shops and goods besides: addresses, terms, GSTINs."""

import csv
from itertools import starmap
from pathlib import Path
from typing import Final

from simulators.data.distributor import Customer, Distributor

LETTERHEAD: Final = {
    "gstin": "29AAACD1234K1ZS",
    "address": "44 Brigade Road",
    "city": "Bengaluru",
    "pin": "560001",
    "state": "29",
    "phone": "+91 80 5550 0100",
    "bank": "Demo Bank, account 0011 2233 4455, IFSC DEMO0000813",
    "note": "Goods are taken back within 7 days of delivery.",
}
"""What the demo's documents say of its distributor; the number is made up, its check sign holds."""

COUNTER_SHOP: Final = "C000"
"""The shop of the bench's counter, which buys as a registered business."""
REGISTERED: Final = {
    "gst_kind": "registered",
    "gstin": "29AAPFU0939F1ZR",
    "address": "7 Temple Street",
    "city": "Bengaluru",
    "pin": "560004",
}
"""What is known of that shop; the number is a well known example."""

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gstin_of(state: str, number: int) -> str:
    """Make up a GSTIN whose check character holds: one for each number, in a state's two digits.

    Its PAN is of letters that are far from being given out: nobody's.
    """
    first = f"{state}ZZZFZ{number:04}Z1Z"
    total = 0
    for at, one in enumerate(first):
        product = _SIGNS.index(one) * (1 + at % 2)
        total += product // 36 + product % 36
    return first + _SIGNS[-total % 36]


def phone_of(number: int) -> str:
    """Make up a phone number: Indian mobile numbers begin with 6 to 9, so this one is nobody's."""
    return f"+91 55550 {number:05}"


STATES: Final = {
    "AP": "37",
    "DL": "07",
    "GJ": "24",
    "KA": "29",
    "KL": "32",
    "MH": "27",
    "TG": "36",
    "TN": "33",
    "WB": "19",
}
"""The two digits that GST has for the states of the demo's shops."""

_TOWNS: Final = {
    "AMD": ("Ahmedabad", "380001"),
    "BLR": ("Bengaluru", "560011"),
    "BOM": ("Mumbai", "400028"),
    "CBE": ("Coimbatore", "641001"),
    "CCJ": ("Kozhikode", "673001"),
    "CCU": ("Kolkata", "700001"),
    "COK": ("Kochi", "682011"),
    "DEL": ("New Delhi", "110005"),
    "HYD": ("Hyderabad", "500002"),
    "IXE": ("Mangaluru", "575001"),
    "KODAGU": ("Madikeri", "571201"),
    "MAA": ("Chennai", "600004"),
    "MDU": ("Madurai", "625001"),
    "MYS": ("Mysuru", "570001"),
    "PNQ": ("Pune", "411001"),
    "VGA": ("Vijayawada", "520001"),
}
"""The towns of the demo's shops, and the PIN of each one's middle."""
_STREETS: Final = ("Temple Street", "Station Road", "Market Road", "Gandhi Bazaar", "Bank Lane")
_TOLD_TERMS: Final = 12
_TERMS: Final = ("7", "15", "21", "30")

_GOODS: Final = {"gst0": "1006", "gst5": "2106", "gst18": "3401"}
"""A code of goods for each class of tax: rice, food preparations, soap."""

_COLUMNS: Final = ("code", "state", "address", "city", "pin", "phone")


def _where(number: int, customer: Customer) -> tuple[str, ...] | None:
    """Say where a shop is and how it is reached; None where its town is not known."""
    state, _, town = customer.geo.removeprefix("IN/").partition("/")
    if state not in STATES or town not in _TOWNS:
        return None
    street = f"{number + 3} {_STREETS[number % len(_STREETS)]}"
    return (customer.id, STATES[state], street, *_TOWNS[town], phone_of(1000 + number))


def terms_of(distributor: Distributor) -> dict[str, dict[str, str]]:
    """Say on which terms shops that have credit pay, and which of them are registered for GST.

    Those are two of three in the seller's own state, and one of three elsewhere. Of the first
    twelve shops and the one with the counter it is told: each takes two people's words.
    """
    told: dict[str, dict[str, str]] = {COUNTER_SHOP: {**REGISTERED, "terms_days": "15"}}
    for number, customer in enumerate(distributor.customers[:_TOLD_TERMS]):
        state = STATES.get(customer.geo.removeprefix("IN/").partition("/")[0], "")
        if not state or customer.id in told:
            continue
        fields = told[customer.id] = {"gst_kind": "unregistered"}
        if customer.credit_limit != "cash_only":
            fields["terms_days"] = _TERMS[number % len(_TERMS)]
        if number % 3 == 0 or (state == LETTERHEAD["state"] and number % 3 == 1):
            fields |= {"gst_kind": "registered", "gstin": gstin_of(state, number)}
    return told


def write_gst(distributor: Distributor, folder: Path) -> dict[str, Path]:
    """Write what the hub's import takes, by kind: codes of products, and where customers are."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[tuple[str, ...]]] = {
        "products": [
            ("sku", "hsn"),
            *((one.sku, _GOODS.get(one.tax_class, "2106")) for one in distributor.products),
        ],
        "customers": [_COLUMNS, *filter(None, starmap(_where, enumerate(distributor.customers)))],
    }
    files = {kind: folder / f"gst-{kind}.csv" for kind in rows}
    for kind, file in files.items():
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows[kind])
    return files
