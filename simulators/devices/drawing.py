"""Draw what was printed, dot by dot, as the paper shows it."""

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from simulators.devices import symbols
from simulators.devices.paper import (
    FONTS,
    Align,
    Barcode,
    Bitmap,
    Columns,
    Drawn,
    Feed,
    Gap,
    Glyphs,
    Line,
    Picture,
    QrCode,
    Style,
)

_WHITE, _BLACK = 255, 0
_LONGEST: Final = 40_000
"""Rows, 5 m of paper; what a broken stream feeds beyond is not drawn."""
_POINTS: Final = {"A": 20.0, "B": 14.9}
"""Sizes at which a character of the typeface is as wide as the printer's cell."""


def draw(drawn: Sequence[Drawn], width: int) -> Image.Image:
    """Draw one under the other."""
    height = min(sum(item.dots for item in drawn), _LONGEST)
    image = Image.new("L", (width, max(height, 1)), _WHITE)
    y = 0
    for item in drawn:
        if y >= height:
            break
        if not isinstance(item, Feed):
            _draw_one(image, item, y)
        y += item.dots
    return image


def png(image: Image.Image) -> bytes:
    """Encode a picture."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _draw_one(image: Image.Image, item: Line | Picture | QrCode | Barcode, y: int) -> None:
    match item:
        case Line():
            _draw_line(image, item, y)
        case Picture():
            size = (item.bitmap.width * item.wide, item.bitmap.height * item.tall)
            stamp = _stamp(item.bitmap).resize(size, Image.Resampling.NEAREST)
            image.paste(stamp, (_left(item.align, size[0], image.width), y))
        case QrCode():
            modules = symbols.qr_modules(item.content, item.level)
            dark = bytes(_BLACK if on else _WHITE for row in modules for on in row)
            code = Image.frombytes("L", (len(modules), len(modules)), dark)
            side = len(modules) * item.module
            code = code.resize((side, side), Image.Resampling.NEAREST)
            image.paste(code, (_left(item.align, side, image.width), y))
        case Barcode():
            _draw_barcode(image, item, y)


def _left(align: Align, width: int, paper: int) -> int:
    room = max(paper - width, 0)
    return {Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[align]


def _draw_line(image: Image.Image, line: Line, y: int) -> None:
    x = _left(line.align, line.width, image.width)
    # Characters of different height stand on one baseline.
    bottom = y + max((item.height for item in line.items), default=0)
    for item in line.items:
        match item:
            case Glyphs():
                image.paste(_glyphs(item), (x, bottom - item.height))
            case Columns():
                image.paste(_stamp(item.bitmap), (x, bottom - item.height))
            case Gap():
                pass
        x += item.width


def _glyphs(item: Glyphs) -> Image.Image:
    """Draw characters, each in its own cell; those of two cells in the middle of theirs."""
    style = item.style
    scale = max(style.wide, style.tall)
    cell, height = FONTS[style.font]
    cells = item.width // style.cell[0]
    image = Image.new("L", (cells * cell * scale, height * scale), _WHITE)
    pen = ImageDraw.Draw(image)
    step = image.width / len(item.text)
    font = _font(_POINTS[style.font] * scale)
    for at, character in enumerate(item.text):
        if character == " ":
            continue
        x = step * at + step / 2
        # A thermal head makes bold by printing again one dot to the right.
        for shift in (0, scale) if style.bold else (0,):
            pen.text((x + shift, height * scale * 0.78), character, _BLACK, font, anchor="ms")
    if image.size != (item.width, item.height):
        image = image.resize((item.width, item.height), Image.Resampling.BOX)
    return _finished(image, style)


def _finished(image: Image.Image, style: Style) -> Image.Image:
    if style.underline:
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, image.height - style.underline, image.width, image.height), _BLACK)
    return image.point(lambda dot: _WHITE - dot) if style.inverse else image


def _stamp(bitmap: Bitmap) -> Image.Image:
    """Turn a bitmap, in which a set bit is a black dot, into a picture."""
    rows = bitmap.rows.ljust((bitmap.width + 7) // 8 * bitmap.height, b"\0")
    return Image.frombytes("1", (bitmap.width, bitmap.height), rows, "raw", "1;I").convert("L")


def _draw_barcode(image: Image.Image, code: Barcode, y: int) -> None:
    modules = symbols.barcode_modules(code.kind, code.content)
    width = len(modules) * code.module
    x = _left(code.align, width, image.width)
    pen = ImageDraw.Draw(image)
    label = "".join(c if c.isprintable() else " " for c in code.label)
    text_height = FONTS["A"][1]
    font = _font(_POINTS["A"])

    def write(top: int) -> None:
        pen.text((x + width / 2, top + text_height * 0.78), label, _BLACK, font, anchor="ms")

    if code.above:
        write(y)
        y += text_height
    for at, module in enumerate(modules):
        if module == "1":
            left = x + at * code.module
            pen.rectangle((left, y, left + code.module - 1, y + code.height - 1), _BLACK)
    if code.below:
        write(y + code.height)


@lru_cache(maxsize=16)
def _font(points: float) -> ImageFont.FreeTypeFont:
    """Load the typeface: DejaVu Sans Mono as python-barcode brings it along."""
    with resources.as_file(resources.files("barcode") / "fonts" / "DejaVuSansMono.ttf") as path:
        return ImageFont.truetype(path, points, layout_engine=ImageFont.Layout.BASIC)
