r"""Cuts a rule file where that is safe: into its sections, and lists into their entries.

A piece that is YAML by itself says the same by itself as in its file. It starts a line at the
indentation of its section, so no plain or block text of the piece before goes on into it; brackets
and quotes left open at its end make it no YAML, and then the file is read whole. Nothing that acts
from afar is cut: anchors are refused everywhere, and files with directives, several documents,
repeated sections or line ends other than `\n` and `\r\n` stay whole.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

_BLANK: Final = r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*"
_KEY: Final = re.compile(r"([A-Za-z_]+):(?=\s|\Z)")
_FIRST_KEY: Final = re.compile(rf"{_BLANK}(?:---[ \t]*\r?\n{_BLANK})?{_KEY.pattern}")
_NEXT_KEY: Final = re.compile(r"\n(?=[^\s#-])")
_LIST: Final = re.compile(rf"[ \t]*(?:[ \t]#[^\n]*)?\r?\n{_BLANK}( *)- ")
_ODD_BREAKS: Final = ("\x85", "\u2028", "\u2029", "\ufeff")


class Section(NamedTuple):
    """A top-level key with all below it; where its list is cut, `text` ends before the entries.

    `line` counts the lines before it.
    """

    name: str
    line: int
    text: str
    entries: tuple[str, ...] = ()


def cut(text: str, lists: Collection[str]) -> list[Section] | None:
    """Cut a file into sections, and those of `lists` into entries; None where it has to stay whole.

    Put together, the pieces are the file.
    """
    if any(odd in text for odd in _ODD_BREAKS) or text.count("\r") != text.count("\r\n"):
        return None
    sections: dict[str, Section] = {}
    start = line = 0
    while start < len(text):
        key = (_KEY if start else _FIRST_KEY).match(text, start)
        if key is None or key[1] in sections:
            return None
        following = _NEXT_KEY.search(text, key.end())
        end = following.end() if following else len(text)
        listed = _LIST.match(text, key.end(), end) if key[1] in lists else None
        if listed is None:
            sections[key[1]] = Section(key[1], line, text[start:end])
        else:
            body = listed.start(1)
            entries = _entries(text[body:end], listed[1])
            sections[key[1]] = Section(key[1], line, text[start:body], entries)
        line += text.count("\n", start, end)
        start = end
    return list(sections.values())


def _entries(text: str, indent: str) -> tuple[str, ...]:
    first, *others = text.split(f"\n{indent}- ")
    if not others:
        return (first,)
    *inner, last = others
    return (f"{first}\n", *(f"{indent}- {one}\n" for one in inner), f"{indent}- {last}")


def is_torn(entry: str) -> bool:
    """Tell whether a line after the first stands no deeper than the entry itself."""
    indent = entry.index("-")
    return bool(re.search(rf"\n {{0,{indent}}}[^ \r\n#]", entry))
