"""Choose a broker, start it, and say which it is."""

import errno
import socket
import time
from pathlib import Path
from typing import Final, Literal

from broker.contract.address import BrokerAddress
from broker.embedded.mosquitto import Mosquitto, find_mosquitto
from broker.embedded.running import BrokerPortError, BrokerStartError, RunningBroker

BrokerKind = Literal["auto", "mosquitto", "amqtt"]
_ENDING_S: Final = 3.0
"""How long a port that is in use is waited for."""
_AGAIN_S: Final = 0.05


def start_broker(
    folder: Path, *, port: int, host: str = "127.0.0.1", kind: BrokerKind = "auto"
) -> RunningBroker:
    """Start a broker on `host` and `port` (0: a free one) that keeps its files in `folder`.

    `auto` takes Mosquitto where it is installed, else amqtt. Raises BrokerStartError; where the
    port cannot be had, BrokerPortError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _reserve(host, port)
    program = find_mosquitto()
    if kind == "mosquitto" and program is None:
        raise BrokerStartError("mosquitto is not installed (Debian: apt install mosquitto)")
    if program is not None and kind != "amqtt":
        mosquitto = Mosquitto(program, folder, BrokerAddress(host, port))
        mosquitto.start()
        return mosquitto
    # amqtt and its dependencies cost 20 MB: only for those who need it.
    from broker.embedded.amqtt_broker import Amqtt  # noqa: PLC0415

    amqtt = Amqtt(folder, BrokerAddress(host, port))
    amqtt.start()
    return amqtt


def _reserve(host: str, port: int) -> int:
    """See that nobody listens there: we would take a stranger's answer for our broker's.

    A broker that was killed a moment ago still holds its port while the kernel ends it.
    """
    until = time.monotonic() + _ENDING_S
    while True:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                return int(probe.getsockname()[1])
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                text = f"cannot listen on {host}:{port}: {error.strerror}"
                raise BrokerPortError(text) from error
        time.sleep(_AGAIN_S)
