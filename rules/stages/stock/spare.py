"""What stock has beyond what an order takes of it."""

from collections.abc import Mapping

from rules.engine.inputs import Batch
from rules.engine.result import FreeGoods
from rules.stages.run import More, Run
from rules.stages.stock.allocation import Picker, pick_lines


class Spare:
    """Whether stock has more of some lines than a finished run has picked."""

    def __init__(self, run: Run, batches: Mapping[str, tuple[Batch, ...]]) -> None:
        self._run = run
        self._batches = batches

    def has(self, more: More, gift: FreeGoods | None) -> bool:
        """Tell whether so much more, and a gift for it, leaves too or follows later."""
        return self._is_left(more, gift) or self._leaves(more, gift)

    def _is_left(self, more: More, gift: FreeGoods | None) -> bool:
        """Tell whether the batch that the last of each product leaves from has so many more."""
        rests = self._run.rests
        needed: dict[str, int] = {} if gift is None else {gift.sku: gift.earned}
        for line, pieces in more:
            count = needed[line.sku] = needed.get(line.sku, 0) + pieces
            if line.batch is not None or rests.get(line.sku, 0) < count:
                return False
        return gift is None or rests.get(gift.sku, 0) >= needed[gift.sku]

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
