"""The files of a rule folder: each is known by its hash, and the newest is at hand."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rules.language.text.faults import Faults, Place

RULE_SUFFIX: Final = ".yaml"
"""How the names of rule files end."""


def names_in(folder: Path) -> list[str]:
    """Name all files below a folder, by their paths from it in order; links to folders are left."""
    return sorted(
        (Path(where) / name).relative_to(folder).as_posix()
        for where, _, names in os.walk(folder)
        for name in names
    )


def is_hidden(name: str) -> bool:
    """Tell whether a file of a folder, or a folder on the way to it, is hidden."""
    return any(part.startswith(".") for part in name.split("/"))


class Sources:
    """What was read from one folder; `taken` lists what rules asked for, in their order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest = ""
        self._text: bytes | None = None
        self.digests: dict[str, str] = {}
        self.taken: list[str] = []

    def rule_files(self, faults: Faults) -> Iterator[tuple[str, bytes]]:
        """Give the name and the bytes of every `*.yaml`, in the order of their paths.

        Hidden files and folders are left out; what is no ordinary file of the folder is a fault.
        """
        for name in names_in(self._folder):
            path = self._folder / name
            if path.suffix != RULE_SUFFIX or is_hidden(name):
                continue
            fault = self._why_not(path)
            if fault:
                faults.add(Place(name, 1, 1), fault)
            else:
                yield name, self._read(name, path)

    def _why_not(self, path: Path) -> str:
        """Say why a file cannot be read as one of the folder; nothing where it can."""
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                return "is a link that leads out of the folder: put the file itself here"
            if not path.is_file():
                return "is no ordinary file"
            with path.open("rb"):
                return ""
        except (OSError, RuntimeError) as error:
            return f"cannot be read: {getattr(error, 'strerror', None) or 'links in a circle'}"

    def take(self, name: str) -> bytes | None:
        """Give the bytes of a file that a rule names; None where the folder has no such file."""
        self.taken.append(name)
        if name != self._newest:
            path = self._path_of(name)
            self._newest, self._text = name, None if path is None else self._read(name, path)
        return self._text

    def is_odd(self, name: str) -> bool:
        """Tell whether a name in the folder is neither of a file nor of a folder, as of a pipe."""
        return self._path_of(name, _is_odd) is not None

    def _path_of(self, name: str, is_there: Callable[[Path], bool] = Path.is_file) -> Path | None:
        """Give where a named file of the folder is; None where it is not, or cannot be."""
        try:
            path = (self._folder / name).resolve()
            inside = bool(name) and path.is_relative_to(self._folder.resolve())
            return path if inside and is_there(path) else None
        except (OSError, ValueError):  # too long for a name, or with signs that none may have
            return None

    def unchanged(self, digests: Mapping[str, str]) -> bool:
        """Tell whether files are there and still what they were."""
        return all(
            self.take(name) is not None and self.digests[name] == digest
            for name, digest in digests.items()
        )

    def _read(self, name: str, path: Path) -> bytes:
        text = path.read_bytes()
        self.digests[name] = hashlib.sha256(text).hexdigest()
        return text


def _is_odd(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()
