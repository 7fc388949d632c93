"""Orders that follow what was told as nearly earned, and what they come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

from rules import CompiledPack, NearMiss, OrderLine, Product, Quantity, Result, evaluate
from rules.tools.schema.documents import Question
from tests.differential.plain.conditions import Asker, holds
from tests.differential.written import Written

_GIFTS: Final = {"free_goods_given", "free_goods_offered"}
_TENTHS: Final = (10, 11, 13, 16, 20, 30, 50, 100)
"""Of what is short in money: goods are whole pieces, and discounts make them cheaper."""
_MOST_PIECES: Final = 300
"""So many pieces of what is cheap and sold by large multiples are tried in the end."""
_STEPS: Final = 12
"""How many pieces more may be needed for a whole multiple."""
_OF_SETS: Final = {"more.set", "more.sets"}
_NOT_SO: Final = {"quantity_rounded", "quantity_too_small", "quantity_not_multiple"}
More = tuple[tuple[OrderLine, int], ...]
"""Lines, of the order or new ones, and by how many pieces each grows."""


@dataclass(frozen=True)
class Following:
    """A question, and orders that follow what was told of it; `raised` is what was rounded up."""

    question: Question
    pack: CompiledPack
    document: Written
    raised: Mapping[int, int] = field(default_factory=dict)

    def follow(self) -> tuple["Following", Result]:
        """Decide the order; what was rounded up is asked for as such from then on."""
        result = self.decide()
        raised = {line.number: line.quantity for line in result.lines}
        return replace(self, raised=raised), result

    def decide(self, more: More = ()) -> Result:
        """Decide the order with more of some lines than it was given."""
        order = self.question.order
        grown = {line.number: line for line in self._as_sold()}
        for line, pieces in more:
            before = grown.get(line.number, line)
            grown[line.number] = replace(before, quantity=Quantity(before.quantity + pieces))
        facts, counters = self.question.facts, self.question.counters
        return evaluate(replace(order, lines=tuple(grown.values())), facts, counters, self.pack)

    def _as_sold(self) -> Iterator[OrderLine]:
        """Give the lines with what was rounded up as the buyer sees it."""
        for line in self.question.order.lines:
            raised = self.raised.get(line.number, 0)
            yield replace(line, quantity=Quantity(max(line.quantity, raised)))

    def untrue(self, result: Result, miss: NearMiss) -> str:
        """Say what is wrong with a near miss of a decision; nothing where it comes true."""
        before = given(result, miss.rule)
        faults = []
        also = self._discounted(miss)
        for more, beside in _bought(self.ways(result, miss), also):
            after = self.decide((*more, *beside))
            if not _is_sold((*more, *beside), after):
                continue
            fault = _undelivered(more, beside, result, after) or _ungiven(miss, before, after)
            if not fault:
                return ""
            faults.append(fault)
        return faults[0] if faults else "nothing that it asks for is sold"

    def ways(self, result: Result, miss: NearMiss) -> Iterator[More]:
        """Give what a buyer may add: the least first, of money also somewhat more."""
        more: Any = miss.params["more"]
        if more[0] in _OF_SETS:
            yield from self._sets(more)
            return
        asked = {line.number: line for line in self._as_sold()}
        sold = [one for one in result.lines if one.unit_price is not None and one.quantity]
        lines = [one for one in sold if self._is_meant(asked[one.number], miss)]
        if "amount" not in more[1]:
            for one in lines:
                yield ((asked[one.number], self._pieces(more[1], asked[one.number])),)
            return
        for line in [asked[one.number] for one in lines]:
            yield ((line, self._to_whole_pack(line)),)
        for tenths, one in product(_TENTHS, lines):
            amount = more[1]["amount"] * tenths * 10 ** (4 - self.pack.scale)
            price = one.unit_price or 1
            # A discount, or a tax that the price includes, leaves less of a piece to count.
            left = max(one.net * 10 ** (4 - self.pack.scale) // one.quantity, 1)
            for whole, step in product(
                (-(-amount // (10 * price)), -(-amount // (10 * left))), range(_STEPS)
            ):
                yield ((asked[one.number], max(whole - 1, 1) + step),)
        for one, pieces in product(lines, range(1, _MOST_PIECES)):
            yield ((asked[one.number], pieces),)

    def _discounted(self, miss: NearMiss) -> More:
        """Give some of what a discount is promised on, where the order has none of it."""
        benefit: Any = miss.params["benefit"]
        known = self.question.facts.products
        words = [word for part in benefit[1].get("parts", ()) for word in part]
        named = [sku for sku, one in known.items() if any(_is_named(one, word) for word in words)]
        more: Any = miss.params["more"]
        if (
            more[0] in _OF_SETS
            or not named
            or any(line.sku in named for line in self.question.order.lines)
        ):
            return ()
        last = max(line.number for line in self.question.order.lines)
        new = [OrderLine(last + at, sku, Quantity(0)) for at, sku in enumerate(named, 1)]
        return tuple((line, benefit[1].get("count", 1)) for line in new)

    def _pieces(self, params: dict[str, Any], line: OrderLine) -> int:
        sold = self.question.facts.products[line.sku]
        size = sold.pack_sizes.get(params["unit"], 0) if "unit" in params else 1
        count: int = params["count"]
        return count * size

    def _to_whole_pack(self, line: OrderLine) -> int:
        """Give how many pieces make the last pack of a line whole: packs may have another price."""
        sizes = self.question.facts.products[line.sku].pack_sizes
        return -line.quantity % sizes.get(line.unit or "", 1)

    def _is_meant(self, line: OrderLine, miss: NearMiss) -> bool:
        """Tell whether more of a line is what was asked for."""
        if miss.line is not None:
            return line.number == miss.line
        sold = self.question.facts.products.get(line.sku)
        more: Any = miss.params["more"]
        named = more[1].get("product")
        if named is not None:
            return sold is not None and sold.name == named
        scheme = next(one for one in self.document["schemes"] if one["id"] == miss.rule)
        order = self.question.order
        asker = Asker(
            self.question.facts.customer, order.payment, order.business_date, order.coupons
        )
        return holds({**scheme, "valid": {}}, asker, sold)

    def _sets(self, more: Any) -> Iterator[More]:
        """Give what a set lacks of the goods that it names: so many of one product a part."""
        sets = [one for _, one in more[1]["sets"]] if more[0] == "more.sets" else [more[1]]
        order, known = self.question.order, self.question.facts.products
        last = max((line.number for line in order.lines), default=0)
        new = [OrderLine(last + at, sku, Quantity(0)) for at, sku in enumerate(sorted(known), 1)]
        goods = [
            [
                line
                for line in (*order.lines, *new)
                if line.sku in known and any(_is_named(known[line.sku], word) for word in part)
            ]
            for one in sets
            for part in one["parts"]
        ]
        for lines in product(*goods):
            yield tuple((line, one["count"]) for line, one in zip(lines, sets, strict=True))


def given(result: Result, rule: str) -> tuple[int, int]:
    """Say how much a rule gives or offers: money off, and pieces that the order gets of it."""
    told = [one for one in result.trace if one.rule == rule]
    money: int = sum(one.amount or 0 for one in told if one.code in {"scheme_applied", *_GIFTS})
    gifts: list[Any] = [one.params["gift"] for one in told if one.code in _GIFTS]
    pieces: int = sum(gift[1]["quantity"] for gift in gifts)
    short = sum(one.earned - one.quantity for one in result.free if one.rule == rule)
    return money, pieces - short


def _is_named(sold: Product, word: str) -> bool:
    path = "/".join(sold.category)
    return word in {sold.name, sold.brand, sold.tax_class} or f"{path}/".startswith(f"{word}/")


def _bought(ways: Iterator[More], also: More) -> Iterator[tuple[More, More]]:
    """Give what a buyer may take: so much more with all that it is off, or of one of these alone.

    Of a slab that ends, all of them may be too much; what is taken of one may count itself.
    """
    for more in ways:
        yield more, also
        for line, _ in also:
            yield ((line, sum(pieces for _, pieces in more)),), ()


def _is_sold(more: More, result: Result) -> bool:
    """Tell whether all that is added has a price."""
    priced = {line.number for line in result.lines if line.unit_price is not None}
    return all(line.number in priced for line, _ in more)


def _undelivered(more: More, also: More, before: Result, after: Result) -> str:
    """Say why what was added cannot be had: it is no quantity to order, or not in stock.

    How much of what is `also` taken is not told, so that may be rounded.
    """
    numbers = {line.number for line, _ in (*more, *also)}
    rounded = {line.number for line, _ in also}
    known = {(one.code, one.line) for one in before.reasons}
    for reason in after.reasons:
        if reason.code == "order_incomplete" and not all(short.free for short in after.shorts):
            return "the order is refused: it ships whole"
        if reason.line in rounded:
            continue
        if reason.code in _NOT_SO and (reason.code, reason.line) not in known:
            return f"cannot be ordered: {reason.code} of line {reason.line}"
    for short in after.shorts:
        if not short.free and short.number in numbers and short.action != "backorder":
            return f"not in stock: {short}"
    return ""


def _ungiven(miss: NearMiss, before: tuple[int, int], after: Result) -> str:
    """Say what was promised and is not given."""
    money, pieces = given(after, miss.rule)
    benefit: Any = miss.params["benefit"]
    if benefit[0] in {"benefit.free", "benefit.free_of"}:
        gained, promised = pieces - before[1], benefit[1]["count"]
        return "" if gained >= promised else f"{promised} free promised, {gained} given"
    return "" if money > before[0] else f"{benefit} promised, {before[0]} before, {money} given"
