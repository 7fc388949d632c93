"""Says that this software serves, and makes way for other software between two orders."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from terminal.slots import Slots

_log = logging.getLogger(__name__)
_LOOK_S: Final = 0.5


class SwitchDueError(Exception):
    """Other software is due, and the counter is at rest: this run ends for it."""


@dataclass(slots=True)
class UpdateWatch:
    """Looks at the slots; `is_at_rest` tells whether the counter may end now.

    `is_well` tells whether all that the software before did works again; it does so for `steady_s`,
    or rests for so long, before anything follows. `tell` is given what the hub is to hear of an
    update, as code and text; `leave` before this run ends for other software, so that it knows why
    the terminal is away, or with False where it stays after all. `running` is the slot that was
    started.
    """

    slots: Slots
    steady_s: float
    is_at_rest: Callable[[], bool]
    is_well: Callable[[], bool]
    tell: Callable[[str, str], None]
    leave: Callable[[bool], None]
    running: str

    async def run(self) -> None:
        """Confirm this software once it served; raises SwitchDueError where other is due."""
        served = rested = 0.0
        while True:
            await asyncio.sleep(_LOOK_S)
            served = served + _LOOK_S if self.is_well() else 0.0
            rested = rested + _LOOK_S if self.is_at_rest() else 0.0
            state = self.slots.state()
            if state.active != self.running:
                if rested >= self.steady_s:
                    await self._make_way(state.active)
            elif served >= self.steady_s:
                try:
                    self._confirm()
                except OSError as error:  # a full or broken disk must not end the counter
                    _log.warning("that this software serves is not kept: %s", error)
                    served = 0.0

    async def _make_way(self, slot: str) -> None:
        """End this run for other software, unless somebody began to scan in that moment."""
        self.leave(True)
        await asyncio.sleep(_LOOK_S)
        if self.is_at_rest():
            _log.info("other software is due: slot %s", slot)
            raise SwitchDueError(slot)
        self.leave(False)

    def _confirm(self) -> None:
        """Say that this software serves, where that was not said since its start."""
        if self.slots.confirm(self.running):
            there = self.slots.software(self.running)
            version = there.version if there else self.running
            _log.info("this software serves: %s", version)
            self.tell("software_taken", f"software {version} is in use since it served")
        elif (told := self.slots.take_told()) is not None:
            self.tell(*told)
