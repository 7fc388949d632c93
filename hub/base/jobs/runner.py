"""The thread that does jobs."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

from hub.base.changes import Changes
from hub.base.jobs.rows import TOPIC
from hub.base.jobs.working import Jobs

_log = logging.getLogger(__name__)

_ROUND_S: Final = 0.5
_AFTER_FAILURE_S: Final = 5.0
_TIDY_S: Final = 3_600.0


class JobRunner:
    """The thread that does jobs: at once when told of new ones, and looks twice a second."""

    def __init__(self, jobs: Jobs, changes: Changes, *, worker: str = "") -> None:
        self._jobs = jobs
        self._changes = changes
        self._worker = worker or f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = False
        self._tidied_at_s = time.monotonic()
        self._woken = threading.Event()
        self._leave: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._leave = self._changes.subscribe(self._hear)
        self._thread.start()

    def stop(self) -> None:
        """Finish the job at hand and end."""
        self._leave()
        self._stopping = True
        self._woken.set()
        self._thread.join()

    def _hear(self, topic: str) -> None:
        if topic == TOPIC:
            self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.clear()
            if self._stopping:
                return
            self._woken.wait(self._work())

    def _work(self) -> float:
        """Do one job; gives how long to wait for the next."""
        try:
            if self._jobs.run_one(self._worker):
                return 0.0
            self._tidy()
        except Exception:  # noqa: BLE001  # the database may be away; jobs wait for it
            _log.exception("jobs cannot be done, it is tried again")
            return _AFTER_FAILURE_S
        return _ROUND_S

    def _tidy(self) -> None:
        """Forget old jobs, once an hour."""
        now_s = time.monotonic()
        if now_s - self._tidied_at_s > _TIDY_S:
            self._tidied_at_s = now_s
            self._jobs.forget_done()
