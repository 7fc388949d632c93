"""What is done in the field and about it: keep what phones send, set beats and who walks them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from hub.desk.field.acts.decide_leave import DecideLeave
from hub.desk.field.acts.keep_entry import KeepEntry
from hub.desk.field.acts.keep_photo import KeepPhoto
from hub.desk.field.acts.plan_beats import PlanBeats
from hub.desk.field.acts.plan_surveys import PlanSurveys
from hub.desk.field.acts.set_selfies import SetSelfies
from hub.desk.field.acts.settle_task import SettleTask

Done = TypeVar("Done")
AT_ONCE: Final = 1
"""Uploads that one process takes at the same time: each keeps the writer from the counters."""


@dataclass(frozen=True, slots=True)
class FieldActs:
    """The acts of the field; an upload waits for one of the `turns` in a row with the others.

    After `patience_s` it is to come again: less than a phone waits for an answer.
    """

    keep: KeepEntry
    photos: KeepPhoto
    plan: PlanBeats
    settle: SettleTask
    surveys: PlanSurveys
    selfies: SetSelfies
    leave: DecideLeave
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    patience_s: float = 12.0

    async def in_turn(self, work: Callable[[], Done]) -> Done:
        """Do the work of an upload once it is its turn; raises TimeoutError after the patience."""
        await asyncio.wait_for(self.turns.acquire(), self.patience_s)
        try:
            return await asyncio.to_thread(work)
        finally:
            self.turns.release()
