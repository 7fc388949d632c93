"""What a hostile neighbour does: each attack is a program of its own, with one stolen password.

Every attack is written as bytes beforehand, so that it costs the machine as little as it can and
the hub as much. `python -m tests.benchmarks.attacks NAME TARGET` prepares one against a hub that is
there, says so, and runs it as soon as it is told to by a line. It exits with 1 where it was turned
away.
"""

import argparse
import contextlib
import json
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from broker import contract as wire
from tests.benchmarks.mqtt_load import connect_packet, publish_packet, subscribe_packet

MALFORMED: Final = 20_000
LOGS: Final = 10_000
RETAINED: Final = 20_000
REPEATS: Final = 3_000
IDLE: Final = 1_200
SIGN_INS: Final = 100
HELD_S: Final = 10.0
"""How long an attack that consists of being there is there."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the hub is, and the one terminal whose password is known."""

    broker: tuple[str, int]
    http: tuple[str, int]
    terminal: str
    password: str
    customer: str
    victim: str
    skus: tuple[str, ...]


Attack = Callable[[], None]
"""An attack that is prepared: it begins when this is called."""


class TurnedAwayError(Exception):
    """The broker refused the attacker, or ended its connection."""


def send_malformed(target: Target) -> Attack:
    """Send what is no message, as orders."""
    topic = wire.up(target.terminal, "order")
    noise = [b'{"v":1,"type":"order","id":%d' % number for number in range(MALFORMED)]
    packets = [publish_packet(topic, one, packet_id=_id(n)) for n, one in enumerate(noise)]
    return partial(_flood, target, b"".join(packets))


def send_logs(target: Target) -> Attack:
    """Send remarks, each of them a good one."""
    topic = wire.up(target.terminal, "log")
    remarks = [
        wire.Log(
            id=_uuid(),
            term=target.terminal,
            boot=1,
            at=_now_ms(),
            data=wire.LogData(level="warning", code="noise", text=f"remark {number}"),
        )
        for number in range(LOGS)
    ]
    packets = [
        publish_packet(topic, wire.encode(one), packet_id=_id(n)) for n, one in enumerate(remarks)
    ]
    return partial(_flood, target, b"".join(packets))


def leave_retained(target: Target) -> Attack:
    """Have the broker keep messages under topics that nobody uses."""
    base = wire.up(target.terminal, "log").rpartition("/")[0]
    packets = [
        publish_packet(f"{base}/a{n}/b", b"kept " * 20, packet_id=_id(n), retain=True)
        for n in range(RETAINED)
    ]
    return partial(_flood, target, b"".join(packets))


def never_read(target: Target) -> Attack:
    """Ask for the same large answer again and again, and read none."""
    order = publish_packet(wire.up(target.terminal, "order"), _large_order(target), packet_id=1)
    return partial(_never_read, target, order)


def _never_read(target: Target, order: bytes) -> None:
    for qos in (1, 0):
        with _connected(target) as line:
            line.sendall(subscribe_packet(wire.any_down(target.terminal), qos=qos))
            with contextlib.suppress(OSError):
                for _ in range(REPEATS // 2):
                    line.sendall(order)
            time.sleep(HELD_S / 2)


def pose_as_others(target: Target) -> Attack:
    """Connect again and again under the hub's client id, and under another terminal's."""
    return partial(_pose_as_others, target)


def _pose_as_others(target: Target) -> None:
    until = time.monotonic() + HELD_S
    while time.monotonic() < until:
        for client_id in ("hub", target.victim):
            login = connect_packet(target.terminal, target.password, client_id=client_id)
            with contextlib.suppress(OSError), socket.create_connection(target.broker, 5) as line:
                line.sendall(login)
                line.recv(4)


def hold_connections(target: Target) -> Attack:
    """Open connections to the pages: every second one says nothing, the others half a request."""
    return partial(_hold, target.http, b"GET /sign-in HTTP/1.1\r\nHost: hub\r\nX-Half: ")


def hold_lines(target: Target) -> Attack:
    """Open connections to the broker: every second one says nothing, the others half a sign-in."""
    return partial(_hold, target.broker, connect_packet(target.terminal, target.password)[:-5])


def _hold(address: tuple[str, int], half: bytes) -> None:
    """Hold idle connections; every second one has said half of what it has to say."""
    with contextlib.ExitStack() as stack:
        for number in range(IDLE):
            with contextlib.suppress(OSError):
                line = stack.enter_context(socket.create_connection(address, 5))
                if number % 2:
                    line.sendall(half)
        time.sleep(HELD_S)


def sign_in_at_once(target: Target) -> Attack:
    """Sign in by wrong passwords, a hundred at once from as many addresses, again and again."""
    host = f"{target.http[0]}:{target.http[1]}"
    forms = [f"name=nobody-{number}&password=a+wrong+word" for number in range(SIGN_INS)]
    said = [
        f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        f"Connection: close\r\n\r\n{form}".encode()
        for form in forms
    ]
    return partial(_ask_at_once, target, said)


def ask_for_pages(target: Target) -> Attack:
    """Ask for the page of the sign-in, a hundred times at once, again and again."""
    host = f"{target.http[0]}:{target.http[1]}"
    said = f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    return partial(_ask_at_once, target, [said] * SIGN_INS)


def _ask_at_once(target: Target, said: Sequence[bytes]) -> None:
    until = time.monotonic() + HELD_S
    while time.monotonic() < until:
        with contextlib.ExitStack() as stack:
            lines = []
            for number, request in enumerate(said):
                own = (f"127.0.1.{1 + number}", 0)
                line = stack.enter_context(socket.create_connection(target.http, HELD_S, own))
                line.sendall(request)
                lines.append(line)
            for line in lines:
                while line.recv(65_536):
                    pass


ATTACKS: Final[dict[str, Callable[[Target], Attack]]] = {
    "malformed": send_malformed,
    "logs": send_logs,
    "retained": leave_retained,
    "never_reading": never_read,
    "client_id": pose_as_others,
    "idle_http": hold_connections,
    "idle_mqtt": hold_lines,
    "sign_ins": sign_in_at_once,
    "pages": ask_for_pages,
}


def main() -> None:
    """Prepare one attack, and run it when a line comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("target", help="where the hub is and who attacks, as JSON")
    arguments = parser.parse_args()
    known = json.loads(arguments.target)
    target = Target(
        **{
            **known,
            "broker": tuple(known["broker"]),
            "http": tuple(known["http"]),
            "skus": tuple(known["skus"]),
        }
    )
    attack = ATTACKS[arguments.attack](target)
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        attack()
    except (TurnedAwayError, ConnectionError) as error:
        raise SystemExit(f"{arguments.attack}: {error}") from error


def _flood(target: Target, packets: bytes) -> None:
    """Send everything at once, and read the acknowledgements only to keep the line open."""
    with _connected(target) as line:
        line.settimeout(0.0)
        waiting = memoryview(packets)
        while waiting:
            try:
                waiting = waiting[line.send(waiting[:65536]) :]
            except BlockingIOError:
                time.sleep(0.001)
            with contextlib.suppress(BlockingIOError):
                if not line.recv(65536):
                    raise TurnedAwayError("thrown out")
        line.settimeout(HELD_S)
        line.sendall(b"\xc0\x00")
        while not (came := line.recv(65536)).endswith(b"\xd0\x00"):
            if not came:
                raise TurnedAwayError("thrown out")


@contextlib.contextmanager
def _connected(target: Target) -> Iterator[socket.socket]:
    with socket.create_connection(target.broker, HELD_S) as line:
        line.sendall(connect_packet(target.terminal, target.password))
        if line.recv(4)[3:] != b"\x00":
            raise TurnedAwayError("the broker refused")
        yield line


def _large_order(target: Target) -> bytes:
    lines = [
        wire.OrderLine(line=n, sku=target.skus[n % len(target.skus)], qty=1) for n in range(1, 501)
    ]
    return wire.encode(
        wire.Order(
            id=_uuid(),
            term=target.terminal,
            boot=1,
            seq=1,
            at=_now_ms(),
            data=wire.OrderData(
                order=_uuid(),
                number=f"{target.terminal}-1",
                customer=target.customer,
                lines=lines,
                captured_at=_now_ms(),
                mono_ms=1,
                clock_trusted=True,
            ),
        )
    )


def _id(number: int) -> int:
    return number % 65_535 + 1


def _uuid() -> str:
    return wire.uuid7(_now_ms(), secrets.token_bytes(10))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main()
