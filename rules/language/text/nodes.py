"""The text of rule files as nodes that know their place; nothing is guessed, `NO` stays text."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rules.language.text.faults import Place

MAX_DEPTH: Final = 12
NO_NUL: Final = "has a NUL character, which no database keeps: take it out"


class Scalar(NamedTuple):
    """A word or number, as written.

    `inside` counts the characters from its place to the text; None where that is not on one line.
    """

    place: Place
    text: str
    quoted: bool = False
    inside: int | None = 0


class Listing(NamedTuple):
    """A YAML sequence."""

    place: Place
    members: tuple["Node", ...]


class Table(NamedTuple):
    """A YAML mapping: its keys and values by the text of the key."""

    place: Place
    entries: Mapping[str, tuple[Scalar, "Node"]]


Node = Scalar | Listing | Table
