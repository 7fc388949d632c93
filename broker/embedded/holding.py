"""Keep a folder to one program: two that write the same files would undo each other's work."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class FolderInUseError(Exception):
    """Another program runs on the folder; the text says which."""


@contextlib.contextmanager
def hold_folder(folder: Path, program: str) -> Iterator[None]:
    """Keep `folder` to this process inside the block; another `program` is kept out meanwhile.

    The kernel gives the folder free when the process ends, however it ends. Before the lock is had
    nothing is written. Raises FolderInUseError, and OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f"{program}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        _lock(handle, folder, program)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def is_held(folder: Path, program: str) -> bool:
    """Tell whether a program runs on a folder that it keeps to itself."""
    try:
        handle = os.open(folder / f"{program}.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _lock(handle: int, folder: Path, program: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace") or "of unknown number"
        raise FolderInUseError(
            f"{folder}: another {program} runs on these files (process {holder})"
        ) from error
