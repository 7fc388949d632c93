"""Slip rows broken into lines that fit a printer's columns.

A row is (style, left, right, hang): style `text`, `bold`, `big`, `inverse`, `centre`, `rule`,
`ruler` (never broken: the paper shows where it ends), `qr` or `barcode`; right is set flush right;
`hang` blanks go before what follows the first line.
"""

_MIN_LEFT = 8


def row(left: str = "", right: str = "", style: str = "text", *, hang: int = 0) -> tuple:
    """Make one row."""
    return (style, left, right, hang)


RULE = row(style="rule")


def lines_of(one: tuple, columns: int) -> "list[tuple[str, str]]":
    """Break a row into (style, text) of at most `columns`, half as many where letters are big."""
    style, left, right, hang = one
    if style == "rule":
        return [("text", "-" * columns)]
    if style == "ruler":
        return [("text", left)]
    if style in ("qr", "barcode"):
        return [(style, left)]
    if style == "big" and len(right) > columns // 2:
        style = "bold"  # an amount is never broken
    room = columns // 2 if style == "big" else columns
    if right and room - len(right) - 1 < min(_MIN_LEFT, len(left)):
        return lines_of((style, left, "", hang), columns) + [(style, _flush("", right, room))]
    parts = _parts(left, room, room - len(right) - 1 if right else room, hang=hang)
    # The amount stands beside the first line: where the eye looks for it.
    first = _flush(parts[0], right, room) if right else _set(style, parts[0], room)
    return [(style, first)] + [(style, _set(style, part, room)) for part in parts[1:]]


def _flush(left: str, right: str, columns: int) -> str:
    return left + " " * max(0, columns - len(left) - len(right)) + right


def _set(style: str, text: str, columns: int) -> str:
    if style == "text":
        return text
    return " " * ((columns - len(text)) // 2) + text


def _parts(text: str, columns: int, first: int, *, hang: int) -> "list[str]":
    """Break text at blanks; its own indent stays, `hang` goes before all lines but the first."""
    words = text.lstrip(" ")
    line = " " * (len(text) - len(words))
    lines = []
    room, begun = first, False
    for word in words.split(" "):
        if begun and len(line) + 1 + len(word) <= room:
            line += " " + word
            continue
        if begun:
            lines.append(line)
            line, room = " " * hang, columns
        rest = word
        while len(line) + len(rest) > room:
            cut = max(1, room - len(line))
            lines.append(line + rest[:cut])
            rest = rest[cut:]
            line, room = " " * hang, columns
        line += rest
        begun = True
    return lines + [line]
