"""Files by the hash of their bytes in a folder: each is there once, whole or not at all."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HashedFiles:
    """The folder of files: one file a hash, so that the same bytes are there once."""

    folder: Path
    suffix: str = ""

    def path_of(self, digest: str) -> Path:
        """Give where the file of a hash is."""
        return self.folder / digest[:2] / f"{digest}{self.suffix}"

    def write(self, digest: str, content: bytes) -> None:
        """Write a file whole or not at all; it is on the disk when this returns."""
        path = self.path_of(digest)
        if path.exists() and path.stat().st_size == len(content):
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(draft).replace(path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, digest: str) -> None:
        """Take the file of a hash away, where it is there."""
        self.path_of(digest).unlink(missing_ok=True)

    def read(self, digest: str) -> bytes | None:
        """Read the file of a hash; None where it is gone."""
        try:
            return self.path_of(digest).read_bytes()
        except FileNotFoundError:
            return None
