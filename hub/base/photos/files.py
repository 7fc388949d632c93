"""The folder of photos: one file a hash, written whole or not at all."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.base.photos.reading import Photo

FOLDER: Final = "photos"
"""Below the hub's folder; backups hold it."""


@dataclass(frozen=True, slots=True)
class PhotoFiles:
    """The folder of photos: one file a hash, so that the same photo is there once."""

    folder: Path

    def path_of(self, digest: str) -> Path:
        """Give where the file of a hash is."""
        return self.folder / digest[:2] / f"{digest}.jpg"

    def write(self, photo: Photo) -> None:
        """Write a photo's file whole or not at all; it is on the disk when this returns."""
        path = self.path_of(photo.digest)
        if path.exists() and path.stat().st_size == len(photo.content):
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(photo.content)
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

    def read(self, digest: str) -> bytes | None:
        """Read the file of a hash; None where it is gone."""
        try:
            return self.path_of(digest).read_bytes()
        except FileNotFoundError:
            return None
