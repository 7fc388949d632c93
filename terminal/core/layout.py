"""Slip rows broken into lines that fit a printer's columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from terminal.core.text import leans, width, wrap

Kind = Literal["text", "rule", "ruler", "qr", "barcode", "drawer"]
Style = Literal["normal", "bold", "big", "inverse"]

FNC1: Final = "\x1d"
"""In a bar code's content: the sign by which GS1 codes begin, and that parts their elements."""
FNC3: Final = "\x1c"
"""In a bar code's content: the sign by which scanners know that a code is for themselves."""
_SIGNS: Final = {ord(FNC1): "<FNC1>", ord(FNC3): "<FNC3>"}
_GAP: Final = 1
_MIN_LEFT: Final = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a slip, or one line of the printer once it is laid out.

    `right` is set flush right; `hang` indents what follows the first line; `qr` and `barcode` hold
    their content in `left`. A `ruler` is printed as it is, however long: the paper shows where it
    breaks. A `drawer` is no line: it opens the drawer that hangs on the printer. A row that is
    `from_right` is read from the right: its `left` stands at the right margin, its `right` at the
    left one.
    """

    left: str = ""
    right: str = ""
    kind: Kind = "text"
    style: Style = "normal"
    center: bool = False
    hang: int = 0
    from_right: bool = False


def read_from_right(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Turn the rows of a slip round, for a language that is written from the right."""
    return tuple(replace(row, from_right=True) for row in rows)


def lay_out(rows: Iterable[Row], columns: int) -> tuple[Row, ...]:
    """Break every row into lines of at most `columns`, half as many where letters are big.

    Big letters are bold ones where half the columns do not hold the amount at the margin:
    INR 1,23,45,678.50 on 32 columns.
    """
    lines: list[Row] = []
    for row in rows:
        if row.kind == "text":
            is_big = row.style == "big"
            if is_big and width(row.right) > columns // 2:
                lines += _broken(replace(row, style="bold"), columns)
            else:
                lines += _broken(row, columns // 2 if is_big else columns)
        else:
            lines.append(row)
    return tuple(lines)


def _broken(row: Row, columns: int) -> list[Row]:
    if not row.right:
        parts = _parts(row, columns, columns)
        return [replace(row, left=part, hang=0) for part in parts]
    room = columns - width(row.right) - _GAP
    if room < min(_MIN_LEFT, width(row.left)):
        above = _broken(replace(row, right=""), columns)
        return [*above, replace(row, left="", hang=0)]
    # The amount stands beside the first line: where the eye looks for it.
    parts = _parts(row, columns, room)
    rest = [replace(row, left=part, right="", hang=0) for part in parts[1:]]
    return [replace(row, left=parts[0], hang=0), *rest]


def _parts(row: Row, columns: int, first: int) -> list[str]:
    """Break the left text; its own indent stays on the first part, `hang` goes before the rest."""
    text = row.left.lstrip(" ")
    lead = len(row.left) - len(text)
    head, *rest = wrap(text, columns - row.hang, first - lead)
    return [" " * lead + head, *(" " * row.hang + part for part in rest)]


def as_text(lines: Sequence[Row], columns: int) -> str:
    """Write laid-out lines as plain text: what the paper says, for logs, tests and people."""
    return "".join(f"{_text_line(line, columns)}\n" for line in lines if line.kind != "drawer")


def padded(line: Row, columns: int) -> str:
    """Give a text line with its right part moved to the margin, or centred."""
    if line.from_right and not line.center:
        text = line.left.lstrip(" ")
        indented = text + " " * (len(line.left) - len(text))
        return line.right + " " * (columns - width(indented) - width(line.right)) + indented
    if line.right:
        return line.left + " " * (columns - width(line.left) - width(line.right)) + line.right
    if line.center:
        return " " * ((columns - width(line.left)) // 2) + line.left
    return line.left


def _text_line(line: Row, columns: int) -> str:
    match line.kind:
        case "rule":
            return "-" * columns
        case "qr" | "barcode":
            return f"[{line.kind}: {line.left.translate(_SIGNS)}]".center(columns).rstrip()
        case "ruler" | "drawer":
            return line.left
        case "text":
            if line.style == "big":
                return _spread(padded(line, columns // 2)).rstrip()
            return padded(line, columns).rstrip()


def _spread(text: str) -> str:
    """Write letters twice as wide, as a blank after each; marks stay with their letter."""
    spread = ""
    for char in text:
        spread = f"{spread[:-1]}{char} " if leans(char) and spread else f"{spread}{char} "
    return spread
