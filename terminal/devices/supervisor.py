"""Tells systemd that the terminal serves, and that its loop still turns (sd_notify(3))."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping

_PER_WATCH = 3
_US_PER_S = 1_000_000


def notify(words: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send one message, as `READY=1`; nothing happens where nobody supervises."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line,
    ):
        # A socket without a file has a NUL for the @ of its name.
        line.sendto(words.encode(), f"\0{address[1:]}" if address[0] == "@" else address)


async def keep_watched(environ: Mapping[str, str] = os.environ) -> None:
    """Say that the terminal serves, and then that it lives, three times a watchdog's time.

    It runs in the loop of the counter: one that is stuck is not heard, and is started again.
    """
    notify("READY=1", environ)
    watch_us = environ.get("WATCHDOG_USEC", "")
    while watch_us.isdecimal() and int(watch_us):
        notify("WATCHDOG=1", environ)
        await asyncio.sleep(int(watch_us) / _US_PER_S / _PER_WATCH)
