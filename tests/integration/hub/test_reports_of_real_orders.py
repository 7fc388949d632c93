"""Real orders, placed again: reports come to what a spreadsheet of the file comes to."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING
from hub.base.ids import new_id
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.deciding import place
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import next_order_number, warehouse_of
from hub.desk.parties.store import business_day, seller_of
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import Period, ReportRequest
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from hub.run.bootstrap import Hub
from rules import Order, OrderLine, Quantity
from tests.builders.market import FakeClock
from tests.builders.real_orders import ZONE, Masters, open_hub, sold_rows

pytestmark = pytest.mark.xdist_group("real orders")

INVOICES = 60


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

    @property
    def months(self) -> Counter[str]:
        """Add the days up by the first day of their month."""
        found: Counter[str] = Counter()
        for day, value in self.days.items():
            found[f"{day[:7]}-01"] += value
        return found

    @property
    def lines(self) -> Counter[str]:
        """Count the lines of each customer's orders, a product once an order."""
        found: Counter[str] = Counter()
        for customer, _, pieces in self.orders.values():
            found[customer] += len(pieces)
        return found

    @property
    def counts(self) -> Counter[str]:
        """Count the orders of each customer."""
        return Counter(customer for customer, _, _ in self.orders.values())


def read_book() -> Book:
    """Add up the sold lines of the first invoices, each product at the price it was first sold."""
    rows = [row for row in sold_rows() if row["stock_code"].isdigit()]
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


def place_all(hub: Hub, clock: FakeClock, book: Book) -> None:
    """Place each order at its own local time."""
    for customer, at, pieces in book.orders.values():
        clock.ms = int(at.replace(tzinfo=ZONE).timestamp() * 1000)
        with hub.transactions.open(actor="programs", at_ms=clock.ms) as t:
            seller = seller_of(t, customer, scope=EVERYTHING)
            assert seller is not None
            warehouse = warehouse_of(t, seller, "", scope=EVERYTHING)
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
    shops = dict.fromkeys(customer for customer, _, _ in book.orders.values())
    hub, clock = open_hub(folder, sqlite_template, Masters(book.prices, shops, vat="0"))
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


def test_the_other_reports_of_sales_customers_and_products_are_sums_of_the_file_kept_or_not(
    replayed: tuple[Hub, FakeClock, Book],
) -> None:
    hub, clock, book = replayed
    asked = (
        ("sales", "customer"),
        ("customer_sales", "month"),
        ("customer_orders", "customer"),
        ("order_summary", None),
        ("trends", "month"),
        ("trends", "product"),
        ("customer_performance", None),
        ("distributor_productivity", None),
        ("unfilled", "product"),
        ("product_contribution", "day"),
    )

    counted = {one: answered(*replayed, *one) for one in asked}
    clock.ms += 86_400_000
    while hub.ground.part(OrderActs).keep():
        pass
    kept = {one: answered(*replayed, *one) for one in asked}

    for found in (counted, kept):
        assert _by(found["sales", "customer"], "order_value") == book.customers
        assert _by(found["customer_sales", "month"], "order_value") == book.months
        assert _by(found["customer_orders", "customer"], "orders") == book.counts
        assert found["order_summary", None].totals["orders"] == len(book.orders)
        assert found["order_summary", None].totals["payable"] == book.customers.total()
        months = _by(found["trends", "month"], "order_value")
        assert {month: value for month, value in months.items() if value} == book.months
        assert _by(found["trends", "product"], "goods_value") == book.products
        performance = found["customer_performance", None]
        assert _by(performance, "order_value") == book.customers
        assert {
            line.code: line.values["lines_an_order"] for line in performance.lines
        } == {  # half up, as all that is divided
            code: (2 * lines + book.counts[code]) // (2 * book.counts[code])
            for code, lines in book.lines.items()
        }
        (house,) = found["distributor_productivity", None].lines
        assert house.values["order_value"] == book.customers.total()
        assert house.values["served_customers"] == len(book.customers)
        assert _by(found["unfilled", "product"], "served") == book.pieces
        assert _by(found["product_contribution", "day"], "goods_value") == book.days


def _by(answer: Answer, measure: str) -> dict[str, object]:
    """Give a figure of each row by its code, or by its first day where rows are stretches."""
    return {line.code or line.key: line.values[measure] for line in answer.lines}
