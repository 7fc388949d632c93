"""What each ESC/POS command does to the paper."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar, Final

from simulators.devices import pictures, symbols
from simulators.devices.codepages import UNPRINTABLE, decode
from simulators.devices.commands import Command, UnprintableError
from simulators.devices.paper import (
    Align,
    Barcode,
    Columns,
    Cut,
    DrawerKick,
    Feed,
    Gap,
    Glyphs,
    Line,
    Outcome,
    Picture,
    QrCode,
    StreamFault,
    Style,
)
from simulators.devices.profile import PrinterProfile

_ESC, _FS, _GS = b"\x1b", b"\x1c", b"\x1d"
_BARCODES: Final = {
    0: "UPC-A",
    1: "UPC-E",
    2: "EAN-13",
    3: "EAN-8",
    4: "CODE39",
    5: "ITF",
    6: "CODABAR",
    7: "CODE93",
    8: "CODE128",
}


@dataclass(slots=True)
class _Mode:
    """Everything that `ESC @` puts back."""

    style: Style = field(default_factory=Style)
    align: Align = Align.LEFT
    spacing: int = 30
    page: int = 0
    kanji: bool = False
    tabs: tuple[int, ...] = tuple(range(8, 256, 8))
    bar_height: int = 162
    bar_module: int = 3
    bar_text: int = 0
    qr_module: int = 3
    qr_level: str = "L"
    qr_content: bytes = b""
    graphics: Picture | None = None


@lru_cache(maxsize=1024)
def _restyled(style: Style, changes: tuple[tuple[str, object], ...]) -> Style:
    """Change a style; kept, because the same few changes make a third of every slip."""
    return replace(style, **dict(changes))  # type: ignore[arg-type]


class Interpreter:
    """Turns commands into what happens on the paper; status requests are not its business."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._mode = _Mode(kanji=profile.kanji)
        self._items: list[Glyphs | Gap | Columns] = []
        self._x = 0
        self._lead = b""
        self._out: list[Outcome] = []

    def execute(self, command: Command) -> list[Outcome]:
        """Do one command and give what it put on the paper, if anything."""
        self._out = []
        handler = self._handlers.get(command.code, Interpreter._unknown)
        try:
            handler(self, command.args)
        except UnprintableError as error:
            start = (command.code + command.args)[:8].hex(" ")
            self._out.append(StreamFault(f"{error}: {start}"))
        return self._out

    # Text

    def _text(self, raw: bytes) -> None:
        style = self._mode.style
        if self._mode.kanji:
            for character in self._kanji(raw):
                wide = unicodedata.east_asian_width(character) in "WF"
                self._place(character, style.cell[0] * (2 if wide else 1))
            return
        text = decode(self._profile.code_pages.get(self._mode.page), raw)
        cell = style.cell[0]
        while text:
            room = (self._profile.width - self._x) // cell
            if room <= 0 and self._items:
                self._end_line()
                continue
            part, text = text[: max(room, 1)], text[max(room, 1) :]
            self._put(Glyphs(part, style, cell * len(part)))

    def _place(self, character: str, width: int) -> None:
        if self._x + width > self._profile.width and self._items:
            self._end_line()
        self._put(Glyphs(character, self._mode.style, width))

    def _kanji(self, raw: bytes) -> Iterator[str]:
        """Read bytes as GB18030; half a character waits for its other half."""
        for byte in raw:
            if self._lead:
                pair, self._lead = self._lead + bytes([byte]), b""
                read = pair.decode("gb18030", "replace")
                yield read if len(read) == 1 and read.isprintable() else UNPRINTABLE
            elif byte >= 0x80:  # noqa: PLR2004 - the first byte of two
                self._lead = bytes([byte])
            else:
                yield decode(None, bytes([byte]))

    def _put(self, item: Glyphs | Gap | Columns) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, Glyphs) and isinstance(item, Glyphs) and last.style == item.style:
            self._items[-1] = Glyphs(last.text + item.text, item.style, last.width + item.width)
        else:
            self._items.append(item)
        self._x += item.width

    def _end_line(self, spacing: int | None = None) -> None:
        self._lead = b""
        mode = self._mode
        least = mode.spacing if spacing is None else spacing
        self._out.append(Line(tuple(self._items), mode.align, least))
        self._items.clear()
        self._x = 0

    def _flush(self) -> None:
        """Print what waits in the line before something that stands alone."""
        if self._items:
            self._end_line()

    def _alone(self, drawn: Picture | QrCode | Barcode) -> None:
        self._flush()
        self._out.append(drawn)

    def _line_feed(self, _: bytes) -> None:
        self._end_line()

    def _tab(self, _: bytes) -> None:
        cell = self._mode.style.cell[0]
        stop = next((t * cell for t in self._mode.tabs if t * cell > self._x), None)
        if stop is not None and stop < self._profile.width:
            self._put(Gap(stop - self._x, cell))

    def _set_tabs(self, args: bytes) -> None:
        self._mode.tabs = tuple(args.rstrip(b"\0"))

    def _position(self, args: bytes) -> None:
        self._move_to(int.from_bytes(args, "little"))

    def _relative(self, args: bytes) -> None:
        self._move_to(self._x + int.from_bytes(args, "little", signed=True))

    def _move_to(self, x: int) -> None:
        if x > self._profile.width:
            raise UnprintableError(f"position {x} is beside the paper")
        if x < self._x:
            raise UnprintableError(f"position {x} would print over dot {self._x}")
        if x > self._x:
            self._put(Gap(x - self._x, self._mode.style.cell[0]))

    # Looks

    def _initialise(self, _: bytes) -> None:
        self._mode = _Mode(kanji=self._profile.kanji)
        self._items.clear()
        self._x = 0
        self._lead = b""

    def _restyle(self, **changes: object) -> None:
        self._mode.style = _restyled(self._mode.style, tuple(changes.items()))

    def _print_mode(self, args: bytes) -> None:
        bits = args[0]
        self._restyle(
            font="B" if bits & 1 else "A",
            bold=bool(bits & 8),
            tall=2 if bits & 16 else 1,
            wide=2 if bits & 32 else 1,
            underline=1 if bits & 128 else 0,
        )

    def _size(self, args: bytes) -> None:
        self._restyle(wide=(args[0] >> 4 & 7) + 1, tall=(args[0] & 7) + 1)

    def _bold(self, args: bytes) -> None:
        self._restyle(bold=bool(args[0] & 1))

    def _underline(self, args: bytes) -> None:
        self._restyle(underline=args[0] % 48 % 3)

    def _inverse(self, args: bytes) -> None:
        self._restyle(inverse=bool(args[0] & 1))

    def _font(self, args: bytes) -> None:
        self._restyle(font="B" if args[0] in (1, 49) else "A")

    def _align(self, args: bytes) -> None:
        # Takes effect at the beginning of a line only (Epson, "ESC a").
        if not self._items:
            self._mode.align = Align(args[0] % 48 % 3)

    def _page(self, args: bytes) -> None:
        self._mode.page = args[0]
        if args[0] not in self._profile.code_pages:
            raise UnprintableError(f"this printer has no code page {args[0]}")

    def _charset(self, args: bytes) -> None:
        if args[0]:
            raise UnprintableError(f"international character set {args[0]} is not simulated")

    def _kanji_on(self, _: bytes) -> None:
        self._mode.kanji = True

    def _kanji_off(self, _: bytes) -> None:
        self._mode.kanji = False
        self._lead = b""

    def _default_spacing(self, _: bytes) -> None:
        self._mode.spacing = 30

    def _spacing(self, args: bytes) -> None:
        self._mode.spacing = args[0]

    # Paper and drawer

    def _feed_lines(self, args: bytes) -> None:
        # `ESC d 1` is a line feed; nought prints what waits and moves no further.
        if not args[0]:
            self._flush()
        for _ in range(args[0]):
            self._end_line()

    def _feed_dots(self, args: bytes) -> None:
        if self._items:
            self._end_line(args[0])
        else:
            self._feed(args[0])

    def _feed(self, dots: int) -> None:
        if dots:
            self._out.append(Feed(dots))

    def _cut_now(self, _: bytes) -> None:
        self._flush()
        if self._profile.has_knife:
            self._out.append(Cut())
        else:
            raise UnprintableError("this printer has no knife")

    def _cut(self, args: bytes) -> None:
        if args[0] not in (0, 1, 48, 49, 65, 66, 97, 98, 103, 104):
            raise UnprintableError(f"unknown cut {args[0]}")
        self._flush()
        self._feed(args[1] if len(args) > 1 else 0)
        self._cut_now(b"")

    def _kick(self, args: bytes) -> None:
        self._out.append(DrawerKick(5 if args[0] & 1 else 2))

    # Pictures

    def _bit_image(self, args: bytes) -> None:
        self._put(Columns(pictures.bit_image(args)))

    def _raster(self, args: bytes) -> None:
        bitmap, wide, tall = pictures.raster(args)
        self._alone(Picture(bitmap, self._mode.align, wide, tall))

    def _graphics(self, args: bytes) -> None:
        # Ahead of the parameters stands their count: two bytes here, four in `GS 8 L`.
        function = args[3] if len(args) > 3 else -1  # noqa: PLR2004
        if function == 112:  # noqa: PLR2004 - store raster graphics
            bitmap, wide, tall = pictures.stored_graphics(args[4:])
            self._mode.graphics = Picture(bitmap, self._mode.align, wide, tall)
        elif function in (2, 50) and self._mode.graphics is not None:
            self._alone(replace(self._mode.graphics, align=self._mode.align))
            self._mode.graphics = None
        else:
            raise UnprintableError(f"graphics function {function}")

    def _long_graphics(self, args: bytes) -> None:
        self._graphics(args[2:])

    # Codes

    def _two_dimensional(self, args: bytes) -> None:
        kind, function, value = args[2:3], args[3:4], args[4:]
        if kind != b"1":
            raise UnprintableError(f"two-dimensional code {kind.hex()}")
        if function == b"A":
            pass  # Model 1 or 2: every reader takes model 2.
        elif function == b"C" and value[:1] and 1 <= value[0] <= 16:  # noqa: PLR2004
            self._mode.qr_module = value[0]
        elif function == b"E" and value[:1] in (b"0", b"1", b"2", b"3"):
            self._mode.qr_level = "LMQH"[value[0] - 48]
        elif function == b"P":
            self._mode.qr_content = value[1:]
        elif function == b"Q":
            self._print_qr()
        else:
            raise UnprintableError(f"QR function {function.hex()} {value[:2].hex()}")

    def _print_qr(self) -> None:
        mode = self._mode
        if not 0 < len(mode.qr_content) <= symbols.QR_CAPACITY[mode.qr_level]:
            raise UnprintableError(f"QR code of {len(mode.qr_content)} bytes")
        self._alone(QrCode(mode.qr_content, mode.qr_module, mode.qr_level, align=mode.align))

    def _barcode(self, args: bytes) -> None:
        numbered = args[0] >= 65  # noqa: PLR2004 - the form with a count instead of a NUL
        kind = _BARCODES.get(args[0] - 65 if numbered else args[0])
        if kind is None:
            raise UnprintableError(f"barcode {args[0]}")
        mode = self._mode
        barcode = Barcode(
            kind,
            args[2:] if numbered else args[1:].rstrip(b"\0"),
            align=mode.align,
            height=mode.bar_height,
            module=mode.bar_module,
            above=bool(mode.bar_text & 1),
            below=bool(mode.bar_text & 2),
        )
        symbols.barcode_text(barcode.kind, barcode.content)
        self._alone(barcode)

    def _bar_height(self, args: bytes) -> None:
        self._mode.bar_height = max(args[0], 1)

    def _bar_module(self, args: bytes) -> None:
        self._mode.bar_module = min(max(args[0], 1), 6)

    def _bar_text(self, args: bytes) -> None:
        self._mode.bar_text = args[0] & 3

    # The rest

    def _nothing(self, args: bytes) -> None:
        """Do nothing: answered elsewhere, or without effect on this paper."""

    def _unknown(self, _: bytes) -> None:
        raise UnprintableError("unknown command")

    def _only_off(self, args: bytes) -> None:
        if args[0]:
            raise UnprintableError("upside down, turned or spaced characters")

    _handlers: ClassVar[dict[bytes, Callable[["Interpreter", bytes], None]]] = {
        b"": _text,
        b"\n": _line_feed,
        b"\t": _tab,
        _ESC + b"D": _set_tabs,
        _ESC + b"$": _position,
        _ESC + b"\\": _relative,
        _ESC + b"@": _initialise,
        _ESC + b"!": _print_mode,
        _GS + b"!": _size,
        _ESC + b"E": _bold,
        _ESC + b"G": _bold,
        _ESC + b"-": _underline,
        _GS + b"B": _inverse,
        _ESC + b"M": _font,
        _ESC + b"a": _align,
        _ESC + b"t": _page,
        _ESC + b"R": _charset,
        _FS + b"&": _kanji_on,
        _FS + b".": _kanji_off,
        _ESC + b"2": _default_spacing,
        _ESC + b"3": _spacing,
        _ESC + b"d": _feed_lines,
        _ESC + b"J": _feed_dots,
        _ESC + b"i": _cut_now,
        _ESC + b"m": _cut_now,
        _GS + b"V": _cut,
        _ESC + b"p": _kick,
        _ESC + b"*": _bit_image,
        _GS + b"v": _raster,
        _GS + b"(L": _graphics,
        _GS + b"8L": _long_graphics,
        _GS + b"(k": _two_dimensional,
        _GS + b"k": _barcode,
        _GS + b"h": _bar_height,
        _GS + b"w": _bar_module,
        _GS + b"H": _bar_text,
        # Asked and answered in the mechanism.
        **dict.fromkeys((b"\x10\x04", b"\x10\x05", b"\x10\x14"), _nothing),
        **dict.fromkeys((_GS + b"r", _GS + b"I", _GS + b"a", _GS + b"(H"), _nothing),
        # Padding, carriage return, sensors, panel keys, one-way printing, smoothing, the
        # barcode's font: without effect on this paper.
        **dict.fromkeys((b"\0", b"\r", _ESC + b"c", _ESC + b"=", _ESC + b"U"), _nothing),
        **dict.fromkeys((_GS + b"b", _GS + b"f"), _nothing),
        **dict.fromkeys((_ESC + b"{", _ESC + b" ", _ESC + b"V"), _only_off),
    }
