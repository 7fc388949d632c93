"""Faults in rule files: all of them at once, each with its place and, where it can, a remedy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, NamedTuple

_QUOTED: Final = re.compile(r"'([^']{60})[^']{20,}'|'[^']*'")
_UNBROKEN: Final = re.compile(r"([^\s']{60})[^\s']{20,}")
_LONGEST: Final = 600


class Place(NamedTuple):
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Fault(NamedTuple):
    """One thing that keeps a pack from being used."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class PackError(Exception):
    """A rule folder was refused; `faults` holds every `file:line:col: message`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(slots=True)
class Faults:
    """Collects faults while a folder is read."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        """Note a fault; what it quotes may be anything, and is made fit for one line."""
        self.found.append(Fault(place, _fit(message)))

    def refuse_any(self) -> None:
        """Raise all that were found, in the order of the files."""
        if self.found:
            raise PackError(str(fault) for fault in sorted(set(self.found)))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say `; did you mean 'x'?` where a known word is near, else nothing.

    Near to `type` is `customer.type`.
    """
    names = sorted(known)
    ends = [name for name in names if name.endswith(f".{word}")]
    near = ends or get_close_matches(word, names, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def unreadable(path: object, error: Exception) -> str:
    """Say in words why a file that somebody named cannot be read: it is not there, or no UTF-8."""
    name = getattr(error, "filename", None) or path
    told: str = getattr(error, "strerror", None) or str(error)
    if isinstance(error, FileNotFoundError):
        told = "there is no such file"
    elif isinstance(error, IsADirectoryError):
        told = "this is a folder, not a file"
    elif isinstance(error, UnicodeDecodeError):
        told = "not UTF-8: save the file with that encoding"
    return f"{name}: {told}"


def _fit(message: str) -> str:
    """Make a message fit for one line: long quotes are cut, and signs that do not print spelt."""
    printed = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in message)
    quoted = _QUOTED.sub(lambda match: f"'{match[1]}...'" if match[1] else match[0], printed)
    short = _UNBROKEN.sub(r"\1...", quoted)
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 200]} ... {short[-200:]}"
