"""The sample: a small distributor to look around with, which nobody takes for a real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal, get_args

from hub.desk.parties.model import CustomerRecord
from hub.desk.products.model import ProductRecord
from hub.desk.rulepacks.model.first_pack import FirstPack, first_files
from hub.desk.stock.model import BatchRecord, WarehouseRecord
from hub.desk.terminals.model.terminals import Distributor, TerminalRecord

NAME: Final = "Sample distributor"
ZONE: Final = "Asia/Kolkata"
TERMINAL: Final = "sample-1"
_STORE: Final = "SAMPLE-STORE"
_SHOP: Final = "SAMPLE-SHOP-1"
_RUPEE: Final = 100
_UNIT_PRICE: Final = 10_000
_PACK: Final = 12
_FRESH: Final = ("BISCUITS", "NOODLES")
"""Of these there are two batches: the older one expires soon."""
_GOODS: Final = (
    ("BISCUITS", "Sample biscuits 100 g", "food/biscuits", 20, 16),
    ("NOODLES", "Sample noodles 70 g", "food/noodles", 15, 12),
    ("TEA", "Sample tea 250 g", "food/tea", 140, 118),
    ("RICE", "Sample rice 1 kg", "food/grains", 90, 76),
    ("SOAP", "Sample soap 125 g", "home/soap", 45, 37),
    ("DETERGENT", "Sample detergent 1 kg", "home/washing", 120, 98),
)
"""Of each product its code, name, category, MRP and list price in rupees."""
_SHOPS: Final = (
    (_SHOP, "Sample corner shop", "IN/KA/BLR", "amount", 50_000),
    ("SAMPLE-SHOP-2", "Sample market shop", "IN/KA/MYS", "amount", 5_000),
    ("SAMPLE-SHOP-3", "Sample cash shop", "IN/TN/CHE", "cash_only", 0),
)
"""Of each shop its code, name, region, and how much credit in rupees."""
_SCHEME: Final = """\
schemes:
  - id: SAMPLE-10-PLUS-1
    text: {en: Ten plus one, hi: दस पर एक मुफ़्त}
    when: {category: [food/biscuits]}
    count: {over: sku}
    free: {every: 10, give: 1, item: same}

"""

SampleFault = Literal["there", "not_empty", "gone", "own", "orders"]
SAMPLE_FAULTS: Final[tuple[SampleFault, ...]] = get_args(SampleFault)
OwnKind = Literal["products", "customers", "warehouses", "terminals", "packs", "users"]
OWN_KINDS: Final[tuple[OwnKind, ...]] = get_args(OwnKind)
"""What may stand on the sample and is not of it: users are those limited to its customers."""


Own = Mapping[OwnKind, tuple[str, ...]]


class SampleError(Exception):
    """The sample is not added or not removed; `own` names what is not of it, by kind."""

    def __init__(self, code: SampleFault, own: Own | None = None) -> None:
        super().__init__(code)
        self.code: Final = code
        self.own: Final = MappingProxyType(dict(own or {}))


@dataclass(frozen=True, slots=True)
class SampleStanding:
    """The sample as it stands: since when, how many orders it has, what on it is not of it."""

    since_ms: int
    orders: int
    own: Own


def sample_house(today: date) -> Distributor:
    """Write the distributor with its shops, goods and one terminal, dated around a day."""
    return Distributor(
        name=NAME,
        support="",
        timezone=ZONE,
        http="",
        sellers=(),
        products=tuple(
            ProductRecord(
                sku=f"SAMPLE-{sku}",
                gtins=(_gtin(number),),
                name=name,
                category=tuple(category.split("/")),
                brand="Sample",
                tax_class=None,
                base_unit="piece",
                pack_sizes=(("case", _PACK),),
                mrp=mrp * _UNIT_PRICE,
            )
            for number, (sku, name, category, mrp, _) in enumerate(_GOODS, 1)
        ),
        customers=tuple(
            CustomerRecord(
                code=code,
                name=name,
                type="retailer",
                geo=tuple(region.split("/")),
                status="active",
                credit_state="amount" if state == "amount" else "cash_only",
                credit_limit=limit * _RUPEE,
                opening_outstanding=0,
                since=today,
            )
            for code, name, region, state, limit in _SHOPS
        ),
        warehouses=(WarehouseRecord(_STORE, "Sample warehouse", 1),),
        batches=tuple(_batches(today)),
        terminals=(TerminalRecord(TERMINAL, _SHOP, _STORE),),
    )


def sample_files() -> dict[str, bytes]:
    """Write the sample's rule files: its price list, and ten plus one on biscuits.

    There is no tax: a bill with GST needs a GSTIN of its seller, and a sample has none.
    """
    files = first_files(FirstPack("INR", ZONE, "none", "", with_tax=True, below=10))
    rows = "".join(f"SAMPLE-{sku},{price}.00\n" for sku, *_, price in _GOODS)
    taxes = "taxes:\n"
    head, found, rest = files["pack.yaml"].decode().partition(taxes)
    return {
        "pack.yaml": (head + _SCHEME + found + rest).encode(),
        "base.csv": f"sku,price\n{rows}".encode(),
    }


def _gtin(number: int) -> str:
    """Write a bar code that no maker has: 29 stands for codes of the house's own."""
    body = f"29{number:010}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighed % 10}"


def _batches(today: date) -> list[BatchRecord]:
    """Lay out 240 pieces of each product, and before them some that expire within a month."""
    old, new, month = today - timedelta(150), today - timedelta(20), timedelta(30)
    rows = []
    for sku, *_ in _GOODS:
        if sku in _FRESH:
            rows.append((sku, "S1", old, today + month, 60))
        rows.append((sku, "S2", new, today + 12 * month, 240))
    return [
        BatchRecord(_STORE, f"SAMPLE-{sku}", code, made, expiry, today, count)
        for sku, code, made, expiry, count in rows
    ]
