"""What people type, scan and paste into an order: rows of text, read as products and quantities."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

from hub.desk.orders.model.asked import MOST_LINES, MOST_OF_A_LINE, AskedLine
from hub.desk.orders.model.reasons import Reason
from hub.desk.parties.model.cells import clean, digits_of
from hub.desk.products.model.typed import Known, Unclear, named_by, read_beside, why_unknown
from rules import scaled

_FEWEST_PAST: Final = 3
_TIMES_USUAL: Final = 10
_OFF_SCALE: Final = 4
_ALL: Final = 1_000_000


class BasketRow(NamedTuple):
    """One row of an order that is being entered; `quantity` as typed, in `unit`."""

    sku: str
    quantity: str
    unit: str = ""
    batch: str = ""
    percent_off: str = ""
    off_each: str = ""
    batch_reason: str = ""

    @property
    def goods(self) -> "BasketRow":
        """Give what the row is of, without how many and on which terms."""
        return BasketRow(self.sku, "", self.unit, self.batch)

    @property
    def plain(self) -> "BasketRow":
        """Give the row as it is asked for again: with nothing asked to be taken off."""
        return self.goods._replace(quantity=self.quantity)


class NotTaken(NamedTuple):
    """A typed row that is not in the order, and why."""

    text: str
    why: Reason


def read_row(text: str, known: Mapping[str, Known]) -> BasketRow | NotTaken:
    """Read a row by the codes and names that are known, which `look_of_code` has made alike."""
    found = named_by(text, known)
    if found is None:
        return NotTaken(text, Reason(*why_unknown(text)))
    way, product = found
    if not product.active:
        code = "row_replaced" if product.replaced_by else "row_stopped"
        other = {"other": product.replaced_by} if product.replaced_by else {}
        return NotTaken(text, Reason(code, {"product": product.name, **other}))
    beside = read_beside(way, product)
    if isinstance(beside, Unclear):
        return NotTaken(text, Reason(*beside))
    row = BasketRow(product.sku, beside.many, beside.unit)
    fault = fault_of_quantity(row, product)
    return NotTaken(text, fault) if fault else row


def fault_of_quantity(row: BasketRow, product: Known | None) -> Reason | None:
    """Say what is wrong with how many a row asks for; None where nothing is."""
    said = digits_of(row.quantity)
    if said.isascii() and said.isdigit() and 0 < int(said) <= MOST_OF_A_LINE:
        return None
    name = product.name if product else row.sku
    params = {"product": name, "quantity": row.quantity, "most": MOST_OF_A_LINE}
    return Reason("order_quantity_invalid", params)


def fault_of_discount(row: BasketRow, product: Known | None) -> Reason | None:
    """Say what is wrong with what a row asks to be taken off; None where nothing is."""
    percent, each = read_off(row.percent_off), read_off(row.off_each)
    if percent is not None and percent <= _ALL and each is not None:
        return None
    return Reason("order_discount_invalid", {"product": product.name if product else row.sku})


def add_rows(
    rows: Sequence[BasketRow], texts: Sequence[str], *, known: Mapping[str, Known]
) -> tuple[tuple[BasketRow, ...], tuple[NotTaken, ...]]:
    """Add typed rows to those that are there: the same goods again are counted together.

    Gives the rows, and what was not taken, with why.
    """
    taken = list(rows)
    places = {row.goods: place for place, row in enumerate(taken)}
    refused: list[NotTaken] = []
    for text in texts:
        read = read_row(text, known)
        if isinstance(read, NotTaken):
            refused.append(read)
            continue
        place = places.get(read.goods)
        if place is not None:
            taken[place] = _together(taken[place], read)
        elif len(taken) >= MOST_LINES:
            refused.append(NotTaken(text, Reason("order_lines_invalid", {"most": MOST_LINES})))
        else:
            places[read.goods] = len(taken)
            taken.append(read)
    return tuple(taken), tuple(refused)


def _together(row: BasketRow, more: BasketRow) -> BasketRow:
    said = digits_of(row.quantity)
    there = int(said) if said.isascii() and said.isdigit() else 0
    return row._replace(quantity=str(there + int(more.quantity)))


def lines_of(rows: Iterable[BasketRow]) -> tuple[AskedLine, ...]:
    """Give rows, whose quantities are right, as lines of an order."""
    return tuple(
        AskedLine(
            row.sku,
            int(digits_of(row.quantity)),
            row.unit or None,
            row.batch or None,
            row.batch_reason,
            read_off(row.percent_off) or 0,
            read_off(row.off_each) or 0,
        )
        for row in rows
    )


def read_off(text: str) -> int | None:
    """Read what is to be taken off in 1/10,000: `2.5` or `2.5 %` is 25,000; None if it is nothing.

    Of a percentage that is millionths of the whole.
    """
    said = digits_of(clean(text)).removesuffix("%").strip() or "0"
    try:
        value = scaled(said, _OFF_SCALE)
    except ValueError:
        return None
    return value if value >= 0 else None


def is_unusual(quantity: int, past: Sequence[int]) -> bool:
    """Say whether somebody should be asked if so many are meant, by what was ordered before.

    Ten times the middle of three orders or more: of 10, 12 and 40 pieces, 120 is asked about.
    """
    return len(past) >= _FEWEST_PAST and quantity >= _TIMES_USUAL * usual_of(past)


def usual_of(past: Sequence[int]) -> int:
    """Give the middle of what was ordered before: of 10, 12 and 40 pieces, 12."""
    return round(median(past))
