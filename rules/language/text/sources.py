"""The files of a rule folder: each is read once, and known by its hash."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path


class Sources:
    """What was read from one folder; `taken` lists what rules asked for, in their order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, bytes | None] = {}
        self.digests: dict[str, str] = {}
        self.taken: list[str] = []

    def rule_files(self) -> Iterator[tuple[str, bytes]]:
        """Give the name and the bytes of every `*.yaml`, in the order of their paths."""
        for path in sorted(self._folder.rglob("*.yaml")):
            name = path.relative_to(self._folder).as_posix()
            yield name, self._read(name, path)

    def take(self, name: str) -> bytes | None:
        """Give the bytes of a file that a rule names; None where the folder has no such file."""
        self.taken.append(name)
        if name not in self._texts:
            path = self._path_of(name)
            self._texts[name] = None if path is None else self._read(name, path)
        return self._texts[name]

    def _path_of(self, name: str) -> Path | None:
        """Give where a named file of the folder is; None where it is not, or cannot be."""
        try:
            path = (self._folder / name).resolve()
            inside = bool(name) and path.is_relative_to(self._folder.resolve())
            return path if inside and path.is_file() else None
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
