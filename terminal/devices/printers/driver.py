"""ESC/POS printers over TCP and serial lines: bytes out in pieces, and what became of them.

Sources: Epson ESC/POS command reference: DLE EOT (real-time status), GS r (status in order) and
GS ( H (process id). What is answered in order is answered only when everything sent before it has
been printed; DLE EOT is answered at once, also while the printer waits for paper.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from os import urandom
from typing import Final

from terminal.core.ports import Job, NotSentError, PrinterStatus, Proof
from terminal.core.text import plain
from terminal.devices.printers.cables import Cable, Connect, serial_cable, tcp_cable, usb_cable
from terminal.devices.printers.pacing import Pacing
from terminal.devices.printers.proofs import Barrier, CountedBarrier, DoubtError, NamedBarrier
from terminal.devices.printers.replies import Reply, ReplyReader
from terminal.devices.profiles import PROFILES, Profile
from terminal.devices.serial_line import Flow

_READ: Final = 1024
_DLE_EOT: Final = b"\x10\x04"
_STATUS_PRINTER: Final = 1
_STATUS_OFFLINE_CAUSE: Final = 2
_STATUS_PAPER: Final = 4
_COVER_OPEN: Final = 0x04
_PAPER_STOP: Final = 0x20
_PAPER_END: Final = 0x60
_OFFLINE: Final = 0x08
_ASKED_TWICE: Final = 2
_AHEAD: Final = 32
"""Bytes that a serial line is given ahead of what it carries."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for a printer to take a piece, for each kind of reply."""

    connect_s: float = 3.0
    piece_s: float = 60.0
    printed_s: float = 3.0
    status_s: float = 1.0


class EscposPrinter:
    """The `Printer` port over any cable.

    A printer that answers in order is never sent more than its buffer holds: a question goes behind
    each portion, and the next one waits for the answer. So a slip of any length loses nothing, also
    without flow control, and the line stays free to ask why nothing is printed.

    Over the network each job has a connection of its own, kept until the job is on paper: others
    may want to print too. A serial line is `lasting`: opening it anew resets some printers.
    """

    def __init__(
        self,
        connect: Connect,
        profile: Profile,
        *,
        lasting: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self._connect = connect
        self._profile = profile
        self._lasting = lasting
        self._patience = patience or Patience()
        self._cable: Cable | None = None
        self._replies = ReplyReader()
        self._realtime: list[int] = []
        self._noises = 0
        self._line_free_at = 0.0
        self._barrier: Barrier | None = None
        self._doubt: DoubtError | None = None
        self._rest: deque[bytes] = deque()
        self._under_way: deque[int] = deque()
        self._settled = 0

    async def send(self, job: Job) -> None:
        """Hand over one job, as much of it as the printer's buffer holds."""
        self._release()
        try:
            cable = await self._open()
        except OSError as error:
            raise NotSentError(plain(error) or type(error).__name__) from error
        await self._drop_stale(cable)
        self._rest, self._under_way, self._doubt = deque(job), deque(), None
        self._barrier, self._settled = self._new_barrier(), 0
        if self._barrier is None:
            await self._send_unanswered(cable)
        else:
            await self._hand_on(cable, self._barrier)

    async def proof(self) -> Proof:
        """Hand on what is left of the job, and tell whether all of it is on paper."""
        if self._barrier is None:
            # It took all of it and complains of nothing: no such printer can say more.
            silent = self._profile.status == "none"
            settled: Proof = "handed" if silent or await self.status() == "ready" else "waiting"
        else:
            settled = "printed" if await self._prove(self._barrier) else "waiting"
        if settled != "waiting":
            self._barrier = None
            self._release()
        return settled

    async def status(self) -> PrinterStatus:
        """Ask what is the matter; over a connection of its own where no job holds one."""
        if self._profile.status == "none":
            return "unknown"
        borrowed = self._cable is not None
        try:
            return await self._asked_status(await self._open())
        except OSError:
            return "offline"
        finally:
            if not borrowed:
                self._release()

    async def aclose(self) -> None:
        """Let the printer go; what was sent still goes out, as far as the printer takes it soon."""
        cable, self._cable = self._cable, None
        if cable is None:
            return
        cable.writer.write(b"".join(self._rest))
        self._rest.clear()
        try:
            async with asyncio.timeout(self._patience.status_s):
                await cable.finish()
        except OSError:  # a printer that takes no more in that time, or that is gone
            cable.writer.transport.abort()

    # --- the job ---

    def _new_barrier(self) -> Barrier | None:
        match self._profile.status:
            case "process_id":
                # A name at random: an answer to what was asked before a restart is none to this.
                return NamedBarrier(int.from_bytes(urandom(2), "big"))
            case "ordered":
                return CountedBarrier()
            case "realtime" | "none":
                return None

    async def _hand_on(self, cable: Cable, barrier: Barrier) -> None:
        """Send portions, each with a question behind it, while the printer has room for them."""
        while self._rest:
            pieces = self._portion()
            size = sum(map(len, pieces))
            if self._under_way and sum(self._under_way) + size > self._profile.buffer_bytes:
                return
            for _ in pieces:
                self._rest.popleft()
            self._under_way.append(size)
            await self._write(cable, b"".join(pieces) + barrier.question())

    def _portion(self) -> list[bytes]:
        """Give pieces up to half a buffer: the next ones arrive while these are printed."""
        pieces: list[bytes] = []
        room = self._profile.buffer_bytes // 2
        for piece in self._rest:
            room -= len(piece)
            if pieces and room < 0:
                break
            pieces.append(piece)
        return pieces

    async def _send_unanswered(self, cable: Cable) -> None:
        """Send a whole job, at the pace of paper, to a printer that answers nothing in order."""
        pacing = Pacing(self._profile.buffer_bytes)
        now_s = asyncio.get_running_loop().time
        while self._rest:
            piece = self._rest.popleft()
            if cable.held_by == "nothing":
                await asyncio.sleep(pacing.wait_s(len(piece), now_s()))
                pacing.add(len(piece), now_s(), cable.wire_s(len(piece)))
            await self._write(cable, piece)

    async def _prove(self, barrier: Barrier) -> bool:
        cable = self._cable
        if cable is None:
            raise ConnectionResetError("the connection to the printer was lost")
        patience = self._patience
        while self._under_way:
            if not await self._listen(
                cable, lambda: barrier.passed > self._settled, within_s=patience.printed_s
            ):
                return False
            for _ in range(barrier.passed - self._settled):
                self._under_way.popleft()
            self._settled = barrier.passed
            await self._hand_on(cable, barrier)
        if check := barrier.check():
            await self._write(cable, check)
            if not await self._listen(
                cable, lambda: not barrier.awaits_realtime, within_s=patience.status_s
            ):
                raise DoubtError("the printer sent what looks like an answer, then was not there")
        return await self._listen(cable, lambda: barrier.is_proven, within_s=patience.printed_s)

    # --- the line ---

    async def _asked_status(self, cable: Cable) -> PrinterStatus:
        cause = await self._ask(cable, _STATUS_OFFLINE_CAUSE)
        paper = await self._ask(cable, _STATUS_PAPER)
        printer = await self._ask(cable, _STATUS_PRINTER)
        if cause is None or paper is None or printer is None:
            return "unknown"
        if cause & _COVER_OPEN:
            return "cover_open"
        if cause & _PAPER_STOP or paper & _PAPER_END:
            return "paper_out"
        return "offline" if printer & _OFFLINE else "ready"

    async def _ask(self, cable: Cable, kind: int) -> int | None:
        """Ask DLE EOT; None where noise came beside each answer. Raises TimeoutError."""
        for _ in range(_ASKED_TWICE):
            self._realtime.clear()
            self._noises = 0
            await self._write(cable, _DLE_EOT + bytes([kind]))
            answered = await self._listen(
                cable, lambda: bool(self._realtime), within_s=self._patience.status_s, sure=False
            )
            if not answered:
                self._doubt_answers()
                raise TimeoutError("the printer does not answer")
            if not self._noises:
                return self._realtime[0]
        return None

    def _doubt_answers(self) -> None:
        """Doubt what has just come in, where the printer turns out to be off: a line that falls."""
        barrier = self._barrier
        if isinstance(barrier, CountedBarrier) and barrier.passed > self._settled:
            self._doubt = DoubtError("the printer sent what looks like an answer, and is off")

    async def _write(self, cable: Cable, piece: bytes) -> None:
        """Send bytes no faster than a serial line carries them.

        What lies in the system's buffers is beyond flow control, and stands before every question.
        """
        clock = asyncio.get_running_loop().time
        async with asyncio.timeout(self._patience.piece_s + cable.wire_s(len(piece))):
            size = len(piece) if cable.baud is None else _AHEAD
            for start in range(0, len(piece), size):
                part = piece[start : start + size]
                await cable.write(part)
                self._line_free_at = max(clock(), self._line_free_at) + cable.wire_s(len(part))
                if cable.baud is not None:
                    await asyncio.sleep(self._line_free_at - clock() - cable.wire_s(_AHEAD))

    async def _listen(
        self, cable: Cable, heard: Callable[[], bool], *, within_s: float, sure: bool = True
    ) -> bool:
        """Take replies until something was heard; False where it was not, in time.

        Time counts from when the line has carried what was written. With `sure`, it is about the
        job, and the doubt about it is raised.
        """
        backlog_s = max(0.0, self._line_free_at - asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(within_s + backlog_s):
                while not (sure and self._doubt) and not heard():
                    self._take(self._replies.feed(await self._received(cable)))
        except TimeoutError:
            self._take(self._replies.rest())
        if sure and self._doubt is not None:
            self._release()
            raise self._doubt
        return heard()

    def _take(self, replies: list[Reply]) -> None:
        for reply in replies:
            if reply.kind == "realtime":
                self._realtime.append(reply.status)
            self._noises += reply.kind == "noise"
            if self._barrier is not None and self._doubt is None:
                try:
                    self._barrier.take(reply)
                except DoubtError as doubt:
                    self._doubt = doubt

    async def _received(self, cable: Cable) -> bytes:
        received = await cable.reader.read(_READ)
        if not received:
            self._hang_up()
            raise ConnectionResetError("the printer closed the connection")
        return received

    async def _drop_stale(self, cable: Cable) -> None:
        """Forget what came before this job: it is about another one."""
        self._replies = ReplyReader()
        await asyncio.sleep(0)  # what lies in the system's buffer is taken in first
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0):
                    if not await cable.reader.read(_READ):
                        return

    async def _open(self) -> Cable:
        if self._cable is not None and self._cable.is_lost:
            self._hang_up()  # unplugged since the last slip: nothing was sent on it
        if self._cable is None:
            async with asyncio.timeout(self._patience.connect_s):
                self._cable = await self._connect()
            self._replies = ReplyReader()
        return self._cable

    def _release(self) -> None:
        """Let others have the printer."""
        if not self._lasting:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._cable is not None:
            self._cable.writer.close()
        self._cable = None


class NoPrinter:
    """No printer: slips stay in the spool, and nothing is said about them."""

    async def send(self, job: Job) -> None:
        """Refuse."""
        raise NotSentError(f"no printer is configured for a slip of {sum(map(len, job))} bytes")

    async def proof(self) -> Proof:
        """Nothing was sent."""
        return "waiting"

    async def status(self) -> PrinterStatus:
        """There is none."""
        return "none"

    async def aclose(self) -> None:
        """There is none to let go."""


def tcp_printer(
    host: str, port: int, profile: str, *, patience: Patience | None = None
) -> EscposPrinter:
    """Drive a printer in the network, usually on port 9100."""

    async def connect() -> Cable:
        return await tcp_cable(host, port)

    return EscposPrinter(connect, PROFILES[profile], patience=patience)


def serial_printer(
    path: str, baud: int, profile: str, *, flow: Flow = "none", patience: Patience | None = None
) -> EscposPrinter:
    """Drive a printer on a serial line."""

    async def connect() -> Cable:
        return await serial_cable(path, baud, flow)

    return EscposPrinter(connect, PROFILES[profile], lasting=True, patience=patience)


def usb_printer(path: str, profile: str, *, patience: Patience | None = None) -> EscposPrinter:
    """Make a printer on USB, which the system drives as a file: `/dev/usb/lp0`."""

    async def connect() -> Cable:
        return await usb_cable(path)

    return EscposPrinter(connect, PROFILES[profile], lasting=True, patience=patience)
