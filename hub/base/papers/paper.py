"""What a document says, in words already: sides, facts, lines, sums and a code to scan."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypedDict, Unpack, get_args

import segno

from hub.base.words import PageWords

Size = Literal["a4", "a5", "roll"]
"""The paper: A4, A5, or the 80 mm roll of a counter's printer, as long as it needs."""
SIZES: Final[tuple[Size, ...]] = get_args(Size)

Cell = str
_MASK: Final = 2
_LONG: Final = 400
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_BREAK: Final = 16
_DARK: Final = re.compile(b"\x01+")
_SVG: Final = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of lines: `grows` has the names, `amount` stands at the right.

    On a roll, columns that are not `short` are left out.
    """

    text: str
    grows: bool = False
    amount: bool = False
    short: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under their headings."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


NO_BLOCK: Final = Block((), ())


@dataclass(frozen=True, slots=True)
class PaperSide:
    """Who sends or gets a document, with what is known of that party, line by line."""

    name: str
    lines: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One of the amounts at the end of a document; `strong` is what it comes to."""

    text: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document; the first of its sides is whose document it is.

    `void` is stamped across it. `extra` stands beside the sums, on a roll below them, as taxes by
    rate do. `code` is drawn as a picture to scan, large where it says much, and `code_text` says
    what it is. `signature` is a picture in SVG that stands above the last of the `signs`.
    """

    title: str
    number: str
    language: str
    sides: tuple[PaperSide, ...]
    facts: tuple[tuple[str, str], ...]
    lines: Block
    sums: tuple[Sum, ...] = ()
    extra: Block = NO_BLOCK
    words: str = ""
    remarks: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    signature: str = ""
    void: str = ""
    code: str = ""
    code_text: str = ""
    code_large: bool = False


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A document's file, with the name that it is kept under by whoever gets it.

    `kept` is what the hub keeps it under, empty for one that it does not keep.
    """

    name: str
    content: bytes
    kept: str = ""


class PaperWish(TypedDict, total=False):
    """How a document's file is wished for: on `a4` where no size is named.

    An empty `language` is its customer's own; `otherwise` is that of a customer of whom nobody has
    said one, English where nobody says.
    """

    size: Size
    language: str
    otherwise: str


def words_of_paper(own: str, **wish: Unpack[PaperWish]) -> PageWords:
    """Give the words of a document whose customer's own language is `own`, empty for none."""
    return PageWords(wish.get("language") or own or wish.get("otherwise", "en"))


def let_break(text: str) -> str:
    """Let a long number be broken every 16 characters: a roll is narrower than a hash or an IRN."""
    return _MAY_BREAK.join(text[place : place + _BREAK] for place in range(0, len(text), _BREAK))


def encode_code(text: str, *, fits: bool = False) -> str:
    """Draw a text as a QR code: a picture in SVG, without a margin; nothing of an empty text.

    One that `fits` is as large as the place where it is shown.
    """
    if not text:
        return ""
    # Any mask can be read; trying all eight for the prettiest takes longer than the whole document.
    # A long text is drawn with less to mend it by: its squares would be too small to print.
    error = "m" if len(text) <= _LONG else "l"
    code = segno.make(text, error=error, micro=False, mask=_MASK)
    side = len(code.matrix)
    size = f'viewBox="0 0 {side} {side}"' if fits else f'width="{side}" height="{side}"'
    runs = "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(code.matrix)
        for run in _DARK.finditer(row)
    )
    return f'<svg xmlns="{_SVG}" {size}><path stroke="#000" d="{runs}"/></svg>'


def draw_code(text: str) -> str:
    """Draw a text as a QR code for a page, with its margin: it fills the place that it is given."""
    stream = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(stream, kind="svg", border=2, xmldecl=False, nl=False, omitsize=True)
    return stream.getvalue().decode()


def file_name(parts: Sequence[str]) -> str:
    """Name a document's file so that every program takes it: `INV26-27-000001-Gupta-Store.pdf`."""
    said = "-".join(part for part in parts if part)
    kept = "".join(one if one.isalnum() and one.isascii() else "-" for one in said)
    return "-".join(part for part in kept.split("-") if part)[:100] + ".pdf"
