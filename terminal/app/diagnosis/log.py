"""The terminal's log beside its records: the newest lines, in two files that never grow on."""

import contextlib
import logging
import os
from io import TextIOWrapper
from pathlib import Path
from typing import Final

FILE: Final = "log.jsonl"
_BEFORE: Final = "log.before.jsonl"
_FILE_BYTES: Final = 128 * 1024


class KeptLog(logging.Handler):
    """Writes lines into a folder: where one file is full it takes the place of the one before.

    What the disk does not take is lost: a log must not stop a counter. It is not synced, since a
    power cut may cost lines, and a card wears out by each sync.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._stream: TextIOWrapper | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        line = self.format(record)
        with contextlib.suppress(OSError, ValueError):
            stream = self._stream or self._open()
            if stream.tell() + len(line) > _FILE_BYTES:
                stream.close()
                (self._folder / FILE).replace(self._folder / _BEFORE)
                stream = self._open()
            stream.write(f"{line}\n")
            stream.flush()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
        super().close()

    def _open(self) -> TextIOWrapper:
        handle = os.open(self._folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._stream = os.fdopen(handle, "a", encoding="utf-8", errors="replace")
        return self._stream


def log_lines(folder: Path) -> list[str]:
    """Read the lines that are kept, the oldest first; none where there is no log."""
    lines: list[str] = []
    for name in (_BEFORE, FILE):
        with contextlib.suppress(OSError):
            lines += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
    return lines
