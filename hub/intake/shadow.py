"""The thread that lets a draft in shadow look at what was decided; orders never wait for it."""

import logging
import threading
from collections.abc import Callable
from typing import Final

_log = logging.getLogger(__name__)

_ROUND_S: Final = 0.5
_AFTER_FAILURE_S: Final = 5.0


class ShadowLoop:
    """Runs the use case again and again: at once while more waits, else twice a second."""

    def __init__(self, watch: Callable[[], bool]) -> None:
        self._watch = watch
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)

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
            try:
                pause_s = 0.0 if self._watch() else _ROUND_S
            except Exception:  # noqa: BLE001  # whatever it is, orders go on without it
                _log.exception("the shadow was not kept, it will be tried again")
                pause_s = _AFTER_FAILURE_S
