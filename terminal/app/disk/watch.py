"""The disk: what it keeps from being stored is said, and tried until it can be."""

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Callable
from typing import Final

from terminal.app.board import Board
from terminal.core.words import said
from terminal.store import Store

_log = logging.getLogger(__name__)
_TRY_EVERY_S: Final = 2.0
TROUBLE: Final = "disk"
"""The name of this trouble on the board."""


_OF_DISK: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO, errno.EISDIR}
)


def is_of_disk(error: Exception) -> bool:
    """Tell a disk that takes nothing from a network that is not there; both are OSErrors."""
    return isinstance(error, sqlite3.Error) or getattr(error, "errno", None) in _OF_DISK


class DiskWatch:
    """Has the disk's trouble stand on the screen until something can be written again."""

    def __init__(self, store: Store, board: Board) -> None:
        self._store = store
        self._board = board
        self._failed = asyncio.Event()
        self.on_well: Callable[[], None] = lambda: None

    def failed(self, error: Exception) -> None:
        """Take note that something could not be written."""
        if not self._failed.is_set():
            _log.error("the disk cannot be written: %s", error)
        self._failed.set()
        self._board.trouble(TROUBLE, said("trouble.disk"))

    async def run(self) -> None:
        """Try, while there is a trouble, and say when it is over."""
        while True:
            await self._failed.wait()
            await asyncio.sleep(_TRY_EVERY_S)
            try:
                self._store.try_to_write()
            except (sqlite3.Error, OSError):
                continue
            _log.info("the disk can be written again")
            self._failed.clear()
            self._board.over(TROUBLE)
            self.on_well()
