"""What the terminal needs from the outside; devices and simulations implement these."""

from collections.abc import Sequence
from typing import Literal, Protocol

from terminal.core.codes.wifi import WifiRead
from terminal.core.layout import Row
from terminal.core.screen import Screen

PrinterStatus = Literal["ready", "offline", "paper_out", "cover_open", "none", "unknown"]
Beep = Literal["ok", "error", "done"]
Job = tuple[bytes, ...]
"""One slip's bytes, in pieces that each end with a whole line: a printer may rest between two."""
NotJoined = Literal["not_there", "refused", "late", "unmanaged", "failed"]
"""No such network; a wrong password; no answer; nothing here joins networks; anything else."""
Proof = Literal["printed", "waiting", "handed"]
"""What a printer says of its job: on paper; not yet, or no word; taken, and it cannot say more."""


class NotSentError(Exception):
    """The printer could not be reached; not one byte of the job left, so it may be sent again."""


class Scanner(Protocol):
    """Where codes come from: a serial scanner, standard input, a simulation."""

    async def read(self) -> str:
        """Wait for the next code, without its line end; a device that is gone is waited for.

        Raises EOFError when no code can ever come again.
        """
        ...


class Printer(Protocol):
    """Where slips go; it knows bytes only."""

    async def send(self, job: Job) -> None:
        """Hand over one job, as much of it as the printer has room for; `proof` hands on the rest.

        Raises NotSentError where nothing was handed over, any other OSError where a part may have
        been: the printer may print that part, so the job must not be sent again.
        """
        ...

    async def proof(self) -> Proof:
        """Hand on what is left of the job, and tell whether all of it is on paper.

        Asking again continues the same wait. Raises OSError where it will never be known.
        """
        ...

    async def status(self) -> PrinterStatus:
        """Tell why nothing is printed; never raises."""
        ...

    async def aclose(self) -> None:
        """Let the printer go; what was sent still goes out, as far as the printer takes it soon."""
        ...


class Signals(Protocol):
    """How the terminal speaks to the person at it: sounds and an optional screen."""

    def beep(self, kind: Beep) -> None:
        """Sound: a code was taken, something is wrong, an order was sent."""
        ...

    def show(self, screen: Screen) -> None:
        """Show the whole screen anew."""
        ...


class Clock(Protocol):
    """The device's two clocks; only their owner, the app, reads them."""

    def wall_ms(self) -> int:
        """Give Unix milliseconds as the device believes them; it may be years off."""
        ...

    def mono_ms(self) -> int:
        """Give milliseconds that only ever rise, also while the machine sleeps."""
        ...

    def machine_boot(self) -> str:
        """Name the machine's present run: `mono_ms` means something only inside one."""
        ...


class Encoder(Protocol):
    """Turns laid-out lines into the printer's bytes."""

    def warm(self) -> None:
        """Expect an `encode` soon."""
        ...

    async def encode(self, lines: Sequence[Row]) -> Job:
        """Give the whole job, from the printer's reset to the cut."""
        ...

    async def aclose(self) -> None:
        """Let go of what was prepared."""
        ...


class NotJoinedError(Exception):
    """A network was not joined."""

    def __init__(self, why: NotJoined) -> None:
        """Keep why: the message of the catalogue is `wifi.` and this word."""
        super().__init__(why)
        self.why = why


class Network(Protocol):
    """The machine's own radio."""

    async def join(self, wifi: WifiRead) -> None:
        """Join a network, now and after each start. Raises NotJoinedError."""
        ...


class Told(Protocol):
    """An answered order: its number, the bytes it was sent as, and what the hub told of it."""

    @property
    def seq(self) -> int:
        """Its number."""

    @property
    def payload(self) -> bytes:
        """The order message."""

    @property
    def told(self) -> tuple[bytes, ...]:
        """The answer and the notices, by revision."""
