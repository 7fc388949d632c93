"""Seconds of work to bill 1,000 delivered orders and to draw each invoice as its PDF.

A hub of its own on SQLite with so many orders of ten lines each, some with free goods, of a seller
and buyers with GSTIN: each is billed by the act that people and programs use, then all files are
drawn on A4 and kept, side by side on all processors, as `hub invoice papers` does. Figures are
seconds by the clock and of CPU, those of the part that draws apart, and milliseconds an invoice.
Goal: 1,000 invoices with their files in at most 15 s by the clock; each file is asked for again,
and has to be the same.
There is nothing to compare with but that goal, so run it where nothing else runs.
Run it with: ./orderwire bench invoices --json
"""

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import text

from hub.base.access import EVERYTHING
from hub.base.engine.database import open_database
from hub.base.engine.migrate import upgrade
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.run.audit import Audit
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from rules import load_pack
from rules.language import read_pack
from tests.builders.market import FakeClock

MOST_S: Final = 15
OF: Final = 1_000
LINES: Final = 10
PRODUCTS: Final = 200
CUSTOMERS: Final = 100
BY: Final = "bench"
_PACK: Final = """
pack: {name: bench, version: 1, currency: INR, scale: 2, timezone: Asia/Kolkata, tax: exclusive}
prices:
  - {id: PL, level: default, csv: prices.csv}
schemes:
  - id: FREE
    when: {sku: P000}
    count: {over: line, of: qty}
    free: {every: 2, give: 1, item: P001}
taxes:
  - {id: GST, when: {tax_class: full}, heads: {CGST: 2.5, SGST: 2.5}}
  - {id: GST18, when: {tax_class: high}, heads: {CGST: 9, SGST: 9}}
allocation:
  - {id: ALL, pick: fefo, split: true, short: cut}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--invoices", type=int, default=OF, help="how many are billed and drawn")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="orderwire-bench-invoices-") as name:
        hub = _opened(Path(name))
        orders = [_placed(hub, number) for number in range(arguments.invoices)]
        figures = _measure(hub, orders)
        hub.close()
    for key, value in figures.items():
        print(f"{key}: {value}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(figures))


def _measure(hub: Hub, orders: list[int]) -> dict[str, object]:
    """Bill orders and draw their invoices, and see that all of it holds."""
    acts = hub.ground.part(InvoiceActs)
    begun, clock = time.process_time(), time.perf_counter()
    made = [acts.make(orders=[one], by=BY, scope=EVERYTHING) for one in orders]
    billed, billed_at = time.process_time(), time.perf_counter()
    invoices = [one.invoice for one in made if isinstance(one, Issued)]
    assert len(invoices) == len(orders), next(one for one in made if not isinstance(one, Issued))
    files = list(acts.paper.each(invoices, scope=EVERYTHING))
    drawn, took_s = time.process_time(), time.perf_counter() - clock
    drawing_s = time.perf_counter() - billed_at
    again = [acts.paper(one, scope=EVERYTHING) for one in invoices]
    assert files == again
    report = hub.ground.part(Audit)()
    assert report.is_clean, report
    count = len(invoices)
    cpu_s = drawn - begun
    return {
        "invoices": count,
        "lines": LINES,
        "bill_s": round(billed - begun, 1),
        "draw_s": round(drawn - billed, 1),
        "cpu_s": round(cpu_s, 1),
        "cpu_ms_an_invoice": round(cpu_s * 1_000 / count, 2),
        "drawing_took_s": round(drawing_s, 1),
        "took_s": round(took_s, 1),
        "kib_a_file": round(sum(len(one.content) for one in files if one) / count / 1_024, 1),
        "missed": took_s * OF / count > MOST_S,
    }


def _opened(folder: Path) -> Hub:
    """Open a hub with products, customers and stock, complete as the law wants invoices."""
    url = f"sqlite:///{folder / 'hub.db'}"
    database = open_database(url)
    upgrade(database)
    database.close()
    hub = build_hub(Settings(folder=folder / "files", database=url), clock=FakeClock())
    pack = folder / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text(_PACK)
    prices = "".join(f"P{one:03},{25 + one}.50\n" for one in range(PRODUCTS))
    (pack / "prices.csv").write_text(f"sku,price\n{prices}")
    body = read_pack(pack)
    distributor = read_distributor(_texts(), scale=2)
    hub.ground.part(LoadDistributor)(distributor, PackedPack(body, load_pack(body)))
    said = {"gstin": "29AAPFU0939F1ZR", "address": "1 Main Road", "city": "Bengaluru"}
    head = {**said, "pin": "560001", "state": "29", "bank": "State Bank, 00012345678"}
    wrong = hub.ground.part(InvoiceActs).set_letterhead("@house", head, by=BY, scope=EVERYTHING)
    assert wrong is None, wrong
    with hub.ground.database.write() as connection:
        connection.execute(text("UPDATE product SET hsn = '0902'"))
        connection.execute(
            text(
                "UPDATE customer_profile SET state = '29', gstin = '29AAACD1234K1ZS', "
                "gst_kind = 'registered', address = '7 Temple Street', city = 'Mysuru', "
                "pin = '570001'"
            )
        )
        connection.commit()
    return hub


def _texts() -> dict[str, str]:
    """Write the masters."""
    products = "".join(
        f"P{one:03},,Product number {one} of a brand,food,,{'high' if one % 5 else 'full'},PCS,\n"
        for one in range(PRODUCTS)
    )
    return {
        "distributor.toml": 'name = "Corner"\nsupport = "call"\ntimezone = "Asia/Kolkata"\n',
        "products.csv": "sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n" + products,
        "customers.csv": "id,name,type,geo,status,credit_limit,opening_outstanding\n"
        + "".join(
            f"C{one:03},General Store {one},retailer,IN/KA,active,none,\n"
            for one in range(CUSTOMERS)
        ),
        "warehouses.csv": "code,name,priority\nMAIN,Main store,1\n",
        "batches.csv": "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
        + "".join(f"MAIN,P{one:03},B-{one},,,2026-02-01,1000000\n" for one in range(PRODUCTS)),
        "terminals.csv": "id,customer,warehouse\nshop-1,C000,MAIN\n",
    }


def _placed(hub: Hub, number: int) -> int:
    """Place an order, and give its row."""
    skus = [0, *(1 + (number * 7 + one * 19) % (PRODUCTS - 1) for one in range(LINES - 1))]
    lines = tuple(AskedLine(f"P{sku:03}", 2 + sku % 11) for sku in dict.fromkeys(skus))
    asked = AskedOrder(f"bench {number}", "staff", f"C{number % CUSTOMERS:03}", lines)
    done = hub.ground.part(OrderActs).place(asked, by=Requester("user", BY), scope=EVERYTHING)
    assert isinstance(done, PlacedOrder), done
    with hub.ground.database.read() as connection:
        row = connection.execute(text("SELECT id FROM order_ WHERE uuid = :u"), {"u": done.uuid})
        return int(row.scalar_one())


if __name__ == "__main__":
    main()
