"""YAML text to nodes, by way of the parser's events; it alone imports the YAML reader."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from rules.language.text.faults import Faults, Place
from rules.language.text.nodes import MAX_DEPTH, NO_NUL, Listing, Node, Scalar, Table

# Events are written in C where libyaml is there, and then have no common type.
_Event = Any
_LOADER: Final[Callable[[str], Any]] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


_ODD_BLANK: Final = re.compile(r"(?:^\s*(?:-\s*)?|[:,{\[]\s*)[\u00a0\u2007\u202f\u3000\u200b]")
"""A blank of a word processor or a web page where a key or a value begins: a letter to YAML."""

_SIGNS: Final = ("%", "@", "`")
"""What no word of YAML begins with."""


class NotYamlError(Exception):
    """The text is no YAML."""

    def __init__(self, place: Place, problem: str) -> None:
        self.place = place
        super().__init__(f"not YAML: {problem}")


class _Refused(Exception):  # noqa: N818 (never leaves this module: it ends the reading of a text)
    """The rest of a text cannot be read; the fault is told."""


def parse(text: str, file: str, faults: Faults, *, first: int = 0, depth: int = 1) -> Node | None:
    """Read one document that starts `first` lines into a file and `depth` levels into its nodes.

    None where it is empty, or where the fault that was found ends the reading.

    Raises:
        NotYamlError: the text is no YAML.
    """
    try:
        loader = _LOADER(text)
        events = iter(loader.get_event, None)
        return _Builder(events, file, faults, first=first + 1).document(depth)
    except yaml.reader.ReaderError as error:
        at = text.index(chr(error.character))
        line, column = text.count("\n", 0, at), at - text.rfind("\n", 0, at)
        raise NotYamlError(Place(file, first + line + 1, column), error.reason) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(file, first + mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        problem = _wanted(text, mark, first) or _unfinished(error, first) if mark else ""
        raise NotYamlError(place, problem or error.problem or str(error)) from error
    except _Refused:
        return None


def _wanted(text: str, mark: Any, first: int) -> str:  # noqa: ANN401 (a mark of the C reader has no type)
    """Say what would be right where the reader's own words do not."""
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab in front of the line: use spaces"
    for number in range(max(mark.line - 1, 0), min(mark.line + 1, len(lines))):
        if _ODD_BLANK.search(lines[number]):
            return f"a blank in line {first + number + 1} is no ordinary one: type it anew"
    sign = line[mark.column : mark.column + 1]
    if sign == ":":
        return "a second ':' in one value: put the value in quotes"
    if sign in _SIGNS:
        return f"'{sign}' begins no word: put it in quotes"
    return ""


def _unfinished(error: yaml.MarkedYAMLError, first: int) -> str:
    """Say what is not closed, or not indented as what it belongs to, and where that began."""
    began, told = error.context_mark, error.problem or ""
    if began is None:
        return ""
    line = first + began.line + 1
    if "',' or" in told:
        sign = "}" if "'}'" in told else "]"
        return f"what begins in line {line} is not closed: '{sign}' or ',' is missing before this"
    if told in {"did not find expected key", "did not find expected '-' indicator"}:
        return f"is indented otherwise than line {line}, which begins in column {began.column + 1}"
    return ""


class _Builder:
    """Builds nodes from events; aliases, tags and duplicate keys are faults."""

    def __init__(self, events: Iterator[_Event], file: str, faults: Faults, *, first: int) -> None:
        self._events = events
        self._file = file
        self._faults = faults
        self._first = first

    def document(self, depth: int) -> Node | None:
        node: Node | None = None
        for event in self._events:
            if type(event) is DocumentStartEvent:
                if node is not None:
                    self._faults.add(self._place(event), "only one document a file")
                    raise _Refused
                node = self._node(next(self._events), depth)
        if isinstance(node, Scalar) and not node.text and not node.quoted:
            return None
        return node

    def _place(self, event: _Event) -> Place:
        mark = event.start_mark
        return Place(self._file, self._first + mark.line, mark.column + 1)

    def _node(self, event: _Event, depth: int) -> Node:
        place = self._place(event)
        kind = type(event)
        if kind is AliasEvent:
            self._faults.add(place, f"'*{event.anchor}' is an alias: write the value out")
            return Scalar(place, "", quoted=True)
        if event.anchor is not None:
            self._faults.add(place, f"'&{event.anchor}' is an anchor: write the value out")
        if event.tag is not None:
            self._faults.add(place, f"tag '{event.tag}' is not allowed")
        if depth > MAX_DEPTH:
            self._faults.add(place, f"nested deeper than {MAX_DEPTH}")
            raise _Refused
        if kind is ScalarEvent:
            if "\0" in event.value:
                self._faults.add(place, NO_NUL)
            quoted = not event.implicit[0]
            one_line = event.start_mark.line == event.end_mark.line
            return Scalar(place, event.value, quoted, int(quoted) if one_line else None)
        if kind is SequenceStartEvent:
            return Listing(place, self._members(depth + 1))
        return self._table(place, depth + 1)

    def _members(self, depth: int) -> tuple[Node, ...]:
        members = []
        while type(event := next(self._events)) is not SequenceEndEvent:
            members.append(self._node(event, depth))
        return tuple(members)

    def _table(self, place: Place, depth: int) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        events = self._events
        while type(event := next(events)) is not MappingEndEvent:
            key = self._node(event, depth)
            value = self._node(next(events), depth)
            if not isinstance(key, Scalar):
                self._faults.add(key.place, "a key is a plain word")
            elif key.text in entries:
                first = entries[key.text][0].place
                self._faults.add(key.place, f"'{key.text}' is already given on line {first.line}")
            else:
                entries[key.text] = (key, value)
        return Table(place, entries)
