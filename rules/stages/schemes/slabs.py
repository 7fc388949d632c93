"""What all slab schemes share: what one takes off within its bounds, and what is nearly earned."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from rules.engine.result import NearMiss, StageName
from rules.engine.schemes.slabs import Slab, is_closed
from rules.engine.tables import SlabScheme
from rules.language.vocabulary import Each
from rules.stages.prices import new_line
from rules.stages.quantities import orderable
from rules.stages.run import Foresight, Line, Run, names_meant
from rules.stages.schemes.bounds import within
from rules.stages.schemes.stacking import Pool
from rules.stages.trace import Step, rule_and_amount
from rules.values.units import Minor

LINE_GAVE: Final = Step("line_schemes", "scheme_applied", rule_and_amount)
BASKET_GAVE: Final = Step("basket_schemes", "scheme_applied", rule_and_amount)
ORDER_GAVE: Final = Step("order_schemes", "scheme_applied", rule_and_amount)
"""The steps of what a scheme takes off."""

_HUNDRED: Final = 100
_ROOM: Final = (100, 112, 150)
_MOST_ASKED: Final = 16
_MOST_WAYS: Final = 4
"""Of how many ways to earn more stock is asked, and how many are tried before none is told."""


def earned_on(
    run: Run, scheme: SlabScheme, pool: Pool, *, stage: StageName, line: int | None = None
) -> Minor:
    """Give what a scheme takes off within its bounds; says so where a gate shuts it out."""
    if scheme.gated and is_closed(scheme.slabs, pool.counted, pool.factor):
        run.explain(stage, "gate_closed", {"rule": scheme.id}, rule=scheme.id, line=line)
    amount = pool.earn(scheme, pool.base)
    if scheme.bounds is None:
        return amount
    if line is not None and scheme.bounds.most_line is not None:
        amount = min(amount, scheme.bounds.most_line)
    return within(run, scheme.id, scheme.bounds, amount=amount, pieces=pool.pieces, stage=stage)


def is_offered(scheme: SlabScheme, reached: Slab | None, ahead: Slab) -> bool:
    """Tell whether a slab ahead may be worth buying more for; an amount says so only on the goods.

    After 10 % one of 5 % is not. A gate on money is not either: a piece too dear would pass it.
    """
    if ahead.gate and scheme.of != "qty":
        return False
    if reached is None or reached.percent is None or ahead.percent is None:
        return True
    return ahead.percent > reached.percent or reached.cap is not None or reached.end is not None


def benefit_of(scheme: SlabScheme, slab: Slab) -> list[Any]:
    """Say what a slab gives; with marginal slabs, from there on."""
    onward = "_onward" if scheme.marginal else ""
    if slab.price is not None:
        if scheme.unit:
            return ["benefit.pack_price" + onward, {"price": slab.price, "unit": scheme.unit}]
        return ["benefit.price" + onward, {"price": slab.price}]
    if slab.percent is None:
        return ["benefit.amount", {"amount": slab.amount}]
    return ["benefit.percent" + onward, {"percent": slab.percent}]


def count_more(
    count: int,
    *,
    unit: str | None = None,
    product: str | None = None,
    period: Each = "scheme",
) -> list[Any]:
    """Say how much more earns more: pieces, or packs of a unit; of one product, in a period."""
    params: dict[str, Any] = {"count": count, "period": period}
    if unit is not None:
        params["unit"] = unit
    if product is None:
        return ["more.pieces" if unit is None else "more.packs", params]
    name = "more.pieces_of" if unit is None else "more.packs_of"
    return [name, {**params, "product": product}]


def money_more(amount: int, *, product: str | None = None, period: Each = "scheme") -> list[Any]:
    """Say for how much more money to buy earns more, of one product, in a period."""
    params = {"amount": amount, "period": period}
    if product is None:
        return ["more.money", params]
    return ["more.money_of", {**params, "product": product}]


def near_miss(rule: str, line: int | None, *, more: list[Any], benefit: list[Any]) -> NearMiss:
    """Write down what was almost earned: so much more, and what it would give."""
    return NearMiss(rule, line, "nearly_earned", {"more": more, "benefit": benefit})


def pieces_for(amount: int, line: Line, *, of: str, scale: int) -> Iterator[int]:
    """Give how many pieces more of a line may be worth so much more, then somewhat more of them.

    Discounts make them cheaper, and how much cheaper so many are is not known before.
    """
    worth = line.worth(scale) - (0 if of == "gross" else line.line_discount)
    for percent in _ROOM if worth > 0 else ():
        yield -(-amount * line.quantity * percent // (worth * _HUNDRED))


def ways_in_stock(
    foresight: Foresight, ways: Iterator[tuple[Line, int]]
) -> Iterator[tuple[Line, int]]:
    """Give the first lines, each with so much more of it, of which stock has enough."""
    had = (way for way in islice(ways, _MOST_ASKED) if way[1] and foresight.can_have((way,)))
    return islice(had, _MOST_WAYS)


def more_of(foresight: Foresight, sku: str, pieces: int) -> tuple[Line, int] | None:
    """Give so many pieces more of a product as may be ordered and had; None where none may."""
    run = foresight.run
    line = next((one for one in run.sold if one.sku == sku), None) or new_line(run, sku)
    count = 0 if line is None else orderable(run, line, pieces)
    had = line is not None and count > 0 and foresight.can_have(((line, count),))
    return (line, count) if line is not None and had else None


def names_to_have(
    foresight: Foresight, when: Mapping[str, Sequence[str]], pieces: int
) -> list[str]:
    """Name the goods that conditions mean, of products those of which more can be had."""
    had = [sku for sku in when.get("sku", ()) if more_of(foresight, sku, pieces) is not None]
    return names_meant(foresight.run.facts, {**when, "sku": had})


def pool_key(scheme: SlabScheme, lines: Sequence[Line]) -> tuple[str, str]:
    """Name what a scheme over several lines counts: its id, and the product if it is one."""
    return scheme.id, lines[0].sku if scheme.over == "sku" else ""
