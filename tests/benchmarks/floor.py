"""The floor of the intake benchmark: store each order durably, answer it, and do nothing else.

It has the hub's own broker, client library, codec, database engine and group commit, but no rules,
no facts and no stock: what is left is what any hub written this way must pay.
"""

import argparse
import json
import os
import queue
import signal
import sys
import time

from sqlalchemy import Connection

from broker import contract as wire
from broker.contract.address import BrokerAddress
from broker.link.hub_link import HubLink, Received
from hub.base.engine.database import Database, open_database

BATCH = 256
CREATE = """
CREATE TABLE floor_order (
    id {key}, terminal VARCHAR(32) NOT NULL, seq BIGINT NOT NULL,
    order_id VARCHAR(36) NOT NULL UNIQUE, payload {blob} NOT NULL, UNIQUE (terminal, seq)
)
"""


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answer", required=True, help="a file with an answer to send to all")
    arguments = parser.parse_args()
    waiting: queue.SimpleQueue[Received] = queue.SimpleQueue()
    link = HubLink(
        BrokerAddress("127.0.0.1", arguments.port),
        user="hub",
        password=os.environ["FLOOR_PASSWORD"],
        client_id="hub",
        birth=lambda: b"{}",
        will=lambda: b"{}",
        on_up=waiting.put,
    )
    database = open_database(arguments.database)
    _create(database)
    with open(arguments.answer, "rb") as file:  # noqa: PTH123  # one read
        answer = wire.decode_down(file.read())
    assert isinstance(answer, wire.Answer)
    link.start()
    if not link.connected.wait(10):
        sys.exit("no broker")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print("ready", json.dumps({"durability": database.durability()}), flush=True)
    while True:
        _serve(_batch(waiting), link, database, answer)


def _create(database: Database) -> None:
    key = "INTEGER PRIMARY KEY" if database.is_sqlite else "BIGSERIAL PRIMARY KEY"
    blob = "BLOB" if database.is_sqlite else "BYTEA"
    with database.write() as connection:
        connection.exec_driver_sql(CREATE.format(key=key, blob=blob))
        connection.commit()


def _batch(waiting: "queue.SimpleQueue[Received]") -> list[Received]:
    """Take what is there, at least one, never waiting for more."""
    taken = [waiting.get()]
    while len(taken) < BATCH and not waiting.empty():
        taken.append(waiting.get())
    return taken


def _serve(batch: list[Received], link: HubLink, database: Database, answer: wire.Answer) -> None:
    orders: list[wire.Order] = []
    for received in batch:
        address = wire.parse_up(received.topic)
        message = wire.decode_up(received.payload, address) if address else None
        if isinstance(message, wire.Order):
            orders.append(message)
    with database.write() as connection:
        _store(connection, database, orders, batch)
        connection.commit()
    for order in orders:
        link.publish(wire.down(order.term, "answer"), _answer(order, answer))
    for received in batch:
        link.ack(received)


def _store(
    connection: Connection, database: Database, orders: list[wire.Order], batch: list[Received]
) -> None:
    cursor = database.cursor(connection)
    cursor.executemany(
        database.sql(
            "INSERT INTO floor_order (terminal, seq, order_id, payload) VALUES (?, ?, ?, ?)"
        ),
        [
            (order.term, order.seq, order.data.order, received.payload)
            for order, received in zip(orders, batch, strict=True)
        ],
    )


def _answer(order: wire.Order, answer: wire.Answer) -> bytes:
    return wire.encode(
        wire.Answer(
            id=wire.uuid7(time.time_ns() // 1_000_000, os.urandom(10)),
            term=order.term,
            boot=0,
            at=time.time_ns() // 1_000_000,
            ref=order.id,
            data=answer.data,
        )
    )


if __name__ == "__main__":
    main()
