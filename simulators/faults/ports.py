"""TCP ports to listen on."""

import socket
from collections.abc import Collection
from typing import Final

_NEIGHBOURS: Final = 20
_LAST: Final = 65535


def free_port(host: str = "127.0.0.1") -> int:
    """Ask the system for a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether somebody may listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def port_near(port: int, host: str = "127.0.0.1", *, but: Collection[int] = ()) -> int:
    """Keep `port` where it is free, else take the next free one: the same from start to start.

    `but` names ports that are promised to others. With all neighbours taken it is any free one.
    """
    for near in range(port, min(port + _NEIGHBOURS, _LAST) + 1):
        if near not in but and is_free(near, host):
            return near
    return free_port(host)
