"""What is done in the field and about it: keep what phones send, set beats and who walks them."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final

from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.keep_photo import KeepPhoto
from hub.desk.field.acts.plan_beats import PlanBeats
from hub.desk.field.acts.settle_task import SettleTask

AT_ONCE: Final = 1
"""Uploads that one process takes at the same time: each keeps the writer from the counters."""


@dataclass(frozen=True, slots=True)
class FieldActs:
    """The acts of the field; an upload takes one of the `turns`, or comes again later."""

    keep: KeepEntry
    photos: KeepPhoto
    plan: PlanBeats
    settle: SettleTask
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
