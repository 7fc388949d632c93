"""Slips of no order's lines: the account, a price, lists, help, a trial, the sheet of commands."""

from firmware.codes.reading import NOT_HERE, PREFIX, RULED_COLUMNS, SHORT_CODES
from firmware.constants import SHEET_QUANTITIES
from firmware.core.latin import latin
from firmware.core.layout import RULE, row
from firmware.core.order import Currency
from firmware.core.slip import LONGEST_BARCODE, head, word_of

_SECTIONS = (
    "ORDER SUBMIT UNDO REMOVE CANCEL REPEAT BATCH",
    "PAYMENT CASH CREDIT ADVANCE",
    "NUMBERS ENTER",
    "GOODS PRICE STOCK",
    "ORDERS BALANCE OPEN LAST CANCEL-ORDER",
    "SLIPS REPRINT STATUS HELP TEST RULER SHEET",
)
_DOES = {
    "SUBMIT": "send the order",
    "UNDO": "take the last change back",
    "REMOVE": "then a product: its line goes",
    "CANCEL": "throw the order away (scan twice)",
    "REPEAT": "the last order again",
    "BATCH": "only the batch of the code just scanned",
    "CASH": "this order cash on delivery",
    "CREDIT": "this order on credit",
    "ADVANCE": "this order paid in advance",
    "ENTER": "after the digits of a quantity",
    "PRICE": "then a product: its list price prints",
    "STOCK": "then a product: what the hub has of it",
    "BALANCE": "credit left, what is owed",
    "OPEN": "orders on their way",
    "LAST": "the last orders",
    "CANCEL-ORDER": "then the number on a slip",
    "REPRINT": "the last slip again",
    "STATUS": "how the terminal is",
    "HELP": "what each code does",
    "TEST": "a slip to try the printer",
    "RULER": "how wide is the paper",
    "SHEET": "these codes on paper",
}
_DIGITS = "1234567890"


def told_rows(
    heading: "Heading", word: str, about: str, *, lines: "list[str]"
) -> "Iterator[tuple]":
    """Say something that is no order: how the terminal is, or why something was not done."""
    yield from head(heading, word, about)
    yield RULE
    for line in lines:
        yield row(latin(line))


def account_rows(heading: "Heading", account: "dict[str, Any]") -> "Iterator[tuple]":
    """Say where the shop stands with its distributor, by the hub's books at this moment."""
    currency = Currency(latin(account["currency"]), account["scale"])
    left = account["left"]
    yield from head(heading, "BALANCE", heading.terminal)
    yield RULE
    yield row("Owed", currency.amount(account["exposure"]))
    yield row("Of it overdue", currency.amount(account["overdue"]))
    if account["overdue"] > 0:
        yield row("overdue for %d days" % account["overdue_days"])
    yield row("Open invoices", str(account["bills"]))
    if account["state"] == "amount":
        yield row("Credit limit", currency.amount(account["limit"]))
    if left is None:
        yield row("No credit limit", style="bold")
    elif account["state"] == "cash_only":
        yield row("Cash only, nothing on credit", style="bold")
    else:
        yield RULE
        yield row("LEFT", currency.name + " " + currency.amount(left), "big")


def goods_rows(
    heading: "Heading", product: "Product", *, currency: "Currency", available: "int | None" = None
) -> "Iterator[tuple]":
    """Say what a product costs by the list for everybody; `available` base units could be sold."""
    yield from head(heading, "PRICE" if available is None else "STOCK", heading.terminal)
    yield RULE
    yield row(latin(product.name), style="bold")
    yield row(latin(product.sku))
    for unit, size in [(product.base_unit, 1)] + sorted(product.sizes.items()):
        counted = "1 " + latin(unit) + (" = %d" % size if size > 1 else "")
        price = currency.price(product.price * size) if product.price else "no price"
        yield row(counted, price)
    yield row("List price, before discounts and tax", style="centre")
    if available is not None:
        yield RULE
        yield row("Available now", "%d %s" % (available, latin(product.base_unit)))
        yield row("Not reserved: other orders may take it first.", style="centre")


def orders_rows(heading: "Heading", word: str, orders: "Iterable[tuple]") -> "Iterator[tuple]":
    """List orders, each (number, status, moment, amount) with the code that prints its copy."""
    yield from head(heading, word, heading.terminal)
    none = True
    for number, status, moment, amount in orders:
        none = False
        yield RULE
        yield row(latin(number), amount, "bold")
        yield row(word_of(status), moment)
        if len(number) <= LONGEST_BARCODE:
            yield row(latin(number), style="barcode")
    yield RULE
    yield row("None" if none else "Older ones: ask the distributor", style="centre")


def help_rows(heading: "Heading") -> "Iterator[tuple]":
    """Say what each command does, what others there are, and whom to call."""
    yield from head(heading, "HELP", heading.terminal)
    yield RULE
    yield row("Scan a product; scan it again for one more. The code on a case brings the case.")
    yield row("A quantity, a pack and a batch are scanned after the product.")
    yield row("SUBMIT sends the order. The slip says what became of it.")
    yield row("The number on a slip, scanned, prints that slip again.")
    for section in _SECTIONS:
        yield RULE
        for name in section.split(" ")[1:]:
            yield row("%s - %s" % (name, _DOES[name]), hang=2)
    yield RULE
    for name, why in NOT_HERE.items():
        yield row("not here: %s - %s" % (name, why), hang=2)
    if heading.support:
        yield RULE
        yield row("Help: " + heading.support, style="centre")


def trial_rows(heading: "Heading", columns: int) -> "Iterator[tuple]":
    """Show all that a printer has to print: columns, letters of each size, codes."""
    yield from head(heading, "TEST", heading.terminal)
    yield RULE
    yield row("%d columns, on one line:" % columns)
    yield row(_numbered(columns), style="ruler")
    yield row("Bold letters", style="bold")
    yield row("Big letters", style="big")
    yield row(" White on black ", style="inverse")
    yield row("An amount at the margin", "1234.56")
    yield row(heading.terminal, style="qr")
    yield row(heading.terminal[:LONGEST_BARCODE], style="barcode")
    yield row("If all of it can be read, the printer is set up.", style="centre")


def ruler_rows(heading: "Heading") -> "Iterator[tuple]":
    """Measure the paper: under each ruler stands the code that says it fits on one line."""
    yield from head(heading, "RULER", heading.terminal)
    yield RULE
    yield row("Find the longest row of digits that stands on ONE line, and scan the code under it.")
    for columns in RULED_COLUMNS:
        yield RULE
        yield row(_numbered(columns), style="ruler")
        yield row("%d columns" % columns, style="bold")
        # Paper of 20 has no room for bars.
        yield row("%sCOLUMNS-%d" % (PREFIX, columns), style="barcode" if columns > 20 else "qr")


def sheet_rows(terminal: str, units: "Iterable[str]" = ()) -> "Iterator[tuple]":
    """Make the sheet of command bar codes: with it a scanner and a printer are a whole terminal.

    `units` are the packs that products come in.
    """
    yield row("Commands", style="big")
    yield row(terminal, style="centre")
    yield row("A quantity, a pack and a batch apply to the line just scanned.", style="centre")
    for section in _SECTIONS:
        title, _, names = section.partition(" ")
        yield RULE
        yield row(" " + title + " ", style="inverse")
        if title == "NUMBERS":
            for count in SHEET_QUANTITIES:
                yield from _code("%d of the last product" % count, "QTY-%d" % count)
            for unit in units:
                if len(unit) <= LONGEST_BARCODE - len("OW-UNIT-") and latin(unit) == unit:
                    yield from _code("by the " + unit, "UNIT-" + unit)
            for digit in _DIGITS:
                yield from _code(digit, digit)
        for name in names.split(" "):
            yield from _code("%s - %s" % (name, _DOES[name]), SHORT_CODES.get(name, name))


def _code(told: str, name: str) -> "tuple[tuple, tuple]":
    return row(told, style="bold"), row(PREFIX + name, style="barcode")


def _numbered(columns: int) -> str:
    return "".join([str(at % 10) for at in range(1, columns + 1)])
