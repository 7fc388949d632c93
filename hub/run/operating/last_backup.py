"""Which backup of a hub is the last one, as its folder says."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_FILE: Final = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was taken of a folder, or put back into it; `at` in Unix ms."""

    file: str
    at: int


def note_backup(folder: Path, file: Path, *, taken_at: int) -> None:
    """Write down which backup is the last one, and as of when it is."""
    draft = folder / f".{_FILE}"
    last = LastBackup(str(file.absolute()), taken_at)
    draft.write_text(json.dumps(asdict(last)), encoding="utf-8")
    draft.replace(folder / _FILE)


def read_last_backup(folder: Path) -> LastBackup | None:
    """Read which backup is the last one; None where nothing is known of any."""
    try:
        return LastBackup(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
