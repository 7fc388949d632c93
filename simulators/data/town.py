"""A distributor with as many shops as a fleet needs, of every state of credit."""

import random
from dataclasses import replace
from typing import Final, Literal

from simulators.data.distributor import Customer, Distributor
from simulators.data.gst import gstin_of

_GEOS: Final = ("IN/KA/BLR", "IN/KA/MYS", "IN/TN/MAA", "IN/TN/CBE", "IN/KL/COK", "IN/MH/PNQ")
_STATES: Final = {
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
"""The numbers of states that taxes are told by."""
_HSN: Final = "1905"
_REGISTERED: Final = 4
_KITCHENS: Final = 0.08
_LIMITS: Final = ("5000", "25000", "100000", "250000")
_LIMITED: Final = 0.3
_CASH: Final = 0.05
_STATUSES: Final[tuple[tuple[float, Literal["hold", "blocked"]], ...]] = (
    (0.01, "blocked"),
    (0.03, "hold"),
)


def with_shops(distributor: Distributor, count: int, *, seed: int) -> Distributor:
    """Give a distributor this many shops in place of its own; the same seed gives the same ones.

    Most may order without a limit, some up to one, a few against cash, and a few not at all.
    """
    return replace(distributor, customers=tuple(_shop(n, seed) for n in range(1, count + 1)))


def products_of_gst(distributor: Distributor) -> str:
    """Write the file that gives each product the code under which goods are taxed."""
    return "sku,hsn\n" + "".join(f"{one.sku},{_HSN}\n" for one in distributor.products)


def customers_of_gst(distributor: Distributor) -> str:
    """Write the file that gives each customer the state in which goods are delivered."""
    rows = (f"{one.id},{_STATES[one.geo[3:5]]}\n" for one in distributor.customers)
    return "code,state\n" + "".join(rows)


def registered_of(distributor: Distributor) -> dict[str, dict[str, str]]:
    """Give some customers of the seller's own state a GSTIN, with the address that bills name."""
    own = [one.id for one in distributor.customers if one.geo.startswith("IN/KA")]
    return {
        customer: {
            "gst_kind": "registered",
            "gstin": gstin_of(_STATES["KA"], number),
            "address": f"{number} Temple Street",
            "city": "Bengaluru",
            "pin": "560004",
        }
        for number, customer in enumerate(own[:_REGISTERED], 1)
    }


def _shop(number: int, seed: int) -> Customer:
    draw = random.Random(f"{seed} customer {number}")
    credit, state = draw.random(), draw.random()
    limit = "cash_only" if credit < _CASH else "none"
    if _CASH <= credit < _CASH + _LIMITED:
        limit = draw.choice(_LIMITS)
    return Customer(
        id=f"F{number:05}",
        name=f"Shop {number}",
        terminal=f"fleet-{number:05}",
        type="horeca" if draw.random() < _KITCHENS else "retailer",
        geo=draw.choice(_GEOS),
        status=next((word for share, word in _STATUSES if state < share), "active"),
        credit_limit=limit,
    )
