"""What is done in the field and about it: keep what phones send, set beats and who walks them."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final

from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.plan_beats import PlanBeats

AT_ONCE: Final = 1
"""Uploads that one process takes at the same time, as each keeps the writer busy: counters' orders come between."""


@dataclass(frozen=True, slots=True)
class FieldActs:
    """The acts of the field; an upload takes one of the `turns`, or comes again later."""

    keep: KeepEntry
    plan: PlanBeats
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
