"""Real wholesale orders, and a hub that has the products and shops of some of them."""

import csv
import gzip
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from rules import load_pack
from rules.language import read_pack
from tests.architecture.test_sizes import ROOT
from tests.builders.market import FakeClock

ZONE: Final = ZoneInfo("Europe/London")
STOCK: Final = 1_000_000
"""Pieces of each product: more than anybody asks for."""
_FILE: Final = ROOT / "simulators" / "data" / "files" / "orders-2009-2010.csv.gz"
_PACK: Final = """
pack: {{name: real, version: 1, currency: GBP, scale: 2, timezone: Europe/London, tax: exclusive}}
prices:
  - {{id: PL, level: default, csv: prices.csv}}
taxes:
  - {{id: VAT, when: {{tax_class: real}}, heads: {{VAT: {vat}}}}}
allocation:
  - {{id: ALL, pick: fefo, split: true, short: cut}}
"""


@dataclass(frozen=True, slots=True)
class Masters:
    """What a hub needs for some of the orders: prices by SKU, shops, and the tax in percent."""

    prices: Mapping[str, Decimal]
    shops: Collection[str]
    vat: str


def sold_rows() -> Iterator[dict[str, str]]:
    """Read the rows of the file that sell something to a known customer."""
    with gzip.open(_FILE, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            is_sale = not row["invoice"].startswith("C") and row["customer_id"]
            if is_sale and int(row["quantity"]) > 0 and Decimal(row["unit_price"]) > 0:
                yield row


def open_hub(folder: Path, template: Path, masters: Masters) -> tuple[Hub, FakeClock]:
    """Open a hub that has these products and shops, on the day before the first order."""
    (folder / "hub.db").write_bytes(template.read_bytes())
    (folder / "pack").mkdir()
    (folder / "pack" / "pack.yaml").write_text(_PACK.format(vat=masters.vat))
    prices = "".join(f"{sku},{price}\n" for sku, price in masters.prices.items())
    (folder / "pack" / "prices.csv").write_text(f"sku,price\n{prices}")
    body = read_pack(folder / "pack")
    clock = FakeClock(int(datetime(2009, 11, 30, 12, tzinfo=ZONE).timestamp() * 1000))
    url = f"sqlite:///{folder / 'hub.db'}"
    hub = build_hub(Settings(folder=folder / "files", database=url), clock=clock)
    distributor = read_distributor(_texts_of(masters), scale=2)
    hub.ground.part(LoadDistributor)(distributor, PackedPack(body, load_pack(body)))
    return hub, clock


def _texts_of(masters: Masters) -> dict[str, str]:
    return {
        "distributor.toml": 'name = "Gifts"\nsupport = "call"\ntimezone = "Europe/London"\n',
        "products.csv": "sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n"
        + "".join(f"{sku},,Product {sku},gifts,,real,PCS,\n" for sku in masters.prices),
        "customers.csv": "id,name,type,geo,status,credit_limit,opening_outstanding\n"
        + "".join(f"{one},Shop {one},retailer,,active,none,\n" for one in masters.shops),
        "warehouses.csv": "code,name,priority\nMAIN,Main store,1\n",
        "batches.csv": "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
        + "".join(f"MAIN,{sku},B-{sku},,,2009-11-01,{STOCK}\n" for sku in masters.prices),
        "terminals.csv": f"id,customer,warehouse\nshop-1,{next(iter(masters.shops))},MAIN\n",
    }
