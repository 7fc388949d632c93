"""A broker of our own that is started again when it dies."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from broker.contract.address import BrokerAddress
from broker.embedded.credentials import Credentials
from broker.embedded.running import BrokerStartError, RunningBroker
from broker.embedded.start import BrokerKind, start_broker

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 60.0
"""Also how long a broker has to live for its next end to count as the first."""
_APART_S: Final = 0.5
"""How far apart a broker is asked to read again: asked while it reads, Mosquitto forgets it."""


class KeptBroker:
    """The broker in `folder`; `tend` is called now and then, and starts it again if need be.

    Whoever was kept out of it when the one before ended is let in.

    The first time at once, then after a pause that doubles up to a minute, for as long as it dies
    soon: a broker that the kernel kills for want of memory must not keep the machine from all else.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        kind: BrokerKind = "auto",
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._kind: BrokerKind = kind
        self._monotonic_s = monotonic_s
        self._pause_s = _FIRST_PAUSE_S
        self._started_at = monotonic_s()
        self._not_before = 0.0
        self._credentials = Credentials(folder)
        if out := self._credentials.kept_out():
            self._credentials.let_in(out)
        self._heeding = threading.Lock()
        self._heeded, self._heeded_at = self._credentials.version(), monotonic_s()
        self._broker: RunningBroker = start_broker(folder, port=port, kind=kind)

    @property
    def address(self) -> BrokerAddress:
        """Where it listens; that stays when it is started again."""
        return self._broker.address

    @property
    def pid(self) -> int:
        """Name the process it runs in."""
        return self._broker.pid

    def describe(self) -> str:
        """Name it with its version, for people."""
        return self._broker.describe()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._broker.alive()

    def heed(self) -> None:
        """Have it read who may connect where that was written anew; any thread may call this.

        What is written less than half a second after it was read is left to the next call.
        """
        with self._heeding:
            now_s, version = self._monotonic_s(), self._credentials.version()
            if version == self._heeded or now_s - self._heeded_at < _APART_S:
                return
            self._heeded, self._heeded_at = version, now_s
        broker = self._broker
        if broker.alive():  # one that is down reads it when it starts
            broker.reload()

    def tend(self) -> None:
        """Have it heed who may connect; start it again where it has ended and its pause is over."""
        self.heed()
        now_s = self._monotonic_s()
        if self._broker.alive() or now_s < self._not_before:
            return
        _log.error("%s ended by itself: starting it again", self._broker.kind)
        was_steady = now_s - self._started_at >= _LONGEST_PAUSE_S
        self._pause_s = _FIRST_PAUSE_S if was_steady else min(2 * self._pause_s, _LONGEST_PAUSE_S)
        self._started_at, self._not_before = now_s, now_s + self._pause_s
        try:
            self._broker = start_broker(self._folder, port=self.address.port, kind=self._kind)
        except BrokerStartError as error:
            _log.error("the broker did not start: %s", error)

    def stop(self) -> None:
        """Stop it for good."""
        self._broker.stop()
