"""Real orders, placed again: reports come to what a spreadsheet of the file comes to."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.base.access import EVERYTHING
from hub.base.ids import new_id
from hub.desk.orders.deciding import place
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import next_order_number, warehouse_of
from hub.desk.parties.store import business_day, seller_of
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import Period, ReportRequest
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from rules import Order, OrderLine, Quantity, load_pack
from rules.language import read_pack
from tests.architecture.test_sizes import ROOT
from tests.builders.market import FakeClock

pytestmark = pytest.mark.xdist_group("real orders")

FILE = ROOT / "simulators" / "data" / "files" / "orders-2009-2010.csv.gz"
INVOICES = 60
ZONE = ZoneInfo("Europe/London")
PACK = """
pack: {name: real, version: 1, currency: GBP, scale: 2, timezone: Europe/London, tax: exclusive}
prices:
  - {id: PL, level: default, csv: prices.csv}
taxes:
  - {id: NONE, when: {tax_class: none}, heads: {VAT: 0}}
allocation:
  - {id: ALL, pick: fefo, split: true, short: cut}
"""


@dataclass(slots=True)
class Book:
    """The file as a spreadsheet would add it up: by customer, product, day, and in all."""

    prices: dict[str, Decimal] = field(default_factory=dict)
    orders: dict[str, tuple[str, datetime, Counter[str]]] = field(default_factory=dict)
    customers: Counter[str] = field(default_factory=Counter)
    products: Counter[str] = field(default_factory=Counter)
    pieces: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    buyers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def read_book() -> Book:
    """Add up the sold lines of the first invoices, each product at the price it was first sold."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if not row["invoice"].startswith("C")
            and row["customer_id"]
            and row["stock_code"].isdigit()
            and int(row["quantity"]) > 0
            and Decimal(row["unit_price"]) > 0
        ]
    book = Book()
    chosen = set(islice(dict.fromkeys(row["invoice"] for row in rows), INVOICES))
    for row in rows:
        if row["invoice"] not in chosen:
            continue
        sku, quantity = row["stock_code"], int(row["quantity"])
        price = book.prices.setdefault(sku, Decimal(row["unit_price"]))
        at = datetime.fromisoformat(row["invoiced_at"])
        customer, _, lines = book.orders.setdefault(
            row["invoice"], (row["customer_id"], at, Counter())
        )
        lines[sku] += quantity
        value = int(quantity * price * 100)
        book.customers[customer] += value
        book.products[sku] += value
        book.pieces[sku] += quantity
        book.days[at.date().isoformat()] += value
        book.buyers[at.date().isoformat()].add(customer)
    return book


def texts_of(book: Book) -> dict[str, str]:
    """Write the masters that the orders need, with more stock than anybody asks for."""
    shops = dict.fromkeys(customer for customer, _, _ in book.orders.values())
    return {
        "distributor.toml": 'name = "Gifts"\nsupport = "call"\ntimezone = "Europe/London"\n',
        "products.csv": "sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n"
        + "".join(f"{sku},,Product {sku},gifts,,none,PCS,\n" for sku in book.prices),
        "customers.csv": "id,name,type,geo,status,credit_limit,opening_outstanding\n"
        + "".join(f"{one},Shop {one},retailer,,active,none,\n" for one in shops),
        "warehouses.csv": "code,name,priority\nMAIN,Main store,1\n",
        "batches.csv": "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
        + "".join(f"MAIN,{sku},B-{sku},,,2009-11-01,1000000\n" for sku in book.prices),
        "terminals.csv": f"id,customer,warehouse\nshop-1,{next(iter(shops))},MAIN\n",
    }


def place_all(hub: Hub, clock: FakeClock, book: Book) -> None:
    """Place each order at its own local time."""
    for customer, at, pieces in book.orders.values():
        clock.ms = int(at.replace(tzinfo=ZONE).timestamp() * 1000)
        with hub.transactions.open(actor="programs", at_ms=clock.ms) as t:
            seller = seller_of(t, customer, scope=EVERYTHING)
            assert seller is not None
            warehouse = warehouse_of(t, seller, "")
            assert warehouse is not None
            uuid = new_id(t.at_ms)
            lines = tuple(
                OrderLine(number, sku, Quantity(quantity))
                for number, (sku, quantity) in enumerate(pieces.items(), 1)
            )
            request = OrderRequest(
                order=Order(uuid, customer, business_day(t), lines, payment="cash"),
                number=next_order_number(t, "api"),
                source="api",
                source_key=uuid,
                seller=seller,
                warehouse=warehouse,
                requester=Requester("token", "programs"),
                captured_at=t.at_ms,
            )
            place(t, hub.desk, [request])
            t.commit()


@pytest.fixture(scope="module", name="replayed")
def _replayed(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[tuple[Hub, FakeClock, Book]]:
    folder, book = tmp_path_factory.mktemp("real"), read_book()
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    (folder / "pack").mkdir()
    (folder / "pack" / "pack.yaml").write_text(PACK)
    prices = "".join(f"{sku},{price}\n" for sku, price in book.prices.items())
    (folder / "pack" / "prices.csv").write_text(f"sku,price\n{prices}")
    body = read_pack(folder / "pack")
    clock = FakeClock(int(datetime(2009, 11, 30, 12, tzinfo=ZONE).timestamp() * 1000))
    url = f"sqlite:///{folder / 'hub.db'}"
    hub = build_hub(Settings(folder=folder / "files", database=url), clock=clock)
    distributor = read_distributor(texts_of(book), scale=2)
    hub.ground.part(LoadDistributor)(distributor, PackedPack(body, load_pack(body)))
    place_all(hub, clock, book)
    yield hub, clock, book
    hub.close()


def answered(hub: Hub, clock: FakeClock, book: Book, report: str, by: str | None = None) -> Answer:
    """Answer a report over the days of the book."""
    days = sorted(at.date() for _, at, _ in book.orders.values())
    wanted = ReportRequest(report, (), Period("book", days[0], days[-1]), by)
    with hub.ground.database.read() as connection:
        asked = ask(wanted, reader="", now_ms=clock.ms, zone=ZONE)
        return answer_report(connection, asked, scope=EVERYTHING)


def test_sales_by_customer_are_the_sums_of_the_file(
    replayed: tuple[Hub, FakeClock, Book],
) -> None:
    book = replayed[2]

    answer = answered(*replayed, "customer_sales")

    assert {line.code: line.values["order_value"] for line in answer.lines} == book.customers
    assert answer.totals["order_value"] == book.customers.total()
    assert answer.totals["standing_orders"] == len(book.orders)
    assert answer.currency == "GBP"


def test_products_are_the_sums_of_the_file(replayed: tuple[Hub, FakeClock, Book]) -> None:
    book = replayed[2]

    answer = answered(*replayed, "product_contribution")

    assert {line.code: line.values["goods_value"] for line in answer.lines} == book.products
    assert {line.code: line.values["quantity"] for line in answer.lines} == book.pieces


def test_days_are_the_sums_of_the_file_with_each_customer_once(
    replayed: tuple[Hub, FakeClock, Book],
) -> None:
    book = replayed[2]

    answer = answered(*replayed, "sales", "day")

    assert {line.key: line.values["order_value"] for line in answer.lines} == book.days
    assert {line.key: line.values["customers"] for line in answer.lines} == {
        day: len(buyers) for day, buyers in book.buyers.items()
    }
    assert answer.totals["customers"] == len(book.customers)
