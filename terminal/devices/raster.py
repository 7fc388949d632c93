"""One line of text as a picture, for letters that no code page of the printer has."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from terminal.core.layout import Style
from terminal.devices.bidi import Run, has_from_right, in_order

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")
_SIZE: Final = 24
_LARGER: Final = (48, 42, 36, 30)
_SMALLER: Final = (22, 20, 18, 16, 14, 12)
_SPACE_DOTS: Final = 12
_HEAVY: Final = frozenset({"bold", "inverse"})
_THRESHOLD: Final = 150
_LATIN: Final = 0x24F
_NOWHERE: Final = "\U0010ffff"
# Fonts by the first word of a character's Unicode name, then those that cover many things.
_BY_SCRIPT: Final = {
    "ARABIC": ("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf"),
    "CJK": ("NotoSansCJK-Regular.ttc",),
    "HIRAGANA": ("NotoSansCJK-Regular.ttc",),
    "KATAKANA": ("NotoSansCJK-Regular.ttc",),
    "HANGUL": ("NotoSansCJK-Regular.ttc",),
    "ORIYA": ("NotoSansOriya-Regular.ttf",),
    "DEVANAGARI": ("NotoSansDevanagari-Regular.ttf", "Lohit-Devanagari.ttf"),
}
_WIDE_COVER: Final = (
    "NotoSans-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "NotoEmoji-Regular.ttf",
    "DejaVuSans.ttf",
    "unifont.ttf",
)


class Pen:
    """Draws one text whose letters are all covered by the fonts it was given."""

    def __init__(self, fonts: "dict[str, FreeTypeFont]", dots: int) -> None:
        self._fonts = fonts
        self._dots = dots

    def draw(
        self,
        left: str,
        right: str,
        *,
        center: bool,
        style: Style = "normal",
        from_right: bool = False,
    ) -> "Image":
        """Draw the line over the paper's whole width, `right` at the margin, black on white.

        An inverse line is white on black, as the printer prints its own. One that is read
        `from_right` has the margins changed round.
        """
        from PIL import Image, ImageDraw  # noqa: PLC0415  # only lines that need it pay for it

        text = left.lstrip(" ")
        indent = (len(left) - len(text)) * _SPACE_DOTS
        fonts = self._fitting(text, right, self._dots - indent, big=style == "big")
        ascent = max(font.getmetrics()[0] for font in fonts.values())
        descent = max(font.getmetrics()[1] for font in fonts.values())
        # Drawn in grey and then cut at a threshold: one-bit drawing thins Arabic strokes.
        image = Image.new("L", (self._dots, ascent + descent + 2), 255)
        pen = ImageDraw.Draw(image)
        at = (self._dots - _length(text, fonts)) // 2 if center else indent
        end = self._dots - _length(right, fonts) - 1
        if from_right and not center:
            at, end = self._dots - indent - _length(text, fonts) - 1, 0
        # Bold letters are drawn twice, a dot apart, as receipt printers do it.
        for shift in (0, 1) if style in _HEAVY else (0,):
            turned = from_right and has_from_right(text)
            _write(pen, text, fonts, at=(max(0, at) + shift, ascent), from_right=turned)
            if right:
                turned = has_from_right(right)
                _write(pen, right, fonts, at=(end + shift, ascent), from_right=turned)
        black, white = (255, 0) if style == "inverse" else (0, 255)
        return image.point([black if grey < _THRESHOLD else white for grey in range(256)])

    def _fitting(self, left: str, right: str, room: int, *, big: bool) -> "dict[str, FreeTypeFont]":
        """Choose the largest size that fits: columns only estimate how wide a script runs."""
        sizes = (*_LARGER, _SIZE, *_SMALLER) if big else (_SIZE, *_SMALLER)
        for size in sizes:
            # One variant a font, not a letter: letters of different fonts are not shaped together.
            variants = {id(font): font.font_variant(size=size) for font in self._fonts.values()}
            fonts = {char: variants[id(font)] for char, font in self._fonts.items()}
            gap = _SPACE_DOTS if right else 0
            if _length(left, fonts) + gap + _length(right, fonts) <= room:
                break
        return fonts


def find_pen(text: str, dots: int) -> Pen | None:
    """Find fonts on this machine for every letter of `text`; None where one has none."""
    try:
        import PIL  # noqa: F401, PLC0415  # a machine may come without it
    except ImportError:
        return None
    fonts: dict[str, FreeTypeFont] = {}
    last: FreeTypeFont | None = None
    for char in text:
        if char in fonts:
            last = fonts[char]
            continue
        found = _font_for(char, last)
        if found is None:
            return None
        fonts[char] = last = found
    return Pen(fonts, dots) if fonts else None


def _font_for(char: str, last: "FreeTypeFont | None") -> "FreeTypeFont | None":
    """Choose a font; marks, joiners and spaces go with the letter before them."""
    if last is not None and _leans(char):
        return last
    script = unicodedata.name(char, "").split(" ")[0].split("-")[0]
    default = (f"NotoSans{script.title()}-Regular.ttf",)
    names = ("NotoSans-Regular.ttf",) if char.isascii() else _BY_SCRIPT.get(script, default)
    for name in (*names, *_WIDE_COVER):
        font = _load(name)
        if font is not None and _covers(font, char):
            return font
    return None


def _covers(font: "FreeTypeFont", char: str) -> bool:
    if char == " ":
        return True
    return bytes(font.getmask(char)) != bytes(font.getmask(_NOWHERE))


def lacks_font(text: str) -> bool:
    """Tell whether no font that is meant for its script is on this machine; nothing is loaded."""
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in text if ord(char) > _LATIN}
    named = [_BY_SCRIPT.get(one, (f"NotoSans{one.title()}-Regular.ttf",)) for one in scripts]
    return any(not any(name in _installed() for name in names) for names in named)


@lru_cache(maxsize=1)
def joins_letters() -> bool:
    """Tell whether letters are joined as their script wants it.

    Pillow needs the system's FriBiDi for that. Without it letters stand one by one.
    """
    from PIL import features  # noqa: PLC0415

    return bool(features.check("raqm"))


@lru_cache(maxsize=16)
def _load(name: str) -> "FreeTypeFont | None":
    from PIL import ImageFont  # noqa: PLC0415

    path = _installed().get(name)
    return ImageFont.truetype(str(path), _SIZE) if path else None


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """Give every font file on the machine by its name."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in Path(folder).rglob("*.tt[fc]"):
            found.setdefault(path.name, path)
    return found


def _runs(
    text: str, fonts: "dict[str, FreeTypeFont]", *, from_right: bool = False
) -> "list[tuple[FreeTypeFont, Run]]":
    """Cut the text where the font or the direction changes: shaping works inside one run only.

    Spaces and marks stay with the letter before them, so that a name is set in one piece.
    """
    chosen: list[FreeTypeFont] = []
    for char in text:
        chosen.append(chosen[-1] if chosen and _leans(char) else fonts[char])
    runs = in_order(
        text, from_right=from_right, is_apart=lambda one, other: chosen[one] is not chosen[other]
    )
    return [(fonts[run.text[0]], run) for run in runs]


def _leans(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf", "Zs"}


def _length(text: str, fonts: "dict[str, FreeTypeFont]") -> int:
    return round(sum(font.getlength(run.text) for font, run in _runs(text, fonts)))


def _write(
    pen: object,
    text: str,
    fonts: "dict[str, FreeTypeFont]",
    *,
    at: tuple[int, int],
    from_right: bool,
) -> None:
    x = float(at[0])
    for font, run in _runs(text, fonts, from_right=from_right):
        shown, way = run.text, None
        if joins_letters():
            way = "rtl" if run.is_from_right else "ltr"
        elif run.is_from_right:
            shown = shown[::-1]
        pen.text(  # type: ignore[attr-defined]
            (x, at[1]), shown, fill=0, font=font, anchor="ls", direction=way
        )
        x += font.getlength(shown, direction=way)
