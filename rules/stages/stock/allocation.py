"""Allocation: batches for every line, named ones first, and what happens when there are too few."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, Literal, NamedTuple

from rules.engine.inputs import Batch, Facts, OrderLine, Product
from rules.engine.result import Allocation, FreeGoods, Short
from rules.engine.settlement.tables import AllocationRule
from rules.engine.sides import Side
from rules.language.vocabulary import NOT_STOCKED
from rules.stages.run import Line, Run, name_of
from rules.stages.stock.batches import Key, Terms, first_of, in_turn, kept_back
from rules.stages.stock.named_batches import refusal_of
from rules.stages.trace import Row, Step
from rules.values.reasons import Params
from rules.values.units import Quantity

_NOTHING: Final = Quantity(0)
_NO_END: Final = 1 << 53
"""Left of what is not kept in stock."""
_STRICTNESS: Final = ("cut", "backorder", "refuse")
"""What may follow where stock is short, the mildest first."""


def _allocated(row: Row) -> Params:
    quantity, facts, sku = row[4]
    return {"quantity": quantity, "product": name_of(facts, sku)}


_ALLOCATED: Final = Step("allocation", "allocated", _allocated)


def allocate(run: Run) -> None:
    """Pick batches for what is ordered, then for free goods; notes what is missing."""
    if run.facts.batches is None:
        run.explain("allocation", "stock_not_known")
        return
    picker = Picker(run, run.facts.batches)
    pick_lines(run, picker, [one for one in run.lines if one.product is not None and one.quantity])
    run.free = [
        picker.pick_gift(gift, earners) for gift, earners in zip(run.free, run.earners, strict=True)
    ]
    picker.refuse_incomplete()


def pick_lines(run: Run, picker: "Picker", lines: list[Line]) -> None:
    """Pick batches for lines; what may only come from one batch takes before all others."""
    named = {one.number: one for one in run.order.lines if one.batch is not None}
    if named:
        for line in lines:
            if line.number in named:
                picker.pick_named(line, named[line.number])
        lines = [line for line in lines if line.number not in named]
    for line in lines:
        if line.of_mrp:
            picker.pick_printed(line)
        else:
            picker.pick(line.sku, line.quantity, line.number, goods=line.goods)


Action = Literal["cut", "backorder", "refuse"]


_UNKNOWN: Final = Product("", "", category=(), brand=None, tax_class=None)
"""A gift that nothing is known of: rules without a condition on products hold for it too."""


class _Wanted(NamedTuple):
    number: int
    free: bool
    sku: str
    quantity: Quantity
    batch: str = ""


class Picker:
    """Picks for one order and remembers what it has taken from each batch."""

    def __init__(self, run: Run, batches: Mapping[str, tuple[Batch, ...]]) -> None:
        self._run = run
        self._batches = batches
        self._rules = run.side.allocation
        self._terms: dict[int, Terms] = {}
        self._taken: dict[str, dict[Key, int]] = {}
        self._whole = ""

    def pick(self, sku: str, quantity: Quantity, number: int, *, goods: Side | None) -> None:
        """Take what there is from the batches in turn."""
        terms = self.terms_of(goods)
        if terms.rule.pick == NOT_STOCKED:
            self._tell_not_stocked(sku, terms.rule, line=number)
            self._run.rests[sku] = _NO_END
            return
        batches, taken = self._batches.get(sku, ()), self._taken.get(sku)
        first = first_of(batches, taken, terms)
        if first is None or first[0] < quantity:
            turns = in_turn(batches, taken, terms)
            leaving = kept_back(turns, turns, terms.rule)
            self._pick_from(leaving, _Wanted(number, False, sku, quantity), terms.rule)
            return
        self._take(first[1], quantity, number, free=False)
        self._note_rest(sku, first[0] - quantity)
        told = (quantity, self._run.facts, sku)
        self._run.rows.append((_ALLOCATED, terms.rule.id, number, None, told))

    def _note_rest(self, sku: str, rest: int) -> None:
        """Note what one batch has left; what left by several before has no rest of one any more."""
        rests = self._run.rests
        before = rests.get(sku)
        if before is None or rest < before:
            rests[sku] = rest

    def pick_gift(self, gift: FreeGoods, lines: Sequence[Line]) -> FreeGoods:
        """Take free goods that `lines` have earned; gives them with what the order gets of them.

        What is missing of them follows as what is missing of paid goods does: by the rule that
        holds for their product, or where none does, by the strictest of the lines that earned them.
        """
        terms = self.terms_of_gift(gift)
        if terms.rule.pick == NOT_STOCKED:
            self._tell_not_stocked(gift.sku, terms.rule, line=None)
            return gift
        batches, taken = self._batches.get(gift.sku, ()), self._taken.get(gift.sku)
        first = first_of(batches, taken, terms)
        if first is not None and first[0] >= gift.earned:
            self._take(first[1], gift.earned, gift.number, free=True)
            self._note_rest(gift.sku, first[0] - gift.earned)
            told = (gift.earned, self._run.facts, gift.sku)
            self._run.rows.append((_ALLOCATED, terms.rule.id, None, None, told))
            return gift
        wanted = _Wanted(gift.number, True, gift.sku, gift.earned)
        turns = in_turn(batches, taken, terms)
        turns = kept_back(turns, turns, terms.rule)
        missing = self._pick_from(turns, wanted, terms.rule, shortage=self._shortage(terms, lines))
        return gift._replace(quantity=Quantity(gift.earned - missing)) if missing else gift

    def _shortage(self, terms: Terms, lines: Sequence[Line]) -> AllocationRule:
        """Give the rule that says what follows where free goods are short."""
        if terms.rule is not self._run.pack.allocation_else:
            return terms.rule
        rules = [self.terms_of(line.goods).rule for line in lines]
        return max(rules, key=lambda rule: _STRICTNESS.index(rule.short), default=terms.rule)

    def pick_printed(self, line: Line) -> None:
        """Take a line whose price was made from its MRP: first what bears that MRP, or none."""
        batches, terms = self._batches.get(line.sku, ()), self.terms_of(line.goods)
        not_stocked = terms.rule.pick == NOT_STOCKED
        if not_stocked or all(batch.mrp in {None, line.mrp} for batch in batches):
            self.pick(line.sku, line.quantity, line.number, goods=line.goods)
            return
        turns = in_turn(batches, self._taken.get(line.sku), terms)
        turns = kept_back(turns, _printed_first(turns, line), terms.rule)
        self._pick_from(turns, _Wanted(line.number, False, line.sku, line.quantity), terms.rule)

    def pick_named(self, line: Line, asked: OrderLine) -> None:
        """Take a line from the batch that it names and from no other, where that may be sold."""
        run, terms = self._run, self.terms_of(line.goods)
        # Of what is not kept in stock there is no batch that could be named.
        not_stocked = terms.rule.pick == NOT_STOCKED
        batches, name = () if not_stocked else self._batches.get(line.sku, ()), asked.batch or ""
        turns = in_turn(batches, self._taken.get(line.sku), terms)
        rule = terms.rule
        mine = _printed_first([one for one in turns if one[1].id == name], line)
        mine = kept_back(turns, mine, rule)
        leaving = _leaving(mine, line.quantity) if rule.split else _unsplit(mine, line.quantity)
        refusal = refusal_of(asked, batches, turns, leaving=leaving, terms=terms)
        if refusal is not None:
            code, why = refusal
            params: Params = {**why, "product": name_of(run.facts, line.sku)}
            run.reject(run.explain("allocation", code, params, rule=rule.id, line=line.number))
            return
        reason = asked.batch_reason
        named: Params = {
            "batch": name,
            "why": [["said.text", {"text": reason}]] if reason else [],
        }
        run.explain("allocation", "batch_named", named, rule=rule.id, line=line.number)
        self._pick_from(mine, _Wanted(line.number, False, line.sku, line.quantity, name), rule)

    def _tell_not_stocked(self, sku: str, rule: AllocationRule, *, line: int | None) -> None:
        product: Params = {"product": name_of(self._run.facts, sku)}
        self._run.explain("allocation", "not_stocked", product, rule=rule.id, line=line)

    def _pick_from(
        self,
        turns: list[tuple[int, Batch]],
        wanted: _Wanted,
        rule: AllocationRule,
        *,
        shortage: AllocationRule | None = None,
    ) -> Quantity:
        """Take in turn what there is; gives what is lost for the order where that is too little.

        `shortage` says what follows where another rule than that of the picking does.
        """
        missing = wanted.quantity
        self._run.rests[wanted.sku] = 0
        for left, batch in turns if rule.split else _unsplit(turns, missing):
            share = Quantity(min(missing, left))
            self._take(batch, share, wanted.number, free=wanted.free)
            missing = Quantity(missing - share)
            if not missing:
                break
        if missing:
            return self._note_short(wanted, shortage or rule, missing)
        line = None if wanted.free else wanted.number
        told = (wanted.quantity, self._run.facts, wanted.sku)
        self._run.rows.append((_ALLOCATED, rule.id, line, None, told))
        return _NOTHING

    def _take(self, batch: Batch, share: Quantity, number: int, *, free: bool) -> None:
        sku, key = batch.sku, (batch.warehouse, batch.id)
        # As `Allocation(...)`, which is a function in Python and the dearest step of picking.
        part = tuple.__new__(Allocation, (number, free, sku, key[1], share, key[0]))
        self._run.allocations.append(part)
        if batch.mrp is not None:
            self._run.printed.append((part, batch.mrp))
        taken = self._taken.get(sku)
        if taken is None:
            self._taken[sku] = {key: share}
        else:
            taken[key] = taken.get(key, 0) + share

    def terms_of(self, goods: Side | None) -> Terms:
        """Give the terms of the narrowest rule for a product, or of no rule."""
        rules = 0 if goods is None else self._rules & goods.allocation
        narrowest = rules & -rules
        terms = self._terms.get(narrowest)
        if terms is None:
            pack, day = self._run.pack, self._run.order.business_date
            rule = pack.allocation.first(rules) or pack.allocation_else
            terms = self._terms[narrowest] = Terms(rule, day, _warehouses(rule, self._run))
            if rule.whole_order and not self._whole:
                self._whole = rule.id
        return terms

    def terms_of_gift(self, gift: FreeGoods) -> Terms:
        """Give the terms of the narrowest rule for free goods."""
        product = self._run.facts.products.get(gift.sku, _UNKNOWN)
        return self.terms_of(self._run.pack.sides.of_product(product))

    def refuse_incomplete(self) -> None:
        """Refuse the order where a rule ships it whole and any line of it is short."""
        run = self._run
        if self._whole and run.shorts:
            run.reject(run.explain("allocation", "order_incomplete", rule=self._whole))

    def _note_short(self, wanted: _Wanted, rule: AllocationRule, missing: Quantity) -> Quantity:
        """Tell what is missing and what follows of it; gives what is lost for the order."""
        follows = _NOTHING
        if rule.short == "backorder":
            most = missing if rule.backorder_most is None else rule.backorder_most
            follows = Quantity(min(missing, most))
        lost = Quantity(missing - follows)
        # Paid goods that are cut are decided again for what is left, which then tells what follows.
        if follows and (wanted.free or not lost):
            self._tell_short(wanted, rule, follows, action="backorder", missing=missing)
        if lost:
            action: Action = "cut" if rule.short == "backorder" else rule.short
            self._tell_short(wanted, rule, lost, action=action, missing=missing)
        return lost

    def _tell_short(
        self,
        wanted: _Wanted,
        rule: AllocationRule,
        part: Quantity,
        *,
        action: Action,
        missing: Quantity,
    ) -> None:
        """Note that a part of what is missing is cut, follows or refuses the order."""
        run = self._run
        days = rule.wait_days if action == "backorder" else None
        run.shorts.append(Short(wanted.number, wanted.free, wanted.sku, part, action, days))
        held = wanted.quantity - missing
        code = "free_goods_short" if wanted.free else "short_stock" if held else "out_of_stock"
        params = _stock(run.facts, wanted, held, rest=_rest(action, days))
        line = None if wanted.free else wanted.number
        reason = run.explain("allocation", code, params, rule=rule.id, line=line)
        if action == "refuse":
            run.reject(reason)
        else:
            run.change(reason)


def _stock(facts: Facts, wanted: _Wanted, got: int, *, rest: list[Any]) -> Params:
    """Say how much of what was wanted is in stock, and what becomes of the rest."""
    told = {
        "available": got,
        "quantity": wanted.quantity,
        "product": name_of(facts, wanted.sku),
    }
    if wanted.batch:
        return {"stock": ["stock.batch", {**told, "batch": wanted.batch}], "rest": rest}
    return {"stock": ["stock.product", told], "rest": rest}


def _rest(action: str, days: int | None) -> list[Any]:
    if action != "backorder":
        return []
    return [["rest.follows", {}]] if days is None else [["rest.within", {"days": days}]]


def _printed_first(turns: list[tuple[int, Batch]], line: Line) -> list[tuple[int, Batch]]:
    """Put first what bears the MRP that a line's price was made from, or bears none."""
    if not line.of_mrp:
        return turns
    return sorted(turns, key=lambda one: one[1].mrp not in {None, line.mrp})


def _leaving(turns: list[tuple[int, Batch]], quantity: Quantity) -> list[tuple[int, Batch]]:
    """Leave the batches that so much is taken from."""
    before = accumulate((left for left, _ in turns), initial=0)
    return [one for one, held in zip(turns, before, strict=False) if held < quantity]


def _unsplit(turns: list[tuple[int, Batch]], quantity: Quantity) -> list[tuple[int, Batch]]:
    """Leave the first batch that holds all that is wanted, else the fullest."""
    whole = [one for one in turns if one[0] >= quantity]
    return whole[:1] or sorted(turns, key=lambda one: one[0], reverse=True)[:1]


def _warehouses(rule: AllocationRule, run: Run) -> Sequence[str]:
    """Name the warehouses to ask first, in turn; equally near ones stay as the pack has them."""
    named = run.pack.warehouses if rule.warehouses is None else rule.warehouses
    if not rule.nearest:
        return named
    distances = run.facts.distances
    near = [*(name for name in named if name in distances), *sorted(distances.keys() - named)]
    far = [name for name in named if name not in distances]
    return [*sorted(near, key=distances.__getitem__), *far]
