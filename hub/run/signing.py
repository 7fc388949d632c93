"""The hub's own keys, made once: one signs rule packs for terminals, one marks its answers."""

import os
import secrets
import tempfile
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from rules.tools.build.signing import SigningKeyError, key_line, new_private_key, public_key, sign

_KEPT: Final = 16
_KEY_BYTES: Final = 32


class PackSigner:
    """Signs with `private.pem` of a folder, which the first use makes for its owner only.

    A key made elsewhere (`rules keygen`) can be put there instead, and several hubs may have the
    same one. Every use raises SigningKeyError where the file holds no key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A pack is told to every terminal with the same signature: it is made once.
        self._signed = lru_cache(maxsize=_KEPT)(lambda digest: sign(digest, self._private))

    @cached_property
    def public(self) -> str:
        """The public key as the line that terminals are given."""
        public = public_key(self._private)
        _put(self._folder / "public.pem", public)
        return key_line(public.decode())

    def sign(self, digest: str) -> str:
        """Sign the hash of a pack."""
        return self._signed(digest)

    @cached_property
    def _private(self) -> bytes:
        path = self._folder / "private.pem"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _put(path, new_private_key(), first=True)
        pem = path.read_bytes()
        try:
            public_key(pem)
        except SigningKeyError as error:
            raise SigningKeyError(f"{path}: {error}") from error
        return pem


class AnswerKey:
    """The 32 bytes by which the hub knows its own answers, in `answers.key` of a folder.

    The first use makes them, for their owner only. They go along in a backup: a hub with another
    key takes none of its answers back.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "answers.key"

    def __call__(self) -> bytes:
        """Give the key."""
        return self._read

    @cached_property
    def _read(self) -> bytes:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _put(self._path, secrets.token_bytes(_KEY_BYTES), first=True)
        return self._path.read_bytes()


def _put(path: Path, content: bytes, *, first: bool = False) -> None:
    """Write a file whole, readable by its owner; with `first` only where there is none yet."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if not first:
        Path(draft).replace(path)
        return
    # Two processes may start a new hub at once: the one that links first has made its key.
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
