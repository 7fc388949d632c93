"""Prints what is spooled: one slip at a time, each sent once."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from terminal.app.board import Board
from terminal.core.layout import Row, read_from_right
from terminal.core.ports import Encoder, NotSentError, Printer, PrinterStatus
from terminal.core.slip import with_copy
from terminal.store import Store
from terminal.store.records import SlipState, SpoolJob

_log = logging.getLogger(__name__)
_rows: Final = msgspec.json.Decoder(tuple[Row, ...])
_ASK_EVERY_S: Final = 10.0
_RETRY_S: Final = 2.0
_SILENCES: Final = 3
_LOOK_AGAIN_S: Final = 0.5
_TRIES: Final = 3
_UNABLE: Final[frozenset[PrinterStatus]] = frozenset({"offline", "none", "paper_out", "cover_open"})


class SlipPrinter:
    """Owns the printer: nobody else talks to it, so its answers are never mixed up."""

    def __init__(self, store: Store, board: Board, *, printer: Printer, encoder: Encoder) -> None:
        self._store = store
        self._board = board
        self._printer = printer
        self._encoder = encoder
        self._wake = asyncio.Event()
        self._failures: Counter[int] = Counter()
        self.on_unknown: Callable[[SpoolJob], None] = lambda _job: None

    def wake(self) -> None:
        """Look into the spool."""
        self._wake.set()

    def warm(self) -> None:
        """Expect a slip soon."""
        self._encoder.warm()

    async def run(self) -> None:
        """Print, for ever.

        A printer that says that it cannot print now is sent nothing. It would keep what it takes:
        a QUEUED slip that nobody saw would come out after its answer, and a slip that waits in a
        printer is lost where somebody switches it off to put paper in.
        """
        while True:
            self._wake.clear()
            job = self._store.spool.next_job()
            status = await self._note_status()
            if job is None:
                await self._idle(_ASK_EVERY_S if status in {"ready", "none"} else _RETRY_S)
            elif status in _UNABLE or not await self._print(job):
                await self._idle(_RETRY_S)

    async def _idle(self, longest_s: float) -> None:
        try:
            async with asyncio.timeout(longest_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _print(self, job: SpoolJob) -> bool:
        """Print one slip; False where the printer could not be reached and it still waits.

        It is called sent before its first byte leaves: after a power cut in between it is unknown
        whether it was printed, and a copy that says COPY is better than two orders' worth of goods.
        """
        try:
            encoded = await self._encoder.encode(self._copied(job))
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            _log.warning("slip not encoded: %s", error, extra={"order": job.order_id})
            return self._given_up(job)
        if not self._mark(job, "sent"):
            return True  # its answer came meanwhile, and took it out of the spool
        fate: SlipState = "unknown"
        try:
            await self._printer.send(encoded)
            fate = await self._on_paper()
        except NotSentError as error:
            _log.info("printer not reached: %s", error, extra={"order": job.order_id})
            self._store.spool.put_back(job.id)
            self._board.refresh()
            return False
        except OSError as error:
            _log.warning("printer lost: %s", error, extra={"order": job.order_id})
        self._mark(job, fate)
        if fate == "unknown":
            self.on_unknown(job)
        return True

    def _copied(self, job: SpoolJob) -> tuple[Row, ...]:
        voice = self._board.knowledge.voice
        rows = with_copy(_rows.decode(job.body), job.copy, voice)
        return read_from_right(rows) if voice.is_rtl else rows

    def _given_up(self, job: SpoolJob) -> bool:
        """Let go of a slip that cannot be encoded: it must not hold up those behind it."""
        self._failures[job.id] += 1
        if self._failures[job.id] < _TRIES:
            return False
        self._mark(job, "unknown")
        self.on_unknown(job)
        return True

    async def _on_paper(self) -> SlipState:
        """Wait until the slip is on paper, however long paper is missing or the cover is open.

        The printer holds the job meanwhile and prints it by itself; only one that says it is ready
        and yet does not report the end is given up.
        """
        silences = 0
        while (proof := await self._printer.proof()) == "waiting":
            status = await self._printer.status()
            self._show(status)
            silences = silences + 1 if status in {"ready", "unknown"} else 0
            if silences >= _SILENCES:
                return "unknown"
            await asyncio.sleep(_LOOK_AGAIN_S)
        if proof == "printed":
            self._show("ready")
        return proof

    def _mark(self, job: SpoolJob, state: SlipState) -> bool:
        """Move a slip on; False where it is not in the spool any more."""
        if not self._store.spool.mark(job.id, state):
            return False
        _log.info("slip %s", state, extra={"order": job.order_id, "slip": job.id})
        self._board.refresh()
        return True

    async def _note_status(self) -> PrinterStatus:
        status = await self._printer.status()
        self._show(status)
        return status

    def _show(self, status: PrinterStatus) -> None:
        if status != self._board.printer:
            self._board.printer = status
            self._board.refresh()
