"""Clients that mean no good: rubbish for the broker, requests that never end for the pages."""

import socket
import threading
from contextlib import ExitStack, suppress
from typing import Final

_PATIENCE_S: Final = 1.0
_PAUSE_S: Final = 0.005
_AT_ONCE: Final = 40
_CONNECT: Final = b"\x10\x1a\x00\x04MQTT\x04\xc2\x00\x3c\x00\x04evil\x00\x04evil\x00\x02pw"
_RUBBISH: Final = (
    _CONNECT,
    b"\x30\xff\xff\xff\x7f" + b"ow/v1/0/t/shop/up/order" * 40,
    b"\x82\x05\x00\x01\x00\x01#\x01",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x00" * 2000,
)
_HALF: Final = b"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n\r\n{"


def flood(host: str, port: int, over: threading.Event) -> int:
    """Send rubbish on new connections until it is over; gives how many were tried."""
    tried = 0
    while not over.wait(_PAUSE_S):
        with suppress(OSError), socket.create_connection((host, port), _PATIENCE_S) as one:
            one.sendall(_RUBBISH[tried % len(_RUBBISH)])
            one.settimeout(_PATIENCE_S / 10)
            one.recv(64)
        tried += 1
    return tried


def stall(host: str, port: int, over: threading.Event) -> int:
    """Hold connections with requests that never end until it is over; gives how many there were."""
    with ExitStack() as held:
        taken = 0
        for _ in range(_AT_ONCE):
            with suppress(OSError):
                one = held.enter_context(socket.create_connection((host, port), _PATIENCE_S))
                one.sendall(_HALF)
                taken += 1
        over.wait()
    return taken
