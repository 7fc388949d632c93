"""What has come out of a printer: lines, pictures and codes on slips that end at a cut."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final, Literal, TypeAlias

from simulators.devices import symbols

FONTS: Final = {"A": (12, 24), "B": (9, 17)}
"""Width and height of one character cell, in dots of 1/8 mm (Epson TM-T20)."""


class Align(IntEnum):
    """Where a line stands on the paper (`ESC a`)."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How characters look."""

    font: Literal["A", "B"] = "A"
    bold: bool = False
    underline: int = 0
    """Thickness in dots."""
    inverse: bool = False
    wide: int = 1
    tall: int = 1

    @property
    def cell(self) -> tuple[int, int]:
        """Give width and height of one character in dots."""
        width, height = FONTS[self.font]
        return width * self.wide, height * self.tall


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A black-and-white picture: rows of whole bytes, the first dot in the highest bit."""

    width: int
    height: int
    rows: bytes


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters of one style beside each other."""

    text: str
    style: Style
    width: int
    """In dots; more than the cells of its characters if some take two (Chinese)."""

    @property
    def height(self) -> int:
        """Give the height in dots."""
        return self.style.cell[1]


@dataclass(frozen=True, slots=True)
class Gap:
    """White space inside a line, from a tab or a set position."""

    width: int
    cell: int
    """The width of a character beside it, to show the gap in text."""

    height: int = 0

    @property
    def text(self) -> str:
        """Show the gap as spaces."""
        return " " * max(1, round(self.width / self.cell))


@dataclass(frozen=True, slots=True)
class Columns:
    """A picture drawn inside a text line (`ESC *`)."""

    bitmap: Bitmap

    @property
    def width(self) -> int:
        """Give the width in dots."""
        return self.bitmap.width

    @property
    def height(self) -> int:
        """Give the height in dots."""
        return self.bitmap.height

    @property
    def text(self) -> str:
        """Name the picture in a text dump."""
        return f"[image {self.width}x{self.height}]"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, empty for a bare line feed."""

    items: tuple[Glyphs | Gap | Columns, ...]
    align: Align
    spacing: int
    """The least number of dots the paper moves (`ESC 3`)."""

    @property
    def text(self) -> str:
        """Give the characters of the line."""
        return "".join(item.text for item in self.items)

    @property
    def width(self) -> int:
        """Give the width of all items in dots."""
        return sum(item.width for item in self.items)

    @property
    def dots(self) -> int:
        """Give the paper this takes, in dots."""
        return max(self.spacing, *(item.height for item in self.items), 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image of its own (`GS v 0`, `GS ( L`)."""

    bitmap: Bitmap
    align: Align
    wide: int = 1
    tall: int = 1

    @property
    def text(self) -> str:
        """Name the picture in a text dump."""
        return f"[image {self.bitmap.width}x{self.bitmap.height}]"

    @property
    def dots(self) -> int:
        """Give the paper this takes, in dots."""
        return self.bitmap.height * self.tall


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code the printer draws itself (`GS ( k`)."""

    content: bytes
    module: int
    """Dots to a module."""
    level: str
    """Error correction: L, M, Q or H."""
    align: Align

    @property
    def text(self) -> str:
        """Name the code and what it holds in a text dump."""
        return f"[qr {self.content.decode('utf-8', 'replace')}]"

    @property
    def dots(self) -> int:
        """Give the paper this takes, in dots."""
        return symbols.qr_side(self.content, self.level) * self.module


@dataclass(frozen=True, slots=True)
class Barcode:
    """A one-dimensional code the printer draws itself (`GS k`)."""

    kind: str
    """The name in the printer's manual: CODE128, EAN-13, EAN-8, UPC-A."""
    content: bytes
    """As sent, with the `{` escapes of CODE128."""
    align: Align
    height: int
    module: int
    """Dots to the narrowest bar."""
    above: bool
    """The characters are written above the bars (`GS H`)."""
    below: bool

    @property
    def label(self) -> str:
        """Give what a scanner would read."""
        return symbols.barcode_text(self.kind, self.content)

    @property
    def text(self) -> str:
        """Name the code and what it holds in a text dump."""
        return f"[barcode {self.kind} {self.label}]"

    @property
    def dots(self) -> int:
        """Give the paper this takes, in dots."""
        return self.height + FONTS["A"][1] * (self.above + self.below)


@dataclass(frozen=True, slots=True)
class Feed:
    """Paper moved without printing (`ESC J`)."""

    dots: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The knife went through: the slip ends here."""

    dots: int = 0


@dataclass(frozen=True, slots=True)
class DrawerKick:
    """The cash drawer got its pulse (`ESC p`)."""

    pin: int
    dots: int = 0


@dataclass(frozen=True, slots=True)
class StreamFault:
    """Something in the byte stream that this printer cannot follow."""

    reason: str
    dots: int = 0


Drawn: TypeAlias = Line | Picture | QrCode | Barcode | Feed
Outcome: TypeAlias = Drawn | Cut | DrawerKick | StreamFault


@dataclass(frozen=True)
class Slip:
    """One piece of paper, from cut to cut."""

    number: int
    """Counted from 1 in the order of printing."""
    width: int
    """In dots."""
    drawn: tuple[Drawn, ...]

    @cached_property
    def text(self) -> str:
        """Give the slip as text, a line feed after each line; codes and pictures are named.

        White paper behind a line and before the cut is left out.
        """
        lines = [item.text.rstrip() for item in self.drawn if not isinstance(item, Feed)]
        while lines and not lines[-1]:
            lines.pop()
        return "".join(f"{line}\n" for line in lines)

    @property
    def dots(self) -> int:
        """Give the length of the slip in dots."""
        return sum(item.dots for item in self.drawn)

    def png(self) -> bytes:
        """Draw the slip."""
        # Pillow is loaded when the first picture is asked for: a fleet never asks.
        from simulators.devices.drawing import draw, png  # noqa: PLC0415

        return png(draw(self.drawn, self.width))


class Paper:
    """The paper roll and what hangs out of the printer."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.faults: list[StreamFault] = []
        self.drawer_kicks = 0
        self._cut: list[Slip] = []
        self._carried_off = 0
        self._hanging: list[Drawn] = []

    def add(self, outcome: Outcome) -> None:
        """Put what the interpreter made of a command onto the paper."""
        match outcome:
            case Cut():
                self.tear()
            case DrawerKick():
                self.drawer_kicks += 1
            case StreamFault():
                self.faults.append(outcome)
            case _:
                self._hanging.append(outcome)

    def tear(self) -> Slip | None:
        """End the slip, as the knife or a hand does; nothing happens where nothing hangs out."""
        if not self._hanging:
            return None
        slip = self.hanging
        self._cut.append(slip)
        self._hanging = []
        return slip

    @property
    def hanging(self) -> Slip:
        """Give the slip that is not cut yet; it may be empty."""
        number = self._carried_off + len(self._cut) + 1
        return Slip(number, self.width, tuple(self._hanging))

    def slips(self) -> tuple[Slip, ...]:
        """Give all slips that were cut, oldest first."""
        return tuple(self._cut)

    def carry_off(self) -> tuple[Slip, ...]:
        """Give all slips that were cut and keep them no longer: a long day fits in memory."""
        slips = tuple(self._cut)
        self._carried_off += len(slips)
        self._cut.clear()
        return slips

    @property
    def text(self) -> str:
        """Give everything on the roll as text, with a cut line after each slip."""
        cut = "".join(f"{slip.text}{'- ' * 12}cut\n" for slip in self.slips())
        return cut + self.hanging.text
