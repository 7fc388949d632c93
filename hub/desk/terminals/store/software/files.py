"""The bundles of updates: one file a hash in a folder, whole or not at all."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from broker.contract import Manifest

FOLDER: Final = "software"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SoftwareFiles:
    """The folder of bundles: the same bundle is there once, whoever hands it over."""

    folder: Path

    def path_of(self, digest: str) -> Path:
        """Give where the bundle of a hash is."""
        return self.folder / f"{digest}.tar.gz"

    def has(self, digest: str) -> bool:
        """Tell whether the bundle of a hash is there."""
        return self.path_of(digest).exists()

    def write(self, bundle: BinaryIO, manifest: Manifest) -> bool:
        """Keep a bundle; gives False for a bundle that is not the manifest's. Raises OSError.

        Not more of it is read than a bundle of that size has, and it is on the disk when this
        returns.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".")
        draft, found, size = Path(name), hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as out:
                while size <= manifest.size and (chunk := bundle.read(_CHUNK)):
                    found.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            is_it = size == manifest.size and found.hexdigest() == manifest.bundle
            if is_it:
                draft.replace(self.path_of(manifest.bundle))
        finally:
            draft.unlink(missing_ok=True)
        return is_it
