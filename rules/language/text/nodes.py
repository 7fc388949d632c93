"""YAML text to nodes that know their place; nothing is guessed, `NO` and `017` stay text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rules.language.text.faults import Faults, Place

if TYPE_CHECKING:
    import yaml

MAX_FILE_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or number, as written.

    `inside` counts the characters from its place to the text; None where that is not on one line.
    """

    place: Place
    text: str
    quoted: bool = False
    inside: int | None = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML sequence."""

    place: Place
    members: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A YAML mapping; keys keep their own place."""

    place: Place
    entries: tuple[tuple[Scalar, "Node"], ...]


Node = Scalar | Listing | Table


class _Refused(Exception):  # noqa: N818 (never leaves this module: it ends the reading of one file)
    """The rest of a file cannot be read."""


def read_nodes(text: bytes, file: str, faults: Faults) -> Node | None:
    """Read one YAML document; None where the file is empty or was refused."""
    import yaml  # noqa: PLC0415 (only where rule files are read, never on a terminal)

    if len(text) > MAX_FILE_BYTES:
        faults.add(Place(file, 1, 1), f"file is larger than {MAX_FILE_BYTES} bytes")
        return None
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Builder(
            yaml.parse(text.decode("utf-8-sig"), Loader=loader), file, faults
        ).document()
    except UnicodeDecodeError as error:
        faults.add(Place(file, text[: error.start].count(b"\n") + 1, 1), "text is not UTF-8")
    except yaml.YAMLError as error:
        faults.add(_place_of(error, file), f"not YAML: {getattr(error, 'problem', None) or error}")
    except _Refused:
        pass
    return None


def _place_of(error: "yaml.YAMLError", file: str) -> Place:
    mark = getattr(error, "problem_mark", None)
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


class _Builder:
    """Builds nodes from parser events; aliases, tags and duplicate keys are faults."""

    def __init__(self, events: Iterator[Any], file: str, faults: Faults) -> None:
        self._events = events
        self._file = file
        self._faults = faults

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self._events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                if node is not None:
                    self._faults.add(self._place(event), "only one document a file")
                    raise _Refused
                node = self._node(next(self._events), 1)
        if isinstance(node, Scalar) and not node.text and not node.quoted:
            return None
        return node

    def _place(self, event: Any) -> Place:  # noqa: ANN401 (PyYAML's events have no common type)
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:  # noqa: ANN401
        kind = type(event).__name__
        place = self._place(event)
        if kind == "AliasEvent":
            self._faults.add(place, f"'*{event.anchor}' is an alias: write the value out")
            return Scalar(place, "", quoted=True)
        if event.anchor is not None:
            self._faults.add(place, f"'&{event.anchor}' is an anchor: write the value out")
        if event.tag is not None:
            self._faults.add(place, f"tag '{event.tag}' is not allowed")
        if depth > MAX_DEPTH:
            self._faults.add(place, f"nested deeper than {MAX_DEPTH}")
            raise _Refused
        if kind == "ScalarEvent":
            quoted = not event.implicit[0]
            one_line = event.start_mark.line == event.end_mark.line
            return Scalar(place, event.value, quoted, int(quoted) if one_line else None)
        if kind == "SequenceStartEvent":
            return Listing(place, tuple(self._members("SequenceEndEvent", depth)))
        return self._table(place, depth)

    def _members(self, end: str, depth: int) -> Iterator[Node]:
        while type(event := next(self._events)).__name__ != end:
            yield self._node(event, depth + 1)

    def _table(self, place: Place, depth: int) -> Table:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._faults.add(key.place, "a key is a plain word")
            elif key.text in seen:
                first = seen[key.text]
                self._faults.add(key.place, f"'{key.text}' is already given on line {first.line}")
            else:
                seen[key.text] = key.place
                entries.append((key, value))
        return Table(place, tuple(entries))
