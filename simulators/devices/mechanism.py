"""A printer without its cable: buffer, faults, pace, status answers. Time comes in as a number."""

from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from simulators.devices.commands import Command, Parser
from simulators.devices.interpreter import Interpreter
from simulators.devices.paper import Cut, DrawerKick, Outcome, Paper
from simulators.devices.profile import Pace, PrinterProfile

_EOT, _DC4 = b"\x10\x04", b"\x10\x14"
_CUT = b"\x1dV"
_STATUS, _IDENTITY, _PUSH, _PROCESS = b"\x1dr", b"\x1dI", b"\x1da", b"\x1d(H"
_XON, _XOFF = b"\x11", b"\x13"


class Fault(StrEnum):
    """What can be wrong with a printer; all but the near end stop it."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    PAPER_NEAR_END = "paper_near_end"


STOPPING: Final = frozenset({Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE})


class Sender:
    """One connection to the printer: where its stream stands, and what goes back to it."""

    def __init__(self) -> None:
        self.parser = Parser()
        self.replies = bytearray()
        self.wants_pushes = False
        self.is_held = False
        """It was told by XOFF to wait."""


class Mechanism:
    """Receives commands into a buffer and prints them one after the other.

    Realtime commands (`DLE`) are obeyed on arrival; all others wait for what came before them to
    be printed, which makes the answer to `GS r 1` the proof that a job is on paper.
    """

    def __init__(
        self, profile: PrinterProfile, pace: Pace, on_outcome: Callable[[Outcome], None]
    ) -> None:
        self.paper = Paper(profile.width)
        self.faults: frozenset[Fault] = frozenset()
        self.is_on = True
        self.lost_bytes = 0
        """What came while there was no room for it."""
        self._profile = profile
        self._pace = pace
        self._on_outcome = on_outcome
        self._interpreter = Interpreter(profile)
        self._buffer: deque[tuple[Sender, Command]] = deque()
        self._buffered = 0
        self._free_at = 0.0
        self._watchers: list[Sender] = []
        self._held_back: list[Sender] = []

    @property
    def has_room(self) -> bool:
        """Tell whether the printer takes more bytes now."""
        return self._buffered < self._profile.buffer_bytes

    @property
    def held_slips(self) -> int:
        """Count the slips that are in the buffer down to their cut."""
        return sum(command.code == _CUT for _, command in self._buffer)

    @property
    def has_printed_all(self) -> bool:
        """Tell whether nothing waits to be printed."""
        return not self._buffer

    @property
    def takes_more(self) -> bool:
        """Tell whether to read on: with room, or where what there is no room for is lost."""
        return self.has_room or self._profile.flow != "held"

    def receive(self, sender: Sender, stream: bytes) -> None:
        """Take bytes from a sender, in any chunks."""
        if not self.is_on:
            return
        if self._profile.flow != "held":
            room = max(0, self._profile.buffer_bytes - self._buffered)
            self.lost_bytes += max(0, len(stream) - room)
            stream = stream[:room]
        self._store(sender, stream)
        almost_full = self._buffered > self._profile.buffer_bytes * 3 // 4
        if self._profile.flow == "xonxoff" and almost_full and not sender.is_held:
            sender.is_held = True
            self._held_back.append(sender)
            sender.replies += _XOFF

    def _store(self, sender: Sender, stream: bytes) -> None:
        for command in sender.parser.feed(stream):
            if command.code == _EOT:
                sender.replies += realtime_status(command.args[0], self.faults)
            elif command.code == _DC4 and command.args[0] == 1:
                self._happen(DrawerKick(5 if command.args[1] & 1 else 2))
            else:
                self._buffer.append((sender, command))
                self._buffered += command.size

    def run(self, now_s: float) -> float | None:
        """Print what is due and tell in how many seconds more will be; None if nothing waits."""
        while self._buffer and not self.faults & STOPPING:
            if self._free_at > now_s:
                return self._free_at - now_s
            sender, command = self._buffer.popleft()
            self._buffered -= command.size
            self._let_on()
            self._answer(sender, command)
            dots = 0
            for outcome in self._interpreter.execute(command):
                self._happen(outcome)
                if self._pace.mm_per_s:
                    dots += outcome.dots
            self._free_at = now_s + self._pace.print_s(dots)
        return None

    def _let_on(self) -> None:
        """Tell who waits since XOFF to go on, once three quarters of the buffer are free."""
        if self._buffered <= self._profile.buffer_bytes // 4:
            for sender in self._held_back:
                sender.is_held = False
                sender.replies += _XON
            self._held_back.clear()

    def switch_off(self) -> None:
        """Lose the power: what was not printed is lost, and with it all that was set."""
        self.is_on = False
        self._buffer.clear()
        self._buffered = 0
        self._watchers.clear()
        self._held_back.clear()
        self._interpreter = Interpreter(self._profile)

    def switch_on(self) -> None:
        """Start anew."""
        self.is_on = True

    def set_faults(self, faults: frozenset[Fault]) -> None:
        """Change what is wrong, and tell the senders that asked to be told (`GS a`)."""
        if faults == self.faults:
            return
        self.faults = faults
        for sender in self._watchers:
            sender.replies += automatic_status(faults)

    def forget(self, sender: Sender) -> None:
        """Let go of a sender that has gone; what it sent whole stays and prints."""
        if sender in self._watchers:
            self._watchers.remove(sender)

    def tear(self) -> None:
        """Tear the paper off by hand."""
        self._happen(Cut())

    def _happen(self, outcome: Outcome) -> None:
        self.paper.add(outcome)
        self._on_outcome(outcome)

    def _answer(self, sender: Sender, command: Command) -> None:
        if command.code == _STATUS:
            sender.replies += ordered_status(command.args[0], self.faults)
        elif command.code == _IDENTITY:
            sender.replies += self._identity(command.args[0])
        elif command.code == _PROCESS and self._profile.process_ids:
            # Behind the two bytes of its length stand function and `0`, then the four of its name.
            sender.replies += b'7"' + command.args[4:8] + b"\0"
        elif command.code == _PUSH:
            self.forget(sender)
            if command.args[0]:
                self._watchers.append(sender)
                sender.replies += automatic_status(self.faults)

    def _identity(self, asked: int) -> bytes:
        """Answer `GS I`: numbers for 1 to 3, names for 65 to 68."""
        profile = self._profile
        names = {65: "1.0", 66: profile.maker, 67: profile.model, 68: "0001"}
        if asked in names:
            return b"_" + names[asked].encode() + b"\0"
        numbers = {1: 0x20, 2: 0x02 if profile.has_knife else 0x00, 3: 0x01}
        number = numbers.get(asked - 48 if asked > 48 else asked)  # noqa: PLR2004 - "1" is 1
        return b"" if number is None else bytes([number])


def realtime_status(asked: int, faults: frozenset[Fault]) -> bytes:
    """Answer `DLE EOT n`: 1 printer, 2 why it is offline, 3 errors, 4 paper."""
    status = 0x12
    match asked:
        case 1:
            status |= 0x08 if faults & STOPPING else 0
        case 2:
            status |= 0x04 if Fault.COVER_OPEN in faults else 0
            status |= 0x20 if Fault.PAPER_OUT in faults else 0
        case 3:
            pass
        case 4:
            # The end has passed the near-end sensor too.
            status |= 0x0C if faults & {Fault.PAPER_NEAR_END, Fault.PAPER_OUT} else 0
            status |= 0x60 if Fault.PAPER_OUT in faults else 0
        case _:
            return b""
    return bytes([status])


def ordered_status(asked: int, faults: frozenset[Fault]) -> bytes:
    """Answer `GS r n`: 1 paper, 2 drawer (closed)."""
    match asked:
        case 1 | 49:
            return bytes([0x03 if Fault.PAPER_NEAR_END in faults else 0])
        case 2 | 50:
            return b"\0"
        case _:
            return b""


def automatic_status(faults: frozenset[Fault]) -> bytes:
    """Make the four bytes that `GS a` has pushed on each change."""
    printer = 0x10
    printer |= 0x08 if faults & STOPPING else 0
    printer |= 0x20 if Fault.COVER_OPEN in faults else 0
    paper = 0x03 if faults & {Fault.PAPER_NEAR_END, Fault.PAPER_OUT} else 0
    paper |= 0x0C if Fault.PAPER_OUT in faults else 0
    return bytes([printer, 0, paper, 0])
