"""What is no return of a sale: said of all of it at once, since it is typed in at once."""

from collections.abc import Iterator, Mapping, Sequence

from rules.engine.result import Reason
from rules.engine.returns import Return
from rules.stages.returns.keeping import Sold
from rules.stages.run import name_of
from rules.values.reasons import Params
from rules.values.units import Quantity

Counts = Mapping[int, Quantity]


def refusals_of(sold: Sold, parts: Sequence[Return], after: Return) -> Iterator[Reason]:
    """Give why a return is refused; `after` is what would be back of the sale in all."""
    if sold.result.outcome == "reject":
        yield _refusal("order_not_sold")
        return
    kinds = [kind for part in parts for kind in (part.lines, part.free, part.charged)]
    below = [count for kind in kinds for count in kind.values() if count < 0]
    if below:
        yield _refusal("quantity_invalid", {"quantity": below[0]})
    yield from _of_lines(sold, after.lines)
    yield from _of_free_goods(sold, after.free, "returned.free")
    yield from _of_free_goods(sold, after.charged, "returned.charged")


def _of_lines(sold: Sold, counts: Counts) -> Iterator[Reason]:
    lines = {line.number: line for line in sold.result.lines}
    for number, count in counts.items():
        line = lines.get(number)
        if line is None:
            what = ["sale.line", {"number": number}]
            yield _refusal("line_unknown", {"what": what}, line=number)
            continue
        product = name_of(sold.sale.facts, line.sku)
        if count > line.quantity:
            told = {"count": count, "product": product, "sold": line.quantity}
            yield _refusal("returned_too_much", {"how": ["returned.lines", told]}, line=number)
        elif count and line.unit_price is None:
            yield _refusal("line_unpriced", {"product": product}, line=number)


def _of_free_goods(sold: Sold, counts: Counts, phrase: str) -> Iterator[Reason]:
    given = {goods.number: goods for goods in sold.result.free}
    for number, count in counts.items():
        goods = given.get(number)
        if goods is None:
            yield _refusal("line_unknown", {"what": ["sale.free", {"number": number}]})
        elif count > goods.quantity:
            product = name_of(sold.sale.facts, goods.sku)
            told = {"count": count, "product": product, "given": goods.quantity}
            yield _refusal("returned_too_much", {"how": [phrase, told]})


def _refusal(code: str, params: Params | None = None, *, line: int | None = None) -> Reason:
    return Reason("returns", code, params or {}, line=line)
