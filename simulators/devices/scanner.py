"""A barcode scanner on a serial line."""

import fcntl
import os
import struct
import termios
import threading
import time
import tty
from typing import Final, Self

_GAP_S: Final = 0.08
"""From when the program took a code to the next: a hand that is faster than any."""
_SAME_GAP_S: Final = 0.3
"""The same code again, as fast as a fast hand does it."""
_ARRIVES_S: Final = 0.06
"""What was written is not at the other end at once, least of all on a busy machine."""
_NOBODY_S: Final = 1.0
_SOON_S: Final = 0.1
_LOOK_AGAIN_S: Final = 0.005


class NobodyReadsError(OSError):
    """The program does not read its scanner: the scan is lost."""


class SimulatedScanner:
    """Writes codes to a pseudo terminal, as a scanner in serial mode does; see `path`.

    Codes come one by one, as from a hand that waits until the one before was taken: what comes
    without a pause is one symbol. With `gap_s`, the pause is a test's own.
    """

    def __init__(self, *, suffix: str = "\r", gap_s: float | None = None) -> None:
        self._suffix = suffix
        self._gap_s = gap_s
        self._fd, self._far_end = os.openpty()
        tty.setraw(self._far_end)
        os.set_blocking(self._fd, False)
        self._open = True
        self._one_hand = threading.Lock()
        self._before = ""
        self._taken_s: float | None = None
        self.path = os.ttyname(self._far_end)
        """The device file the program opens."""

    def scan(self, code: str) -> None:
        """Read one code; GS1 separators go over the line as they are.

        Raises NobodyReadsError if the line is full or the code before was not taken, ValueError
        after `close`.
        """
        if not self._open:
            raise ValueError("the scanner is unplugged")
        with self._one_hand:
            self._wait(code)
            line = f"{code}{self._suffix}".encode()
            try:
                written = os.write(self._fd, line)
            except BlockingIOError:
                written = 0
            if written < len(line):
                raise NobodyReadsError(f"nobody reads {self.path}")
            self._before, self._taken_s = code, self._wait_taken(_SOON_S)

    def _wait(self, code: str) -> None:
        """Wait until the program has taken the code before, then as long as a hand needs."""
        if not self._before:
            return
        taken_s = self._taken_s or self._wait_taken(_NOBODY_S)
        if taken_s is None:
            raise NobodyReadsError(f"nobody reads {self.path}")
        gap_s = self._gap_s or (_SAME_GAP_S if code == self._before else _GAP_S)
        time.sleep(max(0.0, taken_s + gap_s - time.monotonic()))

    def _wait_taken(self, longest_s: float) -> float | None:
        """Tell when the line was found empty, None where it stays full."""
        until = time.monotonic() + longest_s
        time.sleep(_ARRIVES_S)
        while True:
            time.sleep(_LOOK_AGAIN_S)
            if not self._unread():
                return time.monotonic()
            if time.monotonic() > until:
                return None

    def _unread(self) -> int:
        """Count the bytes that wait for the program."""
        count = fcntl.ioctl(self._far_end, termios.FIONREAD, struct.pack("I", 0))
        return int(struct.unpack("I", count)[0])

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
