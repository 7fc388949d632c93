"""Says that this software serves, and makes way for other software between two orders."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from os import environ
from typing import Final

from terminal.slots import PACKAGED, Slots

_log = logging.getLogger(__name__)
_LOOK_S: Final = 0.5
RUNNING: Final = "ORDERWIRE_TERMINAL_SLOT"
"""Where the launcher says which slot was started."""


class SwitchDueError(Exception):
    """Other software is due, and the counter is at rest: this run ends for it."""


@dataclass(slots=True)
class UpdateWatch:
    """Looks at the slots; `is_at_rest` tells whether the counter may end now.

    `is_well` tells whether all that the software before did works again; it does so for `steady_s`,
    or rests for so long, before anything follows. `tell` is given what the hub is to hear of an
    update, as code and text.
    """

    slots: Slots
    steady_s: float
    is_at_rest: Callable[[], bool]
    is_well: Callable[[], bool]
    tell: Callable[[str, str], None]
    _running: str = field(default_factory=lambda: environ.get(RUNNING, PACKAGED))

    async def run(self) -> None:
        """Confirm this software once it served; raises SwitchDueError where other is due."""
        served = rested = 0.0
        while True:
            await asyncio.sleep(_LOOK_S)
            served = served + _LOOK_S if self.is_well() else 0.0
            rested = rested + _LOOK_S if self.is_at_rest() else 0.0
            state = self.slots.state()
            if state.active != self._running:
                if rested >= self.steady_s:
                    _log.info("other software is due: slot %s", state.active)
                    raise SwitchDueError(state.active)
            elif served >= self.steady_s:
                self._confirm()

    def _confirm(self) -> None:
        """Say that this software serves, where that was not said since its start."""
        if self.slots.confirm():
            there = self.slots.software(self._running)
            version = there.version if there else self._running
            _log.info("this software serves: %s", version)
            self.tell("software_taken", f"software {version} is in use since it served")
        elif (told := self.slots.take_told()) is not None:
            self.tell(*told)
