"""Tells systemd that the hub serves, that it still turns, and that it ends (sd_notify(3))."""

import os
import socket
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Self

_PER_WATCH = 3
_US_PER_S = 1_000_000


class Supervisor:
    """Whoever started the hub and wants to hear of it, named by `NOTIFY_SOCKET`; else nobody."""

    def __init__(
        self,
        environ: Mapping[str, str],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        watch_us = environ.get("WATCHDOG_USEC", "")
        self._every_s = int(watch_us) / _US_PER_S / _PER_WATCH if watch_us.isdecimal() else 0.0
        self._monotonic_s = monotonic_s
        self._next_s = 0.0

    @classmethod
    def take(cls, environ: MutableMapping[str, str] = os.environ) -> Self:
        """Take the supervisor from this process's variables, so that no child speaks to it.

        A Mosquitto that the hub starts would say that it serves long before the hub does.
        """
        taken = cls(dict(environ))
        environ.pop("NOTIFY_SOCKET", None)
        return taken

    def serves(self) -> None:
        """Say that the hub serves: what was to start after it starts now."""
        self._say("READY=1")

    def turns(self) -> None:
        """Say that the hub still turns, three times a watchdog's time however often this is called.

        With `WATCHDOG_USEC=60000000` it is said every 20 s.
        """
        if self._every_s and self._monotonic_s() >= self._next_s:
            self._next_s = self._monotonic_s() + self._every_s
            self._say("WATCHDOG=1")

    def ends(self) -> None:
        """Say that the hub was asked to end and finishes what it has at hand."""
        self._say("STOPPING=1")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        name = self._address
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line,
        ):
            # A socket without a file has a NUL for the @ of its name.
            line.sendto(words.encode(), f"\0{name[1:]}" if name[0] == "@" else name)
