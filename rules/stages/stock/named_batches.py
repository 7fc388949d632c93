"""Lines that name their batch: whether it is there, may be sold and may leave before others."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rules.engine.inputs import Batch, OrderLine
from rules.stages.stock.batches import NEVER, Terms, turn_of
from rules.values.reasons import Params


def refusal_of(
    line: OrderLine,
    batches: Sequence[Batch],
    turns: Sequence[tuple[int, Batch]],
    *,
    leaving: Sequence[tuple[int, Batch]],
    terms: Terms,
) -> tuple[str, Params] | None:
    """Give the code and parameters of why a named batch may not leave; None where it may.

    `turns` are what is left of the batches that may be sold, `leaving` those that the line is taken
    from. A batch of which nothing is left is not refused: the line is then short.
    """
    named = [batch for batch in batches if batch.id == line.batch]
    if not named:
        return "batch_unknown", {"batch": line.batch or ""}
    if all(batch.blocked for batch in named):
        return "batch_blocked", {"batch": named[0].id}
    if not any(terms.lives(batch) for batch in named if not batch.blocked):
        return "batch_expired", {"batch": named[0].id, "expiry": _expiry(named[0], terms.day)}
    first = _passed_over(leaving, turns, terms)
    manual = terms.rule.manual
    if first is None or manual == "allow" or (manual == "reason" and line.batch_reason):
        return None
    ask = [["batch.say_why", {}]] if manual == "reason" else []
    return "batch_out_of_turn", {"first": first.id, "batch": line.batch or "", "ask": ask}


def _expiry(batch: Batch, today: date) -> list[Any]:
    expiry = batch.expiry or NEVER
    return ["expiry.past" if expiry < today else "expiry.soon", {"day": expiry.isoformat()}]


def _passed_over(
    leaving: Sequence[tuple[int, Batch]], turns: Sequence[tuple[int, Batch]], terms: Terms
) -> Batch | None:
    """Find a batch whose day comes before that of one which leaves from the same warehouse."""
    pick = terms.rule.pick
    latest = {batch.warehouse: turn_of(batch, pick) for _, batch in leaving}
    return next(
        (
            batch
            for _, batch in turns
            if batch.warehouse in latest and turn_of(batch, pick) < latest[batch.warehouse]
        ),
        None,
    )
