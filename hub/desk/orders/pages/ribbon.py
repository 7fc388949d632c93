"""An order's life as a row of steps: what happened, and where it stands."""

from dataclasses import dataclass

from hub.base.words import PageWords
from hub.desk.orders.reads.order import OrderDetail
from hub.desk.orders.words import look_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is when it was done, `note` what there is to say instead."""

    words: str
    tone: str
    icon: str
    at: int | None = None
    note: str = ""
    current: bool = False


def ribbon_of(order: OrderDetail, words: PageWords) -> tuple[Step, ...]:
    """Lay out captured, each revision, and the batches that are held by now."""
    steps = [Step(words.text("ribbon.captured"), "ow-good", "receipt-2", at=order.head.captured_at)]
    for revision in order.revisions:
        look = look_of(revision.status, changed=revision.changed)
        is_newest = revision is order.newest
        name = words.text(look.words) if is_newest else words.named("cause", revision.cause)
        steps.append(Step(name, look.tone, look.icon, at=revision.made_at, current=is_newest))
    newest = order.newest
    picked = [pick for line in (*newest.lines, *newest.free) for pick in line.picks]
    held = {pick.batch for pick in picked if not pick.released}
    if held:
        note = words.counted("ribbon.batches", len(held))
        steps.append(Step(words.text("ribbon.allocated"), "ow-good", "package", note=note))
    return tuple(steps)
