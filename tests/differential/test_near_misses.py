"""What a line has nearly earned is earned: whoever orders so much more gets what was told."""

import random
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from rules import (
    CompiledPack,
    NearMiss,
    OrderLine,
    Quantity,
    Result,
    evaluate,
    load_pack,
)
from rules.tools.schema.documents import Question
from tests.differential.agreement import packed
from tests.differential.gifts import Giver
from tests.differential.orders import random_question
from tests.differential.worlds import random_products
from tests.differential.written import Written
from tests.fixtures.trials import Trials

QUESTIONS: Final = 20
"""Orders that each rule file decides."""
_GIFTS: Final = {"free_goods_given", "free_goods_offered"}
_TENTHS: Final = (10, 11, 13, 16, 20, 30, 50)
"""Of what is short in money: goods are whole pieces, and discounts make them cheaper."""
More = tuple[tuple[OrderLine, int], ...]
"""Lines, of the order or new ones, and by how many pieces each grows."""


@dataclass(frozen=True)
class Following:
    """A question, and the orders that follow what was told of it as nearly earned."""

    question: Question
    pack: CompiledPack

    def decide(self, more: More = ()) -> Result:
        """Decide the order with more of some lines."""
        order = self.question.order
        grown = {line.number: line for line in order.lines}
        for line, pieces in more:
            before = grown.get(line.number, line)
            grown[line.number] = replace(before, quantity=Quantity(before.quantity + pieces))
        facts, counters = self.question.facts, self.question.counters
        return evaluate(replace(order, lines=tuple(grown.values())), facts, counters, self.pack)

    def results(self, miss: NearMiss) -> list[Result]:
        """Decide the orders that follow it; none where nothing of it is sold to the customer."""
        decided = [(more, self.decide(more)) for more in self._ways(miss)]
        return [result for more, result in decided if _is_sold(more, result)]

    def _ways(self, miss: NearMiss) -> list[More]:
        """Give what a buyer may add."""
        more: Any = miss.params["more"]
        params = more[1]
        lines = [line for line in self.question.order.lines if line.number == miss.line]
        return [((line, pieces),) for line in lines for pieces in self._pieces(params, line)]

    def _pieces(self, params: dict[str, Any], line: OrderLine) -> list[int]:
        if "amount" in params:
            sold = {one.number: one.unit_price for one in self.decide().lines}
            price = sold[line.number]
            whole = -(-params["amount"] * 10 ** (4 - self.pack.scale) // price) if price else 0
            return [-(-whole * tenths // 10) for tenths in _TENTHS]
        product = self.question.facts.products.get(line.sku)
        sizes = product.pack_sizes if product else {}
        return [params["count"] * (sizes.get(params["unit"], 0) if "unit" in params else 1)]


def _is_sold(more: More, result: Result) -> bool:
    """Tell whether all that is added has a price."""
    priced = {line.number for line in result.lines if line.unit_price is not None}
    return all(line.number in priced for line, _ in more)


def _given(result: Result, rule: str) -> int:
    """Say how much a rule gives or offers: money off, and pieces."""
    told = [one for one in result.trace if one.rule == rule]
    money: int = sum(one.amount or 0 for one in told if one.code in {"scheme_applied", *_GIFTS})
    gifts: list[Any] = [one.params["gift"] for one in told if one.code in _GIFTS]
    pieces: int = sum(gift[1]["quantity"] for gift in gifts)
    return money + pieces


def _is_of_lines(scheme: Written) -> bool:
    """Tell whether a scheme gives slabs by what one line counts."""
    return "slabs" in scheme and scheme.get("count", {}).get("over") == "line"


def find_untrue(seed: int) -> list[str]:
    """Decide orders by one rule file, and follow all that lines have nearly earned of slabs."""
    chance = random.Random(seed)
    products = random_products(chance)
    document = Giver(chance).write() | {"quantities": []}
    pack = load_pack(packed(document))
    schemes = {scheme["id"]: scheme for scheme in document["schemes"]}
    of_lines = {name for name, one in schemes.items() if _is_of_lines(one)}
    found = []
    for _ in range(QUESTIONS):
        following = Following(random_question(chance, products, document), pack)
        result = following.decide()
        if result.outcome == "reject":
            continue
        for miss in (one for one in result.near_misses if one.rule in of_lines):
            before, results = _given(result, miss.rule), following.results(miss)
            if results and all(_given(one, miss.rule) <= before for one in results):
                order = following.question.order
                lines = [(line.number, line.sku, line.quantity) for line in order.lines]
                found.append(f"seed {seed}: {miss} of {lines} by {schemes[miss.rule]}")
    return found


@pytest.mark.timeout(3_600)
def test_what_is_nearly_earned_is_earned_by_so_much_more(trials: Trials) -> None:
    found = trials.run(find_untrue, usual=100, long=5_000)

    assert found == [], "\n".join(found)
