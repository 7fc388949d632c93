"""Files of a folder that look as if they were rules or prices, and are not read."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from rules.language.text.sources import RULE_SUFFIX, is_hidden, names_in
from rules.tools.lint.doubts import Doubt

_NEAR: frozenset[str] = frozenset({".yml", RULE_SUFFIX})


def of_folder(folder: Path, sources: Collection[str]) -> Iterator[tuple[str, Doubt]]:
    """Doubt the files beside the `sources` of a pack, by their names."""
    for name in _folders_in(folder):
        if Path(name).suffix.lower() in _NEAR and not is_hidden(name):
            yield name, Doubt("file_unread", "is a folder: only files in it are read")
    for name in names_in(folder):
        suffix = Path(name).suffix
        if name in sources or any(part in {".git", ".hg"} for part in name.split("/")):
            continue
        if suffix.lower() in _NEAR:
            why = "it is hidden" if is_hidden(name) else f"its name does not end in {RULE_SUFFIX}"
            yield name, Doubt("file_unread", f"is not read: {why}")
        elif suffix.lower() == ".csv" and not is_hidden(name):
            yield name, Doubt("csv_unused", "is used by no rule")


def _folders_in(folder: Path) -> list[str]:
    return sorted(
        (Path(where) / name).relative_to(folder).as_posix()
        for where, names, _ in os.walk(folder)
        for name in names
    )
