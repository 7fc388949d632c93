"""The lines of a finished run, written out with their amounts."""

from rules.engine.result import LineAmount, PackPrice, PricedLine
from rules.stages.run import Line, Run, factor_of
from rules.stages.taxes import tax_parts
from rules.values.units import Quantity, UnitPrice


def priced_lines(run: Run) -> tuple[PricedLine, ...]:
    """Write the lines of a run out."""
    return tuple([_priced(line) for line in run.lines])


def amounts_of(run: Run) -> dict[int, LineAmount]:
    """Give what every line with a price comes to, by its number; no line is written out."""
    return {line.number: _amount(line) for line in run.lines if line.unit_price is not None}


def _amount(line: Line) -> LineAmount:
    gross, discount = line.gross, line.line_discount + line.order_discount
    pack = None if line.pack is None else line.pack.price
    amounts = (line.sku, line.unit_price, gross, discount, gross - discount, pack, line.mrp)
    return tuple.__new__(LineAmount, amounts)  # as for `PricedLine` below


def _priced(line: Line) -> PricedLine:
    amounts = (
        line.number,
        line.sku,
        line.ordered,
        line.quantity,
        line.unit_price,
        line.price_rule,
        line.gross,
        line.line_discount,
        line.order_discount,
        line.net,
        tax_parts(line),
        line.tax,
        line.total,
        line.pack,
        line.mrp,
        None if line.unit is None else _asked(line),
    )
    # As `PricedLine(...)`, which is a function in Python that does no more than this.
    return tuple.__new__(PricedLine, amounts)


def _asked(line: Line) -> PackPrice | None:
    """Give the price of one unit that a line was ordered in; of a list by the piece, of its pieces.

    A case of twelve at 19.50 a piece is 234.00.
    """
    size = factor_of(line.unit, line.product)
    if line.pack is not None or line.unit is None or line.unit_price is None or size <= 1:
        return line.pack
    return PackPrice(line.unit, Quantity(size), UnitPrice(line.unit_price * size))
