"""The terminal, put together and run."""

import asyncio
import json
import sys

from firmware.app.counter import Counter
from firmware.app.desk import Desk
from firmware.app.link import Link
from firmware.app.postbox import Postbox
from firmware.app.printing import QueuedSlips, SlipPrinter
from firmware.app.updater import Updater
from firmware.fetched.snapshots import SnapshotKeeper

_LONGEST_CODE = 640
_FEED_S = 1
_ENDINGS = b"\r\n"


class Terminal:
    """A terminal on a board."""

    def __init__(self, board: "BaseBoard", settings: "Settings") -> None:
        self._board = board
        self.desk = Desk(board, settings)
        self.counter = Counter(self.desk)
        postbox = Postbox(self.desk)
        self._updater = Updater(self.desk)
        self._parts = (
            self._updater,
            SnapshotKeeper(self.desk, postbox),
            Link(self.desk, postbox),
            QueuedSlips(self.desk),
            SlipPrinter(self.desk),
        )

    async def run(self) -> None:
        """Scan, print and stay connected, until an update is to be started.

        Where any part fails for good, end with its error.
        """
        self._failed = None
        self._tasks = [asyncio.create_task(self._guarded(part.run())) for part in self._parts]
        self._tasks.append(asyncio.create_task(self._guarded(self._scan())))
        self.counter.greet()
        there = self.desk.catalogue.is_there
        told = {"terminal": self.desk.settings.id, "catalogue": there}
        self._board.say("ready", json.dumps(told))
        self.desk.tell_waiting()
        try:
            while self._failed is None and not self._updater.is_due:
                self._board.feed_watchdog()
                await asyncio.sleep(_FEED_S)
        finally:
            self._end()
        if self._failed is not None:
            raise self._failed

    async def _guarded(self, work: "Awaitable[None]") -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001  # whatever it is, a new start is the way out
            self._failed = error  # first: telling it may find no memory
            self._end()  # nobody goes on with what is half done
            sys.print_exception(error)

    def _end(self) -> None:
        """End all parts; a part that calls this ends by itself."""
        for task in self._tasks:
            try:
                task.cancel()
            except RuntimeError:
                continue

    async def _scan(self) -> None:
        """Read codes, each ended by a line break; what is longer than any code is dropped."""
        code = b""
        while True:
            byte = await self._board.scanned()
            if not byte:
                return
            if byte in _ENDINGS:
                if code and len(code) <= _LONGEST_CODE:
                    self.counter.handle(_text(code))
                code = b""
            elif len(code) <= _LONGEST_CODE:
                code += byte


def _text(code: bytes) -> str:
    """Read a scan as text: UTF-8, or else its bytes one by one."""
    try:
        return code.decode()
    except UnicodeError:
        return "".join([chr(byte) for byte in code])
