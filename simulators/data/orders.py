"""Real order lines: read, judged one by one, and gathered into the orders they were."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from broker.contract import MAX_LINES, MAX_QUANTITY
from simulators.data.rows import Row, SkippedRow, read_rows

COLUMNS: Final = (
    "invoice",
    "stock_code",
    "description",
    "quantity",
    "invoiced_at",
    "unit_price",
    "customer_id",
    "country",
)

_NOT_PRODUCTS: Final = frozenset(
    {"POST", "DOT", "C2", "C3"}  # postage and carriage
    | {"M", "D", "S", "B", "ADJUST", "ADJUST2"}  # manual entries, discounts, samples, bad debt
    | {"CRUK", "AMAZONFEE", "GIFT", "BANK"}  # commission, fees, vouchers
)
_TEST_OR_VOUCHER: Final = re.compile(r"TEST\d|GIFT_|BANK CHARGES")
_STOCK_CODE: Final = re.compile(r"[0-9A-Z][0-9A-Z._/+-]{0,39}")
_LONGEST_CUSTOMER: Final = 64
_COMMAND_OR_GS1: Final = re.compile(r"OW-|01[0-9]{14}|[0-9]{15}")
"""A counter would take these for a command, or for a GS1 element string."""
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,12}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,4}0*)?")


@dataclass(frozen=True, slots=True)
class RealLine:
    """One usable row; the stock code is upper case, the price in major units of one piece."""

    row: int
    invoice: str
    stock_code: str
    description: str
    quantity: int
    at: datetime
    price: Decimal
    customer: str
    country: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A product and how many of it were asked for."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class RealOrder:
    """What one customer ordered on one invoice, row by row: a product may come twice."""

    invoice: str
    customer: str
    at: datetime
    picks: tuple[Pick, ...]

    @property
    def products(self) -> int:
        """Count the lines a terminal makes of it: one a product."""
        return len({pick.sku for pick in self.picks})


@dataclass(slots=True)
class OrdersFile:
    """Everything one file held: usable lines and, row by row, what was left out and why."""

    name: str
    lines: list[RealLine] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        """Count all rows but the header."""
        return len(self.lines) + len(self.skipped)

    @property
    def reasons(self) -> dict[str, int]:
        """Count the rows left out by reason."""
        return dict(sorted(Counter(row.code for row in self.skipped).items()))


def read_orders(path: Path) -> OrdersFile:
    """Read an orders file row by row; raises InputFileError where it is no such file."""
    found = OrdersFile(path.name)
    for row in read_rows(path, COLUMNS):
        outcome = row if isinstance(row, SkippedRow) else _judged(path.name, row)
        if isinstance(outcome, SkippedRow):
            found.skipped.append(outcome)
        else:
            found.lines.append(outcome)
    return found


def gathered(lines: list[RealLine]) -> Iterator[RealOrder]:
    """Gather lines into orders, oldest first.

    An invoice is one order of one customer. Where it holds more products than an order may, it
    is continued in another order, as a clerk would do.
    """
    invoices: dict[tuple[str, str], list[RealLine]] = {}
    for line in lines:
        invoices.setdefault((line.invoice, line.customer), []).append(line)
    for (invoice, customer), rows in sorted(
        invoices.items(), key=lambda item: (item[1][0].at, item[1][0].row)
    ):
        for picks in _parts(rows):
            yield RealOrder(invoice, customer, rows[0].at, picks)


def _parts(rows: list[RealLine]) -> Iterator[tuple[Pick, ...]]:
    """Cut an invoice where one more row would exceed what an order may hold."""
    picks: list[Pick] = []
    totals: Counter[str] = Counter()
    for row in rows:
        full = len(totals) == MAX_LINES and row.stock_code not in totals
        if full or totals[row.stock_code] + row.quantity > MAX_QUANTITY:
            yield tuple(picks)
            picks, totals = [], Counter()
        picks.append(Pick(row.stock_code, row.quantity))
        totals[row.stock_code] += row.quantity
    yield tuple(picks)


def _judged(file: str, row: Row) -> RealLine | SkippedRow:
    fault = _fault(row)
    if fault:
        return SkippedRow(file, row.number, *fault)
    fields = row.fields
    return RealLine(
        row=row.number,
        invoice=fields["invoice"],
        stock_code=fields["stock_code"].upper(),
        description=" ".join(fields["description"].split())[:200],
        quantity=int(fields["quantity"]),
        at=datetime.fromisoformat(fields["invoiced_at"]).replace(tzinfo=None),
        price=Decimal(fields["unit_price"]),
        customer=fields["customer_id"],
        country=" ".join(fields["country"].split())[:60],
    )


def _fault(row: Row) -> tuple[str, str] | None:
    """Say why a row is no order line: the first of the reasons below that holds."""
    fields = row.fields
    return (
        _invoice_fault(fields["invoice"])
        or _product_fault(fields["stock_code"])
        or _quantity_fault(fields["quantity"])
        or _price_fault(fields["unit_price"])
        or _customer_fault(fields["customer_id"])
        or _date_fault(fields["invoiced_at"])
    )


def _invoice_fault(invoice: str) -> tuple[str, str] | None:
    if not invoice:
        return "no_invoice", "the invoice number is empty"
    if invoice[0] in "Cc":
        return "cancellation", f"invoice {invoice} cancels an earlier one"
    if not invoice.isalnum():
        return "bad_invoice", f"invoice {invoice[:40]!r} is not a number"
    if invoice[0] in "Aa":
        return "not_a_product", f"invoice {invoice} adjusts the books"
    return None


def _product_fault(stock_code: str) -> tuple[str, str] | None:
    code = stock_code.upper()
    if not code:
        return "no_stock_code", "the stock code is empty"
    if code in _NOT_PRODUCTS or _TEST_OR_VOUCHER.match(code):
        return "not_a_product", f"{stock_code[:40]} is an entry of the books, not a product"
    if not _STOCK_CODE.fullmatch(code) or _COMMAND_OR_GS1.match(code):
        return "bad_stock_code", f"{stock_code[:40]!r} cannot be the barcode of a product"
    return None


def _quantity_fault(quantity: str) -> tuple[str, str] | None:
    if not _INTEGER.fullmatch(quantity):
        return "bad_number", f"quantity {quantity[:40]!r} is not a whole number"
    if not 1 <= int(quantity) <= MAX_QUANTITY:
        return "bad_quantity", f"quantity {quantity} is not between 1 and {MAX_QUANTITY}"
    return None


def _price_fault(price: str) -> tuple[str, str] | None:
    if not price:
        return "no_price", "the unit price is empty"
    if not _DECIMAL.fullmatch(price):
        return "bad_number", f"unit price {price[:40]!r} is not a number of at most 4 decimals"
    if Decimal(price) <= 0:
        return "no_price", f"unit price {price} is not above zero"
    return None


def _customer_fault(customer: str) -> tuple[str, str] | None:
    if not customer:
        return "no_customer", "the customer id is empty"
    if len(customer) > _LONGEST_CUSTOMER or not customer.isprintable():
        text = f"customer id {customer[:40]!r} is not 1 to {_LONGEST_CUSTOMER} printable characters"
        return "bad_customer", text
    return None


def _date_fault(at: str) -> tuple[str, str] | None:
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return "bad_date", f"{at[:40]!r} is not a date and time (2010-03-31T14:05:00)"
    return None
