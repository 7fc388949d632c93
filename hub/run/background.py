"""The thread for work that orders never wait for: drafts in shadow, packs compiled ahead."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

_log = logging.getLogger(__name__)

_ROUND_S: Final = 0.5
_AFTER_FAILURE_S: Final = 5.0

Work = Callable[[], bool]
"""Does some of what there is to do, and gives whether more may be left."""


class Background:
    """Does its works in turn, again and again: at once while more is left, else twice a second."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            pauses = [_pause_after(work) for work in self._works]
            pause_s = _AFTER_FAILURE_S if _AFTER_FAILURE_S in pauses else min(pauses)


def _pause_after(work: Work) -> float:
    try:
        return 0.0 if work() else _ROUND_S
    except Exception:  # noqa: BLE001  # whatever it is, orders go on without it
        _log.exception("work beside the orders failed, it will be tried again")
        return _AFTER_FAILURE_S
