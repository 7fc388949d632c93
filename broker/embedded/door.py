"""The door of a broker of our own: who sends far more than it may is kept out for a while."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from broker.embedded.credentials import Credentials

_log = logging.getLogger(__name__)

OUT_S: Final = 60.0
"""How long a user is kept out."""
_AGAIN_S: Final = 1.0
"""When the files are tried again that could not be written."""


class Door:
    """Keeps users out for a minute each, on a thread of its own.

    Passing over a message of a flood costs the hub a microsecond, but the broker twelve, and
    it has one processor: only who is not connected costs it nothing. `heed` has the broker read
    the password file again, so that it ends the connection; nothing where it does so by itself.
    `serves` says whether a broker reads that file: where none does, nobody is kept out.
    """

    def __init__(
        self,
        credentials: Credentials,
        heed: Callable[[], None],
        *,
        serves: Callable[[], bool] = lambda: True,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._heed = heed
        self._serves = serves
        self._monotonic_s = monotonic_s
        self._changed = threading.Condition()
        self._asked: set[str] = set()
        self._until_s: dict[str, float] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)

    def start(self) -> None:
        """Begin to keep out who is named; whoever an earlier door kept out is let in."""
        if out := self._credentials.kept_out():
            self._credentials.let_in(out)
        self._thread.start()

    def keep_out(self, user: str) -> bool:
        """Have a user kept out from now on; returns at once.

        False where it is out already, or nobody would keep it out.
        """
        with self._changed:
            if user in self._until_s or user in self._asked or not self._serves():
                return False
            self._asked.add(user)
            self._changed.notify_all()
            return True

    def stop(self) -> None:
        """End, and let everybody in."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        if self._until_s:
            with contextlib.suppress(OSError):  # the next door or broker does it
                self._credentials.let_in(self._until_s)

    def turn(self) -> None:
        """Keep out who was named since, and let in whose time is over."""
        now_s = self._monotonic_s()
        with self._changed:
            asked = frozenset(self._asked)
        over = frozenset(user for user, until_s in self._until_s.items() if until_s <= now_s)
        if over:
            self._credentials.let_in(over)
        if asked:
            self._credentials.keep_out(asked)
            _log.warning("kept out for %.0f s, for a flood: %s", OUT_S, ", ".join(sorted(asked)))
        with self._changed:
            self._asked -= asked
            kept = {user: until for user, until in self._until_s.items() if user not in over}
            self._until_s = kept | dict.fromkeys(asked, now_s + OUT_S)
        if asked or over:
            self._heed()

    def _run(self) -> None:
        while self._is_due():
            try:
                self.turn()
            except OSError as error:
                _log.error("the broker's password file could not be written: %s", error)
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, _AGAIN_S)

    def _is_due(self) -> bool:
        """Wait until somebody is to be kept out or let in; False at the end."""
        with self._changed:
            while not self._stopping and not self._asked:
                left_s = min(self._until_s.values(), default=None)
                wait_s = None if left_s is None else left_s - self._monotonic_s()
                if wait_s is not None and wait_s <= 0:
                    break
                self._changed.wait(wait_s)
            return not self._stopping
