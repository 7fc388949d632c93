"""Allocation: named batches for every line, paid lines first, and what happens when short."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from rules.engine.inputs import Batch, Product
from rules.engine.result import Allocation, FreeGoods, Short
from rules.engine.tables import AllocationRule
from rules.stages.run import Run
from rules.values.rounding import MILLION
from rules.values.units import Quantity

_DEFAULT: Final = AllocationRule("", "fefo", 0, split=True, short="cut")
_NEVER: Final = date.max.toordinal()
_Sellable = tuple[int, int, date, str, int, int]


class _Wanted(NamedTuple):
    number: int
    free: bool
    sku: str
    quantity: Quantity


def allocate(run: Run) -> None:
    """Pick batches for what is ordered, then for free goods; notes what is missing."""
    if run.facts.batches is None:
        run.explain("allocation", "stock_not_known", "left to the hub: no stock facts here")
        return
    picker = _Picker(run, run.facts.batches)
    for line in run.lines:
        if line.product is not None and line.quantity:
            wanted = _Wanted(line.number, False, line.sku, line.quantity)
            picker.pick(wanted, line.product)
    picker.refuse_incomplete()
    for place, goods in enumerate(run.free):
        wanted = _Wanted(goods.number, True, goods.sku, goods.earned)
        missing = picker.pick(wanted, run.facts.products.get(goods.sku))
        shipped = Quantity(goods.earned - missing)
        run.free[place] = FreeGoods(goods.number, goods.sku, goods.earned, shipped, goods.rule)


class _Picker:
    """Picks for one order and remembers what it has taken from each batch."""

    def __init__(self, run: Run, batches: Mapping[str, tuple[Batch, ...]]) -> None:
        self._run = run
        self._batches = batches
        self._rules = run.pack.allocation.for_customer(run.keys, run.day)
        self._taken: dict[tuple[str, str], int] = {}
        self._whole = ""

    def pick(self, wanted: _Wanted, product: Product | None) -> Quantity:
        """Take what there is from the batches in turn and give back what is missing."""
        rule = self._rule_for(product)
        if rule.whole_order and not self._whole:
            self._whole = rule.id
        missing = wanted.quantity
        for left, batch in self._in_turn(wanted, rule):
            share = Quantity(min(missing, left))
            if not share:
                break
            self._taken[batch.sku, batch.id] = self._taken.get((batch.sku, batch.id), 0) + share
            missing = Quantity(missing - share)
            self._run.allocations.append(
                Allocation(wanted.number, wanted.free, wanted.sku, batch.id, share)
            )
        if missing:
            self._note_short(wanted, rule, missing)
        else:
            text = f"{wanted.quantity} {wanted.sku}"
            line = None if wanted.free else wanted.number
            self._run.explain("allocation", "allocated", text, rule=rule.id, line=line)
        return missing

    def refuse_incomplete(self) -> None:
        """Refuse the order where a rule ships it whole and any line of it is short."""
        run = self._run
        if self._whole and run.shorts:
            text = "the order ships complete or not at all"
            run.reject(run.explain("allocation", "order_incomplete", text, rule=self._whole))

    def _rule_for(self, product: Product | None) -> AllocationRule:
        table = self._run.pack.allocation
        if product is None:
            return _DEFAULT
        return table.first(self._rules & table.for_product(product)) or _DEFAULT

    def _note_short(self, wanted: _Wanted, rule: AllocationRule, missing: Quantity) -> None:
        run = self._run
        action = "cut" if wanted.free else rule.short
        run.shorts.append(Short(wanted.number, wanted.free, wanted.sku, missing, action))
        got = wanted.quantity - missing
        code = "free_goods_short" if wanted.free else "short_stock" if got else "out_of_stock"
        text = f"{got} of {wanted.quantity} {wanted.sku} in stock"
        if action == "backorder":
            text += ", the rest follows"
        line = None if wanted.free else wanted.number
        reason = run.explain("allocation", code, text, rule=rule.id, line=line)
        if action == "refuse":
            run.reject(reason)
        else:
            run.change(reason)

    def _in_turn(self, wanted: _Wanted, rule: AllocationRule) -> list[tuple[int, Batch]]:
        """Give what is left of the batches that may be sold, by warehouse, then as picked."""
        batches = self._batches.get(wanted.sku, ())
        first_ones = rule.warehouses
        if first_ones is None:
            first_ones = self._run.pack.warehouses
        ranks = {name: place for place, name in enumerate(first_ones)}
        sellable: list[_Sellable] = []
        for place, batch in enumerate(batches):
            rank = ranks.setdefault(batch.warehouse, len(ranks))
            left = batch.available - self._taken.get((batch.sku, batch.id), 0)
            if left > 0 and _lives(batch, rule, self._run.day):
                expiry = _NEVER if batch.expiry is None else batch.expiry.toordinal()
                first = expiry if rule.pick == "fefo" else _made(rule.pick, batch)
                sellable.append((rank, first, batch.received, batch.id, place, left))
        if rule.biggest_first:
            sellable = _biggest_first(sellable)
        sellable.sort()
        if not rule.split:
            whole = [one for one in sellable if one[-1] >= wanted.quantity]
            sellable = whole[:1] or sorted(sellable, key=_left, reverse=True)[:1]
        return [(one[-1], batches[one[-2]]) for one in sellable]


def _lives(batch: Batch, rule: AllocationRule, day: int) -> bool:
    """Tell whether a batch keeps long enough; one without an expiry does."""
    if batch.expiry is None:
        return True
    left = batch.expiry.toordinal() - day
    if left < rule.min_life_days or not rule.min_life:
        return left >= rule.min_life_days
    shelf_life = batch.expiry.toordinal() - (batch.manufactured or batch.received).toordinal()
    return left * MILLION >= rule.min_life * shelf_life


def _biggest_first(sellable: list[_Sellable]) -> list[_Sellable]:
    """Rank warehouses anew by what they can sell of the product; equal ones stay as they are."""
    stock: dict[int, int] = {}
    for rank, *_, left in sellable:
        stock[rank] = stock.get(rank, 0) + left
    ranks = {rank: at for at, rank in enumerate(sorted(stock, key=lambda one: (-stock[one], one)))}
    return [(ranks[one[0]], *one[1:]) for one in sellable]


def _made(pick: str, batch: Batch) -> int:
    """Give the day of manufacture to sort by; made on an unknown day is made on receipt."""
    made = (batch.manufactured or batch.received).toordinal()
    return made if pick == "fifo" else -made


def _left(sellable: _Sellable) -> int:
    return sellable[-1]
