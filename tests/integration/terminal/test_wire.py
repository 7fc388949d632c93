"""A terminal on a real broker: found by the hub, cut off, and heard again."""

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.contract import Answer, Order, encode, uuid7
from broker.contract.topics import down
from simulators.devices import PaperPrinter
from terminal.app import Settings, Terminal
from terminal.app.settings import BrokerSettings
from terminal.store import audit, read_records
from tests.fixtures.brokers import SECRETS, BrokerProcess, HubEnd
from tests.fixtures.counters import FakeScanner, FakeSignals, TextEncoder, Watch, answer_to
from tests.fixtures.shops import NOW_MS, RICE, Shop


class Running:
    """A terminal on the real link, on an event loop of its own."""

    def __init__(self, folder: Path, broker: BrokerProcess) -> None:
        self.scanner = FakeScanner()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.watch, self.signals, self._task = self._do(self._start(folder, broker))

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self, folder: Path, broker: BrokerProcess) -> Any:
        watch = Watch()
        signals = FakeSignals(watch)
        settings = Settings(
            id="shop-a",
            password=SECRETS["shop-a"],
            data=folder,
            broker=BrokerSettings(broker.address.host, broker.address.port),
            heartbeat_s=0.2,
        )
        terminal = Terminal(
            settings,
            scanner=self.scanner,
            printer=PaperPrinter(),
            signals=signals,
            encoder=TextEncoder(),
        )
        return watch, signals, asyncio.create_task(terminal.run())

    def scan(self, *codes: str) -> None:
        """Scan."""
        self._loop.call_soon_threadsafe(self.scanner.scan, *codes)

    def until(self, **wanted: object) -> None:
        """Wait until the screen shows these."""

        def holds() -> bool:
            return all(getattr(self.signals.screen, name) == is_ for name, is_ in wanted.items())

        self._do(self.watch.until(holds))

    def stop(self) -> None:
        """End it in order."""

        async def end() -> None:
            self._task.cancel()
            await asyncio.wait({self._task})

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def answer_bytes(order: Order) -> bytes:
    """Make the hub's answer."""
    return encode(
        Answer(
            id=uuid7(NOW_MS, os.urandom(10)),
            term="shop-a",
            boot=1,
            at=NOW_MS,
            ref=order.id,
            data=answer_to(order),
        )
    )


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that has met its hub before."""
    shop.settle(tmp_path / "counter")
    return tmp_path / "counter"


def test_birth_order_answer_acknowledgement_and_farewell_cross_the_broker(
    broker: BrokerProcess, folder: Path
) -> None:
    hub = HubEnd(broker.address)
    hub.wait_connected()
    terminal = Running(folder, broker)
    birth = msgspec.json.decode(hub.next("status").payload)
    terminal.until(link="online")

    terminal.scan(RICE, "OW-SUBMIT")
    order = msgspec.json.decode(hub.next("order").payload, type=Order)
    hub.link.publish(down("shop-a", "answer"), answer_bytes(order))
    acknowledged = msgspec.json.decode(hub.next("ack").payload)
    terminal.until(last_status="CONFIRMED", queued=0, slips_waiting=0)
    terminal.stop()
    while msgspec.json.decode(hub.next("status").payload)["data"]["state"] != "offline":
        pass
    hub.link.stop()

    assert (birth["data"]["state"], birth["boot"]) == ("online", 2)
    assert acknowledged["data"] == {"order": order.data.order, "revision": 1}
    assert audit(folder).faults == ()


def test_an_order_made_while_the_broker_is_dead_arrives_when_it_is_back(
    broker: BrokerProcess, folder: Path
) -> None:
    terminal = Running(folder, broker)
    terminal.until(link="online")
    broker.kill()
    terminal.until(link="offline")
    terminal.scan(RICE, "OW-SUBMIT")
    terminal.until(queued=1)

    broker.start()
    hub = HubEnd(broker.address)
    order = msgspec.json.decode(hub.next("order").payload, type=Order)
    hub.link.publish(down("shop-a", "answer"), answer_bytes(order))
    terminal.until(last_status="CONFIRMED", queued=0, slips_waiting=0)
    terminal.stop()
    hub.link.stop()

    (record,) = read_records(folder)
    assert [slip.kind for slip in record.slips] == ["queued", "answer"]
    assert audit(folder).faults == ()
