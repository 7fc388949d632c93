"""Answers the hub that asks how this terminal is: looked into in a child process, sent in pieces.

What `terminal doctor` needs to look around would take some megabytes of the daemon for good.
"""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

import msgspec

from broker.contract.messages import in_pieces
from terminal.app.board import Board
from terminal.app.settings import Settings
from terminal.app.status import software
from terminal.core.ports import Clock, PrinterStatus
from terminal.devices.children import child_environment, python_child
from terminal.store import Store

_log = logging.getLogger(__name__)
_LONGEST_S: Final = 60
_AGAIN_MS: Final = 20_000
"""How soon the same is sent again at the earliest: the hub asks until it has all of it."""


class Standing(msgspec.Struct, frozen=True):
    """What the running counter knows that a child cannot: `facts` in words, and its printer."""

    facts: dict[str, str]
    printer: PrinterStatus | Literal["none"]


class Asked(msgspec.Struct, frozen=True):
    """What the child is given: the settings as they are used, and how the counter stands."""

    settings: dict[str, object]
    standing: Standing


@dataclass(slots=True)
class Diagnoses:
    """Takes what the hub asks for; `send` is given its id and the pieces of the answer.

    `password` is what the hub is looked for by.

    One answer is kept, so that the hub that lost a piece of it gets the very same again.
    """

    settings: Settings
    password: Callable[[], str]
    clock: Clock
    standing: Callable[[], Standing]
    send: Callable[[str, list[bytes]], None]
    _wanted: str | None = None
    _given: tuple[str, list[bytes]] | None = None
    _sent_ms: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, asked: str | None) -> None:
        """Answer what the hub asks for by this id; None where it asks for nothing."""
        self._wanted = asked
        if asked is None:
            self._given = None
        else:
            self._wake.set()

    async def run(self) -> None:
        """Look and send, whenever something is asked for."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            asked = self._wanted
            if asked is None:
                continue
            now_ms = self.clock.mono_ms()
            if self._given is None or self._given[0] != asked:
                _log.info("the hub asked how this terminal is")
                try:
                    self._given = (asked, await asyncio.to_thread(self._look, self.standing()))
                except OSError as error:
                    _log.warning("the hub asked how this terminal is: %s", error)
                    continue
            elif now_ms - self._sent_ms < _AGAIN_MS:
                continue
            self._sent_ms = self.clock.mono_ms()
            self.send(*self._given)

    def _look(self, standing: Standing) -> list[bytes]:
        """Look into this terminal; blocks for seconds. Raises OSError."""
        settings = {**asdict(self.settings), "data": str(self.settings.data)}
        settings["password"] = self.password()
        try:
            done = subprocess.run(
                python_child("terminal.app.diagnosis.child"),
                env=child_environment(),
                input=msgspec.json.encode(Asked(settings, standing)),
                capture_output=True,
                check=False,
                timeout=_LONGEST_S,
            )
        except subprocess.TimeoutExpired as error:
            raise OSError(f"nothing was found out within {_LONGEST_S} s") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-300:]
            raise OSError(f"nothing was found out: {said}")
        return in_pieces(done.stdout)


def standing_of(store: Store, board: Board, clock: Clock) -> Standing:
    """Tell how a running counter stands, and on which machine it runs."""
    machine = os.uname()
    facts = {
        "software": software(),
        "starts": str(store.boot),
        "machine on": f"{clock.mono_ms() // 3_600_000} h",
        "line": board.link,
        "printer": board.printer,
        "orders waiting": str(store.orders.count_waiting()),
        "slips waiting": str(store.spool.waiting()),
        "troubles": ", ".join(sorted(board.troubles)),
        "durability": store.durability,
        "machine": machine.machine,
        "system": f"{machine.sysname} {machine.release}",
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    return Standing(facts, board.printer)
