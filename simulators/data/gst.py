"""What invoices of an Indian distributor need besides: codes of goods, states, and a letterhead."""

import csv
from pathlib import Path
from typing import Final

from simulators.data.distributor import Distributor

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
    """Make up a GSTIN whose check character holds: one for each number, in a state's two digits."""
    first = f"{state}AAPFU{number:04}F1Z"
    total = 0
    for at, one in enumerate(first):
        product = _SIGNS.index(one) * (1 + at % 2)
        total += product // 36 + product % 36
    return first + _SIGNS[-total % 36]


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

_GOODS: Final = {"gst0": "1006", "gst5": "2106", "gst18": "3401"}
"""A code of goods for each class of tax: rice, food preparations, soap."""


def write_gst(distributor: Distributor, folder: Path) -> dict[str, Path]:
    """Write what the hub's import takes, by kind: codes of products, and customers' states."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "products": [
            ("sku", "hsn"),
            *((one.sku, _GOODS.get(one.tax_class, "2106")) for one in distributor.products),
        ],
        "customers": [
            ("code", "state"),
            *(
                (one.id, STATES[one.geo.split("/")[1]])
                for one in distributor.customers
                if one.geo.count("/") and one.geo.split("/")[1] in STATES
            ),
        ],
    }
    files = {kind: folder / f"gst-{kind}.csv" for kind in rows}
    for kind, file in files.items():
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows[kind])
    return files
