"""Does what the sheet's codes ask of the machine: sounds, Wi-Fi, updates, enrolment."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, Literal

from broker.contract.software import UpdateState
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.app.machine.network import join_network
from terminal.app.update.updates import Updates
from terminal.core.codes import Awaited, WifiRead
from terminal.core.ports import Network
from terminal.core.text import clean
from terminal.core.words import Said, said
from terminal.store import Store

VOLUMES: Final = ("off", "low", "medium", "loud")
"""How loud the counter is, by the number that is kept; each is one louder than that before it."""
_SAID: Final[Mapping[UpdateState, str]] = {
    "none": "update.newest",
    "taken": "update.newest",
    "fetching": "update.coming",
    "waiting": "update.waiting",
    "trying": "update.waiting",
    "failed": "update.failed",
    "refused": "update.failed",
}


class MachineDesk:
    """Answers the codes that are about the machine; `updates` are None where it never updates."""

    def __init__(
        self,
        store: Store,
        *,
        knowledge: Knowledge,
        board: Board,
        network: Network,
        updates: Callable[[], Updates | None],
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._network = network
        self._updates = updates
        self._joining: asyncio.Task[None] | None = None

    def answer(self, command: Literal["VOLUME", "UPDATE", "ENROL"], *, read: str) -> None:
        """Answer a command."""
        match command:
            case "VOLUME":
                told = self._louder()
            case "UPDATE":
                told = self._hurry()
            case "ENROL":
                told = said("enrol.scan_now", terminal=self._board.terminal)
        self._board.tell(told, read=read)

    def join(self, wifi: WifiRead, awaited: Awaited | None, *, read: str) -> None:
        """Join the network that WIFI asked for: one that is scanned alone changes nothing."""
        is_late = awaited is None or awaited.is_late(self._knowledge.now().mono_ms)
        if awaited is None or is_late or awaited.purpose != "WIFI":
            self._board.tell(said("wifi.first"), "error", read=read)
        elif self._joining is not None and not self._joining.done():
            self._board.tell(said("ask.one_at_a_time"), "error", read=read)
        else:
            self._board.tell(said("wifi.joining", name=clean(wifi.name)), read=read)
            self._joining = asyncio.get_running_loop().create_task(self._join(wifi))

    async def _join(self, wifi: WifiRead) -> None:
        self._board.tell(*await join_network(self._network, wifi))

    def _louder(self) -> Said:
        """Make the counter one louder, and after the loudest quiet."""
        volume = (self._board.volume + 1) % len(VOLUMES)
        self._store.keep_volume(volume)
        self._board.volume = volume
        return said("volume.now", volume=said(f"volume.{VOLUMES[volume]}"))

    def _hurry(self) -> Said:
        """Have what the hub offers fetched without waiting for another try; say how far it is."""
        updates = self._updates()
        if updates is None:
            return said("update.none")
        updates.keeper.hurry()
        told = updates.keeper.said()
        name = _SAID[told.state]
        if name == "update.newest" and not told.number:
            name = "update.packaged"  # what the package brought has no number
        return said(name, number=told.number, why=self._board.software_hold)
