"""TCP ports to listen on."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    """Ask the system for a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def port_or_free(port: int, host: str = "127.0.0.1") -> int:
    """Keep `port` where nobody listens on it, else take a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return free_port(host)
    return port
