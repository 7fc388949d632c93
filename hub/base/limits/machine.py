"""What a hub takes of its machine: descriptors enough, and files that are its owner's only."""

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

_WANTED_DESCRIPTORS: Final = 65_536
_OWNER_ONLY: Final = 0o077


def raise_descriptor_limit() -> int:
    """Take as many descriptors as the machine grants this process; gives how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_DESCRIPTORS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


def keep_new_files_private() -> None:
    """Make every file and folder of this process and its children its owner's only."""
    os.umask(_OWNER_ONLY)


def close_to_others(folder: Path, database: Path | None) -> None:
    """Take what versions before left open in a hub's folder from other users of the machine.

    These are the folder itself, where it holds a hub, and the files of the hub in it; what else a
    person keeps there is not ours to change. Files of somebody else are left as they are.
    """
    if not (folder / "hub.db").exists() and not (folder / "hub.lock").exists():
        return
    ours = [folder, *folder.glob("hub.*")]
    for name in ("broker", "terminals", "signing"):
        ours += [folder / name, *(folder / name).glob("*")]
    if database is not None:
        ours += database.parent.glob(f"{database.name}*")
    for path in ours:
        with suppress(OSError):
            path.chmod(path.stat().st_mode & ~_OWNER_ONLY & 0o7777)
