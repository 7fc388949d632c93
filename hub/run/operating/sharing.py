"""Which terminals this process decides for, where several take orders: whole shards of them.

A shard's terminals are one process's at a time, so that a terminal's orders are decided in their
order, and what is remembered of a terminal between messages is in one place. The hold is a lock of
the database: a killed process lets go at once, and the others share its shards within a second.
"""

import logging
import math
import threading
from typing import Final, Protocol

from broker.contract.topics import SHARDS, any_up, shard_of
from hub.base.engine.database import Database
from hub.base.engine.holding import Holding, LostHoldError

_log = logging.getLogger(__name__)
_LOOK_S: Final = 0.5


class Ear(Protocol):
    """What of the link the shards need: to hear a filter, and to hear it no more."""

    def listen(self, topic: str) -> None:
        """Hear what a filter matches."""

    def ignore(self, topic: str) -> None:
        """Hear no more what a filter matches."""


class SharedShards:
    """Holds a fair part of the shards, and has the link hear their terminals alone."""

    def __init__(self, database: Database, link: Ear) -> None:
        self._holding = Holding(database)
        self._link = link
        self._held: set[int] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="shards", daemon=True)

    def share(self) -> None:
        """Come nearer to a fair part once; a database that went away takes all of it."""
        try:
            self._share()
        except LostHoldError as error:
            _log.warning("the shards are lost with the database: %s", error)
            self._drop_all()

    def start(self) -> None:
        """Keep to a fair part from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Hear nobody any more, and let go."""
        self._stopping.set()
        self._thread.join()
        self._drop_all()
        self._holding.close()

    @property
    def held(self) -> frozenset[int]:
        """Name the shards of this process."""
        return frozenset(self._held)

    def has(self, terminal: str) -> bool:
        """Tell whether a terminal is this process's to decide for."""
        return shard_of(terminal) in self._held

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            self.share()

    def _share(self) -> None:
        """Come nearer to a fair part: give what is too much, take what is free."""
        fair = math.ceil(SHARDS / max(self._holding.count_holders(), 1))
        for shard in sorted(self._held)[fair:]:
            # First deaf, then free: what has come already is decided here and is not lost.
            self._link.ignore(any_up(shard))
            self._held.discard(shard)
            self._holding.give(shard)
        for shard in range(SHARDS):
            if len(self._held) >= fair:
                return
            if shard not in self._held and self._holding.take(shard):
                self._held.add(shard)
                self._link.listen(any_up(shard))
                _log.info("shard %d is decided here", shard)

    def _drop_all(self) -> None:
        for shard in sorted(self._held):
            self._link.ignore(any_up(shard))
        self._held.clear()
