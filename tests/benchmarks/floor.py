"""The floor of the intake benchmark: store each order, answer it, note that the answer is stored.

It has the hub's own broker, codec, database engine and group commit, but no rules, no facts and no
stock: what is left is what any hub written this way must pay. An order is a row, durable before it
is answered and acknowledged at the broker; what a terminal says of an answer is durable likewise.
It speaks MQTT by the hub's own client or by paho-mqtt, the library that one would take: that floor
stays where it is when the hub's client gets faster.
"""

import argparse
import json
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Connection

from broker import contract as wire
from broker.contract.address import BrokerAddress
from broker.link.hub_link import HubLink, Received
from hub.base.engine.database import Database, open_database

BATCH = 256
DEADLINE_S = 10
CREATE = """
CREATE TABLE floor_order (
    id {key}, terminal VARCHAR(32) NOT NULL, seq BIGINT NOT NULL,
    order_id VARCHAR(36) NOT NULL UNIQUE, payload {blob} NOT NULL, is_told BOOLEAN NOT NULL,
    UNIQUE (terminal, seq)
)
"""
STORE = """
INSERT INTO floor_order (terminal, seq, order_id, payload, is_told) VALUES (?, ?, ?, ?, false)
"""
TOLD = "UPDATE floor_order SET is_told = true WHERE order_id = ? AND terminal = ?"


@dataclass(frozen=True, slots=True)
class Came:
    """A message of a terminal, and how the broker is told that it is kept."""

    topic: str
    payload: bytes
    ack: Callable[[], None]


class OwnLink:
    """The hub's own client."""

    def __init__(self, port: int, password: str, put: Callable[[Came], None]) -> None:
        def take(one: Received) -> None:
            put(Came(one.topic, one.payload, lambda: self._link.ack(one)))

        self._link = HubLink(
            BrokerAddress("127.0.0.1", port),
            user="hub",
            password=password,
            client_id="hub",
            birth=lambda: b"{}",
            will=lambda: b"{}",
            on_up=take,
        )

    def start(self) -> bool:
        """Connect and subscribe; False if that cannot be."""
        self._link.start()
        return self._link.connected.wait(DEADLINE_S)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send an answer at QoS 1."""
        self._link.publish(topic, payload)


class PahoLink:
    """paho-mqtt on its own thread, with its public manual acknowledgement, and no Nagle."""

    def __init__(self, port: int, password: str, put: Callable[[Came], None]) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="hub", manual_ack=True)
        self._client.username_pw_set("hub", password)
        self._client.max_inflight_messages_set(1000)
        self._client.on_socket_open = lambda _c, _u, sock: _without_delay(sock)
        self._client.on_message = lambda _c, _u, message: put(self._came(message))
        self._port = port

    def start(self) -> bool:
        """Connect and subscribe; False if that cannot be."""
        granted = threading.Event()
        self._client.on_connect = lambda _c, _u, _f, _r, _p: self._subscribe()
        self._client.on_subscribe = lambda _c, _u, _m, _r, _p: granted.set()
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return granted.wait(DEADLINE_S)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send an answer at QoS 1."""
        self._client.publish(topic, payload, 1)

    def _subscribe(self) -> None:
        self._client.subscribe(wire.ANY_UP, qos=1)

    def _came(self, message: MQTTMessage) -> Came:
        mid, qos = message.mid, message.qos
        return Came(message.topic, bytes(message.payload), lambda: self._acknowledge(mid, qos))

    def _acknowledge(self, mid: int, qos: int) -> None:
        self._client.ack(mid, qos)


def _without_delay(sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


Link = OwnLink | PahoLink
LINKS: dict[str, type[Link]] = {"own": OwnLink, "paho": PahoLink}


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answer", required=True, help="a file with an answer to send to all")
    parser.add_argument("--client", choices=tuple(LINKS), default="own", help="who speaks MQTT")
    arguments = parser.parse_args()
    waiting: queue.SimpleQueue[Came] = queue.SimpleQueue()
    link = LINKS[arguments.client](arguments.port, os.environ["FLOOR_PASSWORD"], waiting.put)
    database = open_database(arguments.database)
    _create(database)
    with open(arguments.answer, "rb") as file:  # noqa: PTH123  # one read
        answer = wire.decode_down(file.read())
    assert isinstance(answer, wire.Answer)
    if not link.start():
        sys.exit("no broker")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print("ready", json.dumps({"durability": database.durability()}), flush=True)
    while True:
        _serve(_batch(waiting), link, database, answer)


def _create(database: Database) -> None:
    key = "INTEGER PRIMARY KEY" if database.is_sqlite else "BIGSERIAL PRIMARY KEY"
    blob = "BLOB" if database.is_sqlite else "BYTEA"
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS floor_order")
        connection.exec_driver_sql(CREATE.format(key=key, blob=blob))
        connection.commit()


def _batch(waiting: "queue.SimpleQueue[Came]") -> list[Came]:
    """Take what is there, at least one, never waiting for more."""
    taken = [waiting.get()]
    while len(taken) < BATCH and not waiting.empty():
        taken.append(waiting.get())
    return taken


def _serve(batch: list[Came], link: Link, database: Database, answer: wire.Answer) -> None:
    orders: list[tuple[wire.Order, bytes]] = []
    acks: list[wire.Ack] = []
    for received in batch:
        address = wire.parse_up(received.topic)
        message = wire.decode_up(received.payload, address) if address else None
        if isinstance(message, wire.Order):
            orders.append((message, received.payload))
        elif isinstance(message, wire.Ack):
            acks.append(message)
    with database.write() as connection:
        _store(connection, database, orders, acks)
        connection.commit()
    for order, _ in orders:
        link.publish(wire.down(order.term, "answer"), _answer(order, answer))
    for received in batch:
        received.ack()


def _store(
    connection: Connection,
    database: Database,
    orders: list[tuple[wire.Order, bytes]],
    acks: list[wire.Ack],
) -> None:
    cursor = database.cursor(connection)
    if orders:
        cursor.executemany(
            database.sql(STORE),
            [(order.term, order.seq, order.data.order, payload) for order, payload in orders],
        )
    if acks:
        cursor.executemany(database.sql(TOLD), [(ack.data.order, ack.term) for ack in acks])


def _answer(order: wire.Order, answer: wire.Answer) -> bytes:
    return wire.encode(
        wire.Answer(
            id=wire.uuid7(time.time_ns() // 1_000_000, os.urandom(10)),
            term=order.term,
            boot=0,
            at=time.time_ns() // 1_000_000,
            ref=order.id,
            data=msgspec.structs.replace(answer.data, order=order.data.order),
        )
    )


if __name__ == "__main__":
    main()
