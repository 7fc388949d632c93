"""Prints slips, one after the other, each once: sent, then printed or unknown."""

import asyncio

from firmware.board.loading import let_go
from firmware.flash.journal import PRINTABLE

PRINTED_WITHIN_S = 30

_BARRIER = b"\x1dr\x01"
"""`GS r 1`: its reply comes when all before it was printed."""
_ASK_PAPER = b"\x10\x04\x04"
_ANSWER_S = 1
_TICK_MS = 250
_TRIES = 2
_FAULTS = (OSError, MemoryError, ValueError, KeyError, TypeError)
"""Of the flash, of a full heap, and of an answer that cannot be read."""
_WHILE_PRINTING = (
    "firmware.app.reports",
    "firmware.app.slips",
    "firmware.app.questions",
    "firmware.app.claims",
    "firmware.core.reports",
    "firmware.core.answers",
    "firmware.core.slip",
    "firmware.core.escpos",
    "firmware.core.layout",
)


class QueuedSlips:
    """Has the slip QUEUED printed of orders whose answer does not come in time.

    What the hub was asked and did not answer in time it gives up, too.
    """

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def run(self) -> None:
        """Look at what waits, until cancelled; also while the printer holds everything up."""
        desk = self._desk
        while True:
            try:
                self._spool()
                if desk.asked is not None and desk.asked[2] < desk.board.ticks_ms():
                    from firmware.app.questions import give_up

                    give_up(desk)
            except (OSError, MemoryError) as error:
                desk.board.say("warning", "spooling: %r" % error)
                desk.reload()
            await desk.board.sleep(_TICK_MS, "queued")

    def _spool(self) -> None:
        desk = self._desk
        now = desk.board.ticks_ms()
        for seq, due_ms in list(desk.queued_due.items()):
            if due_ms > now and desk.reachable:
                continue
            stored = desk.journal.by_seq(seq)
            if stored is not None and stored.is_waiting and stored.slip is None:
                if desk.journal.count_slips() < PRINTABLE:
                    desk.journal.spool_queued(stored)
                else:
                    # The printer is off, or slower than the shop: the answer's slip is enough.
                    desk.journal.leave_queued(stored)
                desk.board.wake()
            desk.queued_due.pop(seq, None)


class SlipPrinter:
    """Takes what the journal has spooled to the printer."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._tried: Any = None
        self._tries = 0

    async def run(self) -> None:
        """Print whatever waits, until cancelled."""
        desk = self._desk
        while True:
            try:
                await self._next()
            except _FAULTS as error:
                let_go(*_WHILE_PRINTING)
                desk.board.say("warning", "printing: %r" % error)
                desk.reload()
                await asyncio.sleep(1)

    async def _next(self) -> None:
        """Print what comes next; where nothing does, tidy up and rest."""
        desk = self._desk
        # In the printer nothing is: what is said to be was broken off, as by a full heap.
        for slip in desk.journal.give_up():
            self._remark_unknown(slip)
        if desk.copies:
            if self._may_try(desk.copies[0]):
                await self._copy(desk.copies[0])
            desk.copies.pop(0)
            self._tried = None
        elif desk.journal.slips():
            await self._print(desk.journal.slips()[0])
        else:
            let_go(*_WHILE_PRINTING)
            if not desk.order.lines:
                desk.journal.tidy()
            await desk.board.sleep(_TICK_MS, "printer")

    def _may_try(self, slip: "Any") -> bool:
        """Tell whether a slip is to be made, a second time where it failed; never a third."""
        self._tries = self._tries + 1 if slip == self._tried else 1
        self._tried = slip
        return self._tries <= _TRIES

    async def _print(self, slip: "Slip") -> None:
        """Print a slip; it is kept as sent before its first byte leaves, and after it was made."""
        journal, printed = self._desk.journal, False
        if self._may_try(slip.number):
            rows = self._slip(slip, 0)
            journal.slip_became(slip, "sent")
            printed = await self._out(rows)
        journal.slip_became(slip, "printed" if printed else "unknown")
        if not printed:
            self._remark_unknown(slip)

    def _remark_unknown(self, slip: "Slip") -> None:
        text = "a slip may not have been printed: REPRINT gives a copy"
        self._desk.remark("warning", "print_unknown", text, order=slip.stored.order)

    async def _copy(self, slip: "Slip | Report") -> None:
        """Print a copy, counted before it is printed, or a slip of no order's lines."""
        if isinstance(slip, tuple):
            from firmware.app.reports import report_bytes

            await self._out(report_bytes(self._desk, slip))
            return
        rows = self._slip(slip, slip.copies + 1)
        slip.copies += 1
        self._desk.journal.slip_became(slip, "printed")
        await self._out(rows)

    def _slip(self, slip: "Slip", copy: int) -> "Iterator[bytes]":
        from firmware.app.slips import slip_bytes

        return slip_bytes(self._desk, slip, copy)

    async def _out(self, chunks: "Iterator[bytes]") -> bool:
        """Send a slip to the printer; False where it is not known to be on paper."""
        board, settings = self._desk.board, self._desk.settings
        if not board.has_printer:
            self._desk.printer_is("none")
            return True
        board.forget_printer_input()
        try:
            for chunk in chunks:
                await board.print(chunk)
            await board.print(_BARRIER)
        except MemoryError:  # on the paper it ends here; printed again it would be there twice
            return False
        except (OSError, asyncio.TimeoutError):
            self._desk.printer_is("offline")
            return False
        if not settings.printer_answers:
            return True
        return await self._was_printed()

    async def _was_printed(self) -> bool:
        """Wait for the barrier's reply; a printer without paper holds the slip, and so do we."""
        waited = 0
        while waited < PRINTED_WITHIN_S:
            reply = await self._desk.board.printer_reply(_ANSWER_S)
            waited += _ANSWER_S
            if reply is None:
                await self._desk.board.print(_ASK_PAPER)
            elif reply & 0x93 == 0x12:
                self._desk.printer_is("paper_out" if reply & 0x60 else "ready")
                if reply & 0x60:
                    waited = 0
            else:
                self._desk.printer_is("ready")
                return True
        self._desk.printer_is("offline")
        return False
