"""What stock has beyond what an order takes of it."""

from collections.abc import Mapping

from rules.engine.inputs import Batch
from rules.engine.result import FreeGoods
from rules.stages.run import More, Run
from rules.stages.stock.allocation import Picker, pick_lines
from rules.values.units import Quantity


class Spare:
    """Whether stock has more of some lines than a finished run has picked."""

    def __init__(self, run: Run, batches: Mapping[str, tuple[Batch, ...]]) -> None:
        self._run = run
        self._batches = batches

    def has(self, more: More, free: Mapping[str, int]) -> bool:
        """Tell whether so much more, and so many free pieces for it, leave too or follow later."""
        if self._is_left(more, free):
            return True
        return self._leaves(more, {sku: count for sku, count in free.items() if count > 0})

    def _is_left(self, more: More, free: Mapping[str, int]) -> bool:
        """Tell whether the batch that all of each product leaves from has so many more."""
        rests = self._run.rests
        if len(more) == 1:
            ((line, pieces),) = more
            if line.batch is not None or rests.get(line.sku, 0) < pieces + free.get(line.sku, 0):
                return False
        else:
            needed = dict(free)
            for line, pieces in more:
                count = needed[line.sku] = needed.get(line.sku, 0) + pieces
                if line.batch is not None or rests.get(line.sku, 0) < count:
                    return False
        return not free or all(rests.get(sku, 0) >= count for sku, count in free.items())

    def _leaves(self, more: More, free: Mapping[str, int]) -> bool:
        """Pick all of the products anew."""
        run = self._run
        trial = Run(run.order, run.facts, run.counters, pack=run.pack)
        picker = Picker(trial, self._batches)
        growing = {line.number: line.with_more(pieces, run.pack.scale) for line, pieces in more}
        skus = {line.sku for line, _ in more} | free.keys()
        lines = [growing.pop(one.number, one) for one in run.lines if one.sku in skus]
        lines += growing.values()
        pick_lines(trial, picker, [one for one in lines if one.product and one.quantity])
        added = dict(free)
        for gift, earners in zip(run.free, run.earners, strict=True):
            if gift.sku in skus:
                count = Quantity(gift.earned + added.pop(gift.sku, 0))
                picker.pick_gift(gift._replace(earned=count), earners)
        for sku, pieces in added.items():
            gift = FreeGoods(0, sku, Quantity(pieces), Quantity(pieces), "")
            picker.pick_gift(gift, [line for line, _ in more])
        if trial.rejected or any(short.action != "backorder" for short in trial.shorts):
            return False
        trial.shorts += [short for short in run.shorts if short.sku not in skus]
        return not trial.shorts or self._may_follow(trial, picker)

    def _may_follow(self, trial: Run, picker: Picker) -> bool:
        """Tell whether no rule of the order ships it whole, so that some of it may follow later."""
        for line in self._run.lines:
            if line.product is not None and line.quantity:
                picker.terms_of(line.goods)
        for gift in self._run.free:
            picker.terms_of_gift(gift)
        picker.refuse_incomplete()
        return not trial.rejected
