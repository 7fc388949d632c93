"""What kind of printer is simulated, and how fast it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from simulators.devices.codepages import CODE_PAGES

DOTS_PER_MM: Final = 8
_BITS_ON_THE_WIRE: Final = 10
"""Start bit, eight bits, stop bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterProfile:
    """What kind of printer is simulated."""

    width: int = 576
    """Dots on a line: 576 on 80 mm paper, 384 on 58 mm."""
    code_pages: Mapping[int, str] = field(default_factory=lambda: CODE_PAGES)
    """The pages it has; a page it lacks prints replacement characters."""
    kanji: bool = False
    """It starts in Chinese (GB18030) mode, as many clones do, until `FS .` comes."""
    has_knife: bool = True
    maker: str = "Orderwire"
    model: str = "Simulated"
    buffer_bytes: int = 4096
    """It takes no more when this much is not printed yet."""
    flow: Literal["held", "xonxoff", "none"] = "held"
    """What then becomes of more: the line holds it, XOFF asks to wait, or it is lost."""
    process_ids: bool = False
    """It answers `GS ( H` by the name of each process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long bytes take on the wire and paper takes under the head; None takes no time."""

    baud: int | None = None
    mm_per_s: int | None = None

    def wire_s(self, count: int) -> float:
        """Give the seconds `count` bytes take to arrive."""
        return count * _BITS_ON_THE_WIRE / self.baud if self.baud else 0.0

    def print_s(self, dots: int) -> float:
        """Give the seconds it takes to move the paper by `dots`."""
        return dots / (self.mm_per_s * DOTS_PER_MM) if self.mm_per_s else 0.0


UNPACED: Final = Pace()
SERIAL: Final = Pace(baud=115_200, mm_per_s=150)
"""A present-day receipt printer on a serial line."""
