"""What stock has beyond what an order takes of it."""

from collections.abc import Mapping

from rules.engine.inputs import Batch
from rules.engine.result import FreeGoods
from rules.language.vocabulary import NOT_STOCKED
from rules.stages.run import Line, More, Run
from rules.stages.stock.allocation import Picker, pick_lines
from rules.stages.stock.batches import first_of


class Spare:
    """Whether stock has more of some lines than a finished run has picked."""

    def __init__(self, run: Run, batches: Mapping[str, tuple[Batch, ...]]) -> None:
        self._run = run
        self._batches = batches
        self._picker = Picker(run, batches)
        self._wanted: dict[str, int] = {}
        for line in run.lines:
            self._wanted[line.sku] = self._wanted.get(line.sku, 0) + line.quantity
        for gift in run.free:
            self._wanted[gift.sku] = self._wanted.get(gift.sku, 0) + gift.earned

    def has(self, more: More, gift: FreeGoods | None) -> bool:
        """Tell whether so much more, and a gift for it, leaves too or follows later."""
        if len(more) == 1 and (gift is None or gift.sku == more[0][0].sku):
            line, pieces = more[0]
            count = pieces if gift is None else pieces + gift.earned
            if line.batch is None and not line.of_mrp and self._has_at_once(line, count):
                return True
        return self._leaves(more, gift)

    def _has_at_once(self, line: Line, pieces: int) -> bool:
        """Tell whether the batch that leaves first has all of a product and so many pieces more."""
        terms = self._picker.terms_of(line.goods)
        if terms.rule.pick == NOT_STOCKED:
            return True
        first = first_of(self._batches.get(line.sku, ()), None, terms)
        return first is not None and first[0] >= self._wanted.get(line.sku, 0) + pieces

    def _leaves(self, more: More, gift: FreeGoods | None) -> bool:
        """Pick all of the products anew."""
        run = self._run
        trial = Run(run.order, run.facts, run.counters, pack=run.pack)
        picker = Picker(trial, self._batches)
        growing = {line.number: line.with_more(pieces, run.pack.scale) for line, pieces in more}
        skus = {line.sku for line, _ in more} | ({gift.sku} if gift is not None else set())
        lines = [growing.pop(one.number, one) for one in run.lines if one.sku in skus]
        lines += growing.values()
        pick_lines(trial, picker, [one for one in lines if one.product and one.quantity])
        earned = [(one, earners) for one, earners in zip(run.free, run.earners, strict=True)]
        if gift is not None:
            earned.append((gift, [line for line, _ in more]))
        for one, earners in earned:
            if one.sku in skus:
                picker.pick_gift(one, earners)
        return not trial.rejected and all(short.action == "backorder" for short in trial.shorts)
