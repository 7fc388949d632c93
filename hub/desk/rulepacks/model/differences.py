"""What changed in the rule files between two versions, as a reviewer reads it."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["added", "removed", "changed"]
LineKind = Literal["same", "plus", "minus", "skipped"]

LARGEST_BYTES: Final = 128 * 1024
MOST_LINES: Final = 400
_AROUND: Final = 3
_SIGNS: Final[Mapping[str, LineKind]] = {"+": "plus", "-": "minus", "@": "skipped"}
_HEADER_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a difference."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs; `cut` says that not all of it is shown."""

    path: str
    kind: Kind
    lines: tuple[DiffLine, ...]
    cut: bool


def changed_files(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> tuple[FileChange, ...]:
    """Compare two versions file by file, by name; files that are equal are left out."""
    return tuple(
        _change(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _change(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    kind: Kind = "added" if before is None else "removed" if after is None else "changed"
    old, new = before or b"", after or b""
    if max(len(old), len(new)) > LARGEST_BYTES:
        return FileChange(path, kind, (), cut=True)
    lines = tuple(_lines(_text(old), _text(new)))
    return FileChange(path, kind, lines[:MOST_LINES], cut=len(lines) > MOST_LINES)


def _lines(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    found = difflib.unified_diff(old, new, n=_AROUND, lineterm="")
    for number, line in enumerate(found):
        if number >= _HEADER_LINES:
            kind = _SIGNS.get(line[0], "same")
            yield DiffLine(kind, "" if kind == "skipped" else line[1:])


def _text(body: bytes) -> list[str]:
    return body.decode("utf-8", "backslashreplace").splitlines()
