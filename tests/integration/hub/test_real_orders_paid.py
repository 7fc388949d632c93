"""Real orders brought all the way: placed, picked, sent, delivered, billed and paid.

The sums are those of the file, added up by the standard library alone. A usual run takes the orders
of some days, `--long` all of the file: every row of its 14,269 that is a sale of a product.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.base.access import EVERYTHING
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Moved, Sent, Waved
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import Taken
from hub.run.audit import Audit
from hub.run.bootstrap import Hub
from tests.builders.market import FakeClock
from tests.builders.real_orders import STOCK, ZONE, Masters, open_hub, sold_rows

USUAL_ROWS = 300
A_CENT = Decimal("0.01")
BY = "asha"


@dataclass(slots=True)
class Sale:
    """One order of the file: who bought when, and the pieces of each product at its price."""

    customer: str
    at: datetime
    pieces: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Book:
    """The file as a spreadsheet would add it up; a product is a stock code at one of its prices."""

    prices: dict[str, Decimal] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    rows: int = 0

    def worth(self, sale: Sale) -> tuple[Decimal, Decimal]:
        """Add up what an order comes to, and the tax on top, each line's rounded by itself."""
        nets = [
            (quantity * self.prices[sku]).quantize(A_CENT, ROUND_HALF_UP)
            for sku, quantity in sale.pieces.items()
        ]
        taxes = [(net * Decimal("0.175")).quantize(A_CENT, ROUND_HALF_UP) for net in nets]
        return sum(nets, Decimal()), sum(taxes, Decimal())

    def days(self) -> Iterator[tuple[date, list[str]]]:
        """Give each day with the orders of that day."""
        found: defaultdict[date, list[str]] = defaultdict(list)
        for invoice, sale in self.sales.items():
            found[sale.at.date()].append(invoice)
        yield from sorted(found.items())


def read_book(most: int | None) -> Book:
    """Read the rows that sell a product, of whole orders until there are so many rows."""
    rows = [row for row in sold_rows() if row["stock_code"][:5].isdigit()]
    book = Book()
    for row in rows:
        price = Decimal(row["unit_price"])
        sku = f"{row['stock_code'].upper()}-{int(price * 100)}"
        if row["invoice"] not in book.sales:
            if most is not None and book.rows >= most:
                continue
            at = datetime.fromisoformat(row["invoiced_at"]).replace(tzinfo=ZONE)
            book.sales[row["invoice"]] = Sale(row["customer_id"], at)
        book.prices[sku] = price
        book.sales[row["invoice"]].pieces[sku] += int(row["quantity"])
        book.rows += 1
    return book


def minor(amount: Decimal) -> int:
    """Give an amount in pence."""
    return int(amount * 100)


@dataclass(slots=True)
class Trade:
    """A hub on which the orders of the file are brought to their money."""

    hub: Hub
    clock: FakeClock
    book: Book

    def place(self, invoice: str) -> str:
        """Place an order under the file's own number."""
        sale = self.book.sales[invoice]
        self.clock.ms = max(self.clock.ms, int(sale.at.timestamp() * 1000))
        lines = tuple(AskedLine(sku, quantity) for sku, quantity in sale.pieces.items())
        asked = AskedOrder(invoice, "import", sale.customer, lines, po_number=invoice)
        act = self.hub.ground.part(OrderActs).place
        done = act(asked, by=Requester("user", BY), scope=EVERYTHING)
        assert isinstance(done, PlacedOrder), done
        return done.uuid

    def deliver(self, orders: list[str]) -> None:
        """Pick orders in one walk, send them off on one trip, and have each taken whole."""
        acts = self.hub.ground.part(DeliveryActs)
        wave = acts.begin(orders, by=BY, scope=EVERYTHING)
        assert isinstance(wave, Waved), wave
        acts.pick.enter(wave.wave, {}, by=BY, scope=EVERYTHING)
        acts.finish(wave.notes, by=BY, scope=EVERYTHING)
        sent = acts.dispatch(wave.notes, vehicle="V1", driver="Om", by=BY, scope=EVERYTHING)
        assert isinstance(sent, Sent), sent
        for note in wave.notes:
            done = acts.record(note, AskedOutcome(receiver="Ann"), by=BY, scope=EVERYTHING)
            assert isinstance(done, Moved), done

    def bill(self, order: str) -> None:
        """Bill what was delivered of an order."""
        ((row_id,),) = self.rows(f"SELECT id FROM order_ WHERE uuid = '{order}'")  # noqa: S608
        done = self.hub.ground.part(InvoiceActs).make(orders=[row_id], by=BY, scope=EVERYTHING)
        assert isinstance(done, Issued), done

    def pay(self, customer: str, amount: Decimal, key: str) -> None:
        """Take what a customer pays for a day's invoices: the oldest first."""
        texts = {"amount": str(amount), "mode": "bank", "reference": key, "oldest": "1"}
        take = self.hub.ground.part(PaymentActs).take
        done = take(customer, texts, key=key, by=BY, scope=EVERYTHING)
        assert isinstance(done, Taken), done

    def trade(self) -> None:
        """Bring the orders of each day to their customers, and the money for them back."""
        for day, invoices in self.book.days():
            orders = [self.place(one) for one in invoices]
            self.deliver(orders)
            for order in orders:
                self.bill(order)
            self.clock.ms += int(timedelta(hours=1).total_seconds() * 1000)
            due: defaultdict[str, Decimal] = defaultdict(Decimal)
            for one in invoices:
                sale = self.book.sales[one]
                due[sale.customer] += sum(self.book.worth(sale))
            for customer, amount in due.items():
                self.pay(customer, amount, f"{day} {customer}")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Read rows."""
        with self.hub.ground.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]


@pytest.fixture(name="trade")
def _trade(tmp_path: Path, sqlite_template: Path, pytestconfig: pytest.Config) -> Iterator[Trade]:
    book = read_book(None if pytestconfig.getoption("--long") else USUAL_ROWS)
    shops = sorted({one.customer for one in book.sales.values()})
    hub, clock = open_hub(tmp_path, sqlite_template, Masters(book.prices, shops, vat="17.5"))
    yield Trade(hub, clock, book)
    hub.close()


def test_real_orders_end_as_paid_invoices_of_the_files_own_sums(trade: Trade) -> None:
    book = trade.book
    worth = {number: book.worth(sale) for number, sale in book.sales.items()}
    pieces = sum((sale.pieces for sale in book.sales.values()), Counter[str]())
    by_customer: Counter[str] = Counter()
    for number, sale in book.sales.items():
        by_customer[sale.customer] += minor(sum(worth[number], Decimal()))

    trade.trade()

    assert book.rows >= USUAL_ROWS
    billed = trade.rows(
        "SELECT o.po_number, i.net, i.tax, i.payable FROM invoice i "
        "JOIN (SELECT DISTINCT invoice_id, order_id FROM invoice_line) l ON l.invoice_id = i.id "
        "JOIN order_ o ON o.id = l.order_id"
    )
    assert {number: sums for number, *sums in billed} == {
        number: [minor(net), minor(tax), minor(net + tax)] for number, (net, tax) in worth.items()
    }
    paid = "SELECT p.code, sum(m.amount) FROM payment m JOIN party p ON p.id = m.customer_id"
    assert dict(trade.rows(f"{paid} GROUP BY p.code")) == by_customer  # ours
    sold = "SELECT p.sku, sum(b.on_hand) FROM batch b JOIN product p ON p.id = b.product_id"
    assert dict(trade.rows(f"{sold} GROUP BY p.sku")) == {  # ours
        sku: STOCK - count for sku, count in pieces.items()
    }
    assert trade.rows("SELECT DISTINCT status FROM order_") == [("invoiced",)]
    assert trade.rows("SELECT sum(exposure), sum(billed) FROM customer_account") == [(0, 0)]
    report = trade.hub.ground.part(Audit)()
    assert [one.promise.name for one in report.kept if one.faults] == []
