"""Quantity stage: minimums, multiples and whole packs, over all lines of a product together."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from rules.engine.result import Short
from rules.engine.tables import QuantityRule
from rules.stages.run import Line, Run, factor_of
from rules.values.reasons import Params
from rules.values.rounding import multiple_above
from rules.values.units import Quantity

_BY_THE_PACK: Final = {"terms.from": "terms.from_pack", "terms.by": "terms.by_pack"}


def fit_quantities(run: Run) -> None:
    """Raise what is ordered to what may be sold, or hold or refuse it, as the rule says.

    What is raised goes to the largest line of the product, and is told.
    """
    for lines, rule, factor in _ruled(run):
        asked = sum(line.ordered for line in lines)
        least = rule.least * factor
        step = rule.multiple * factor or 1
        fitting = multiple_above(max(asked, least), step)
        if fitting == asked:
            continue
        line = lines[-1]
        name = line.product.name if line.product else line.sku
        code = "quantity_too_small" if asked < least else "quantity_not_multiple"
        params: Params = {"ordered": asked, "product": name, "terms": _terms(rule, factor)}
        if rule.then == "round_up":
            params = {"how": ["rounded.up", {**params, "sent": fitting}]}
            line.quantity = Quantity(line.quantity + fitting - asked)
            code = "quantity_rounded"
        reason = run.explain("quantity", code, params, rule=rule.id, line=line.number)
        {"reject": run.reject, "hold": run.hold, "round_up": run.change}[rule.then](reason)


class Growing(NamedTuple):
    """How a line may grow beside so much `asked` of its product, and by what packs it is priced."""

    asked: int = 0
    least: int = 0
    step: int = 1
    size: int = 1

    def orderable(self, pieces: int) -> int:
        """Give the least number from so many pieces on that may be ordered more; 0 is none.

        Of 12 sold by sixes, 2 more are 6; a line priced by the case of 4 grows by cases too.
        """
        more = multiple_above(max(self.asked + pieces, self.least), self.step) - self.asked
        for _ in range(self.size):
            if more % self.size == 0:
                return more
            more += self.step
        return 0


_FREELY: Final = Growing()


def growing_of(run: Run, line: Line) -> Growing:
    """Say how a line of a finished run may grow."""
    size = 1 if line.pack is None else line.pack.size
    rules = 0 if line.goods is None else run.side.quantities & line.goods.quantities
    rule = run.pack.quantities.first(rules) if rules else None
    factor = 0 if rule is None else factor_of(rule.unit, line.product)
    if rule is None or not factor:
        return _FREELY if size == 1 else Growing(size=size)
    return Growing(run.asked_of(line.sku), rule.least * factor, rule.multiple * factor or 1, size)


def orderable(run: Run, line: Line, pieces: int) -> int:
    """Give the least number from so many pieces on that may be ordered more; 0 is none."""
    return growing_of(run, line).orderable(pieces)


def whole_packs(run: Run, quantities: list[Quantity]) -> list[Quantity]:
    """Lower what stock has cut to whole multiples: a pack is not opened because stock is short.

    A minimum is asked of the customer, not of the stock, so what is left below it is sold. Where
    the rule holds an order, a person decides about what is left too.
    """
    left = quantities
    # Packs come first: what they lose may already leave a whole multiple. Whole multiples may be no
    # whole packs of a line any more, so both are looked at until neither takes anything.
    while (fitting := _keep_multiples(run, _keep_priced_packs(run, list(left)))) != left:
        left = fitting
    return left


def _keep_multiples(run: Run, quantities: list[Quantity]) -> list[Quantity]:
    fitting = list(quantities)
    at = {line.number: place for place, line in enumerate(run.lines)}
    for lines, rule, factor in _ruled(run):
        here = [at[line.number] for line in lines]
        left = sum(quantities[place] for place in here)
        if rule.then == "hold" or left == sum(line.quantity for line in lines):
            continue
        odd = left % (rule.multiple * factor or 1)
        for place in reversed(here):
            part = Quantity(min(odd, fitting[place]))
            if part:
                fitting[place] = Quantity(fitting[place] - part)
                odd -= part
                _tell_kept(run, run.lines[place], rule.id, kept=part)
    return fitting


def _keep_priced_packs(run: Run, left: list[Quantity]) -> list[Quantity]:
    """Lower what is left of a line that is priced by the pack: a part of one has no price."""
    for place, line in enumerate(run.lines):
        odd = left[place] % line.pack.size if line.pack and left[place] < line.quantity else 0
        if odd:
            left[place] = Quantity(left[place] - odd)
            _tell_kept(run, line, line.price_rule, kept=Quantity(odd))
    return left


def _tell_kept(run: Run, line: Line, rule: str, *, kept: Quantity) -> None:
    run.shorts.append(Short(line.number, False, line.sku, kept, "cut"))
    name = line.product.name if line.product else line.sku
    params: Params = {"how": ["rounded.down", {"kept": kept, "product": name}]}
    run.change(run.explain("allocation", "quantity_rounded", params, rule=rule, line=line.number))


def _ruled(run: Run) -> Iterator[tuple[list[Line], QuantityRule, int]]:
    """Give the lines of each product that a rule is about, the largest last, with its unit."""
    table = run.pack.quantities
    mine = run.side.quantities
    if not mine:
        return
    by_sku: dict[str, list[Line]] = {}
    for line in sorted(run.lines, key=lambda line: (line.sku, line.ordered, line.number)):
        if line.ordered > 0 and line.product is not None:
            by_sku.setdefault(line.sku, []).append(line)
    for lines in by_sku.values():
        product = lines[0].product
        goods = lines[0].goods
        rule = table.first(mine & goods.quantities) if goods is not None else None
        if rule is None:
            continue
        factor = factor_of(rule.unit, product)
        if factor:
            yield lines, rule, factor


def _terms(rule: QuantityRule, factor: int) -> list[Any]:
    """Say from how much on, and by how much, a product goes."""
    terms = []
    if rule.least > 1 or (rule.least and factor > 1):
        terms.append(_term("terms.from", rule.least, rule.unit, factor=factor))
    if rule.multiple * factor > 1:
        terms.append(_term("terms.by", rule.multiple, rule.unit, factor=factor))
    return terms


def _term(name: str, count: int, unit: str | None, *, factor: int) -> list[Any]:
    if unit is None:
        return [name, {"pieces": count * factor}]
    return [_BY_THE_PACK[name], {"pieces": count * factor, "count": count, "unit": unit}]
