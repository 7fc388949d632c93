"""Lines that name their batch: whether it is there, may be sold and may leave before others."""

from collections.abc import Sequence
from datetime import date

from rules.engine.inputs import Batch, OrderLine
from rules.stages.stock.batches import Terms, turn_of


def refusal_of(
    line: OrderLine,
    batches: Sequence[Batch],
    turns: Sequence[tuple[int, Batch]],
    *,
    leaving: Sequence[tuple[int, Batch]],
    terms: Terms,
) -> tuple[str, str] | None:
    """Give the code and the words of why a named batch may not leave; None where it may.

    `turns` are what is left of the batches that may be sold, `leaving` those that the line is taken
    from. A batch of which nothing is left is not refused: the line is then short.
    """
    named = [batch for batch in batches if batch.id == line.batch]
    if not named:
        return "batch_unknown", f"no batch {line.batch} of {line.sku} is there to sell"
    if not any(terms.lives(batch) for batch in named):
        return "batch_expired", _expired(named[0], terms.day)
    first = _passed_over(leaving, turns, terms)
    manual = terms.rule.manual
    if first is None or manual == "allow" or (manual == "reason" and line.batch_reason):
        return None
    text = f"batch {first.id} of {line.sku} leaves before {line.batch}"
    if manual == "reason":
        text += ": say why it should not"
    return "batch_out_of_turn", text


def _expired(batch: Batch, today: date) -> str:
    name = f"batch {batch.id} of {batch.sku}"
    if batch.expiry is not None and batch.expiry < today:
        return f"{name} expired on {batch.expiry}"
    return f"{name} expires on {batch.expiry}, which is too soon"


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
