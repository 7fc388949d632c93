"""Choose a broker, start it, and say which it is."""

import errno
import socket
import time
from pathlib import Path
from typing import Final, Literal

from broker.contract.address import BrokerAddress, Certificate
from broker.embedded.mosquitto import Mosquitto, find_mosquitto
from broker.embedded.running import BrokerPortError, BrokerStartError, RunningBroker

BrokerKind = Literal["auto", "mosquitto", "amqtt"]
_ENDING_S: Final = 3.0
"""How long a port that is in use is waited for."""
_AGAIN_S: Final = 0.05


def start_broker(
    folder: Path,
    *,
    port: int,
    host: str = "127.0.0.1",
    kind: BrokerKind = "auto",
    proof: Certificate | None = None,
) -> RunningBroker:
    """Start a broker on `host` and `port` (0: a free one) that keeps its files in `folder`.

    `auto` takes Mosquitto where it is installed, else amqtt. With `proof` it speaks TLS alone,
    which is Mosquitto's to do. Raises BrokerStartError; where the port cannot be had,
    BrokerPortError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _reserve(host, port)
    program = find_mosquitto()
    if proof is not None:
        _see_readable(proof)
        kind = _with_tls(kind)
    if kind == "mosquitto" and program is None:
        raise BrokerStartError("mosquitto is not installed (Debian: apt install mosquitto)")
    if program is not None and kind != "amqtt":
        mosquitto = Mosquitto(program, folder, BrokerAddress(host, port), proof=proof)
        mosquitto.start()
        return mosquitto
    # amqtt and its dependencies cost 20 MB: only for those who need it.
    from broker.embedded.amqtt_broker import Amqtt  # noqa: PLC0415

    amqtt = Amqtt(folder, BrokerAddress(host, port))
    amqtt.start()
    return amqtt


def _with_tls(kind: BrokerKind) -> BrokerKind:
    """Name the broker that speaks TLS; raises BrokerStartError where another one is wished for."""
    if kind == "amqtt":
        raise BrokerStartError("amqtt is started without TLS here: take mosquitto")
    return "mosquitto"


def _see_readable(proof: Certificate) -> None:
    """Say which file cannot be read: Mosquitto would end with a number of OpenSSL's."""
    for path in (proof.certificate, proof.key):
        try:
            path.open("rb").close()
        except OSError as error:
            raise BrokerStartError(f"{path}: {error.strerror}") from error


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
