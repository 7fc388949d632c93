"""What is no return of a sale: said of all of it at once, since it is typed in at once."""

from collections.abc import Iterator, Mapping, Sequence

from rules.engine.result import Reason
from rules.engine.returns import Return
from rules.stages.returns.keeping import Sold
from rules.values.units import Quantity

Counts = Mapping[int, Quantity]


def refusals_of(sold: Sold, parts: Sequence[Return], after: Return) -> Iterator[Reason]:
    """Give why a return is refused; `after` is what would be back of the sale in all."""
    if sold.result.outcome == "reject":
        yield _refusal("order_not_sold", "the order was refused: there is nothing to return")
        return
    kinds = [kind for part in parts for kind in (part.lines, part.free, part.charged)]
    if any(count < 0 for kind in kinds for count in kind.values()):
        yield _refusal("quantity_invalid", "a returned quantity is below zero")
    yield from _of_lines(sold, after.lines)
    yield from _of_free_goods(sold, after.free, "would have come back")
    yield from _of_free_goods(sold, after.charged, "would be paid for")


def _of_lines(sold: Sold, counts: Counts) -> Iterator[Reason]:
    lines = {line.number: line for line in sold.result.lines}
    for number, count in counts.items():
        line = lines.get(number)
        if line is None:
            yield _refusal("line_unknown", f"the sale has no line {number}", line=number)
        elif count > line.quantity:
            text = f"{count} {line.sku} would have come back, {line.quantity} were sold"
            yield _refusal("returned_too_much", text, line=number)
        elif count and line.unit_price is None:
            text = f"line {number} has no price: nothing was paid for it"
            yield _refusal("line_unpriced", text, line=number)


def _of_free_goods(sold: Sold, counts: Counts, would: str) -> Iterator[Reason]:
    given = {goods.number: goods for goods in sold.result.free}
    for number, count in counts.items():
        goods = given.get(number)
        if goods is None:
            yield _refusal("line_unknown", f"the sale has no free goods {number}")
        elif count > goods.quantity:
            text = f"{count} free {goods.sku} {would}, {goods.quantity} were given"
            yield _refusal("returned_too_much", text)


def _refusal(code: str, text: str, *, line: int | None = None) -> Reason:
    return Reason("returns", code, text, line=line)
