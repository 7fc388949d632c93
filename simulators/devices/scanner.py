"""A barcode scanner on a serial line."""

import os
import tty
from typing import Self


class NobodyReadsError(OSError):
    """The program does not read its scanner: the line is full and the scan is lost."""


class SimulatedScanner:
    """Writes codes to a pseudo terminal, as a scanner in serial mode does; see `path`."""

    def __init__(self, *, suffix: str = "\r") -> None:
        self._suffix = suffix
        self._fd, self._far_end = os.openpty()
        tty.setraw(self._far_end)
        os.set_blocking(self._fd, False)
        self._open = True
        self.path = os.ttyname(self._far_end)
        """The device file the program opens."""

    def scan(self, code: str) -> None:
        """Read one code; GS1 separators go over the line as they are.

        Raises NobodyReadsError if the line is full, ValueError after `close`.
        """
        if not self._open:
            raise ValueError("the scanner is unplugged")
        line = f"{code}{self._suffix}".encode()
        try:
            written = os.write(self._fd, line)
        except BlockingIOError:
            written = 0
        if written < len(line):
            raise NobodyReadsError(f"nobody reads {self.path}")

    def close(self) -> None:
        """Unplug the scanner: who reads gets an error."""
        if self._open:
            self._open = False
            os.close(self._fd)
            os.close(self._far_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
