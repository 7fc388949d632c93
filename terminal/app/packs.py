"""The rule pack in force, and the one that will follow it between two orders."""

import logging
from datetime import date
from functools import lru_cache
from typing import Final

from rules import CompiledPack, PackLoadError, load_pack
from terminal.app.machine.memory import give_back, keep_for_good
from terminal.core.packs import PackHold, older, too_early
from terminal.store import Store

_log = logging.getLogger(__name__)
_MOST_KEPT: Final = 1_000
"""Of so many products the rules may keep what they found, at most, when an order begins."""


@lru_cache(maxsize=2)
def loaded(body: bytes) -> CompiledPack:
    """Compile a pack; the last two are kept, and many terminals of one process share them."""
    return load_pack(body, sparing=True)


class Packs:
    """Keeps a terminal's packs; what is put in force here has been proven before.

    `hold` is why the pack that the hub wants is not in force, None while nothing keeps it from it.
    `fault` is what was wrong with the stored ones at the start.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next: tuple[CompiledPack, bytes] | None = None
        self.hold: PackHold | None = None
        self.fault = ""
        self.active: CompiledPack | None = None
        stored = self._load_stored()
        if stored is not None:
            self._use(stored)

    @property
    def awaited(self) -> str | None:
        """The hash of the pack that will follow."""
        return self._next[0].hash if self._next else None

    def want(self, digest: str) -> None:
        """Take note of which pack the hub wants now; another one will not follow any more."""
        if self._next is not None and self._next[0].hash != digest:
            self._next = self.hold = None
        if self.active is not None and self.active.hash == digest:
            self.hold = None

    def follow(self, pack: CompiledPack, body: bytes) -> PackHold | None:
        """Have a proven pack follow the one in force, or say why it may not."""
        hold = older(pack, self.active)
        if hold is None:
            self._next, self.hold = (pack, body), None
        return hold

    def refuse(self, hold: PackHold) -> None:
        """Leave the pack in force where it is."""
        self.hold = hold

    def take_up(self, today: date | None) -> bool:
        """Put the next pack in force; the caller says that no order is open. True where it is.

        It is on disk whole, beside the one before it, or not at all. `today` is the distributor's
        day, None where the hub's time is not known.
        """
        if self._next is None:
            return False
        pack, body = self._next
        self.hold = too_early(pack, today)
        if self.hold is not None:
            return False
        self._store.swap_pack(pack.hash, body)
        self._use(pack)
        self._next = None
        _log.info("rule pack %s %d is in force", pack.name, pack.version, extra={"pack": pack.hash})
        return True

    def rest(self) -> None:
        """Let go of what was kept of past orders, between two of them, and give the memory back.

        Of 8,000 different products, as one long day sells, it would be 12 MiB.
        """
        if self.active is not None:
            self.active.forget(_MOST_KEPT)
        give_back()

    def _use(self, pack: CompiledPack) -> None:
        """Put a pack in force. It stays for good: the collector of garbage looks at it no more.

        Else it would go through 1,000 schemes in the middle of somebody's scan, again and again.
        """
        self.active = pack
        keep_for_good()
        give_back()

    def _load_stored(self) -> CompiledPack | None:
        """Load the current pack, else the one before it; they were proven when they came."""
        for digest, body in self._store.packs():
            try:
                pack = load_pack(body, sparing=True)
            except PackLoadError as error:
                self.fault = f"stored pack {digest[:12]} does not load: {error}"
            else:
                if pack.hash == digest:
                    return pack
                self.fault = f"stored pack {digest[:12]} is damaged: its bytes have another hash"
            _log.error(self.fault)
        return None
