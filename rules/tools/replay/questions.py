"""JSON lines of orders with their facts; what many orders share may stand in the first line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.engine.inputs import Counters, Credit, Customer, Facts, Order, Product
from rules.tools.schema.documents import Question, made
from rules.tools.schema.reading import DocumentError, tree_of


@dataclass(frozen=True, slots=True)
class Shared:
    """Facts that many orders share: customers by id, products by SKU, credit by customer.

    An order without facts of its own takes its customer, the credit where it is there, and all
    products; its stock is not known.
    """

    customers: Mapping[str, Customer]
    products: Mapping[str, Product]
    credit: Mapping[str, Credit] = field(default_factory=dict)
    as_of: str = ""

    def facts(self, order: Order) -> Facts:
        """Give the facts of an order.

        Raises:
            DocumentError: its customer is not among those shared.
        """
        customer = self.customers.get(order.customer)
        if customer is None:
            fault = f"$.order.customer: '{order.customer}' is not among the shared customers"
            raise DocumentError([fault])
        return Facts(self.as_of, customer, self.products, self.credit.get(order.customer))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file of orders; `facts` may be left out where the first line shares them."""

    order: Order
    facts: Facts | None = None
    counters: Counters = field(default_factory=Counters)
    called: str = ""


@dataclass(frozen=True, slots=True)
class FirstLine:
    """The first line of a file of orders, where they share facts."""

    shared: Shared


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file of orders, not read yet, each with its number."""

    orders: tuple[tuple[int, str], ...]
    shared: Shared | None = None

    def part(self, start: int, end: int) -> "Lines":
        """Give some of the lines."""
        return Lines(self.orders[start:end], self.shared)


def lines_of(text: str) -> Lines:
    """Tell the lines of a file apart, and read what they share.

    Raises:
        DocumentError: what they share has faults.
    """
    lines = tuple((at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip())
    if not lines or '"shared"' not in lines[0][1]:
        return Lines(lines)
    number, first = lines[0]
    try:
        return Lines(lines[1:], made(FirstLine, tree_of(first)).shared)
    except DocumentError as error:
        raise DocumentError([f"{number}: {fault}" for fault in error.faults]) from error


def questions(lines: Lines) -> list[Question]:
    """Read the orders of some lines.

    Raises:
        DocumentError: with every fault, each with the number of its line.
    """
    asked, faults = [], []
    for number, text in lines.orders:
        try:
            asked.append(_question(text, lines.shared))
        except DocumentError as error:
            faults += [f"{number}: {fault}" for fault in error.faults]
    if faults:
        raise DocumentError(faults)
    return asked


def read_orders(text: str) -> list[Question]:
    """Read a file of orders.

    Raises:
        DocumentError: with every fault, each with the number of its line.
    """
    return questions(lines_of(text))


def _question(text: str, shared: Shared | None) -> Question:
    if shared is None:
        return made(Question, tree_of(text))
    line = made(Line, tree_of(text))
    facts = shared.facts(line.order) if line.facts is None else line.facts
    return Question(line.order, facts, line.counters, line.called)
