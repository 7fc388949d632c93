"""A hub as it is run: real broker, real database, killed and started again."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from broker.contract import (
    Answer,
    Config,
    HubStatus,
    Notice,
    Order,
    OrderData,
    OrderLine,
    up,
)
from broker.embedded import Credentials
from tests.benchmarks.mqtt_load import connect_packet, publish_packet
from tests.builders.forked_hub import ROOT
from tests.builders.market import CUSTOMER_OF, NOON, new_uuid
from tests.builders.page_stream import Stream
from tests.fixtures.hub_process import DEADLINE_S, Counter, HubProcess
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.needs("mosquitto")
Connect = Callable[[str], Counter]


def order(terminal: str, seq: int, sku: str = "SOAP", qty: int = 1, *, customer: str = "") -> Order:
    """Write an order, of the customer that the terminal has from the start on unless said."""
    data = OrderData(
        order=new_uuid(),
        number=f"{terminal}-{seq}",
        customer=customer or CUSTOMER_OF[terminal],
        lines=[OrderLine(line=1, sku=sku, qty=qty)],
        captured_at=NOON,
        mono_ms=0,
        clock_trusted=True,
    )
    return Order(id=new_uuid(), term=terminal, boot=1, seq=seq, at=NOON, data=data)


def listed(hub: HubProcess) -> list[dict[str, object]]:
    """List orders as the command line does."""
    return [json.loads(line) for line in hub.command("orders", "--json").stdout.splitlines()]


def test_a_hub_that_cannot_start_ends_and_its_log_says_why(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path)

    with pytest.raises(AssertionError, match="invalid choice: 'nobody'"):
        hub.start("nobody")

    assert hub.stop() == 2


def test_an_order_is_answered_listed_and_audited(hub_process: HubProcess, counter: Connect) -> None:
    shop = counter("shop-2")
    asked = order("shop-2", 1, "TEA", 2)

    shop.send(asked)
    shop.wait_answered(1)

    assert [(row["order"], row["status"], row["payable"]) for row in listed(hub_process)] == [
        (asked.data.order, "allocated", 22_000)
    ]
    audit = hub_process.command("audit", "--json")
    assert (audit.returncode, json.loads(audit.stdout)["clean"]) == (0, True)


def test_a_terminal_that_comes_is_told_what_it_should_have(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-1")

    shop.wait(lambda: any(isinstance(one, Config) for one in shop.messages))

    (config,) = [one.data for one in shop.messages if isinstance(one, Config)]
    assert (config.customer.id, config.customer.credit.limit) == ("C1", 100_000)
    assert config.http == hub_process.ready["http"]
    assert any(isinstance(one, HubStatus) and one.data.state == "online" for one in shop.messages)


def test_a_cancellation_from_the_command_line_reaches_the_terminal(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    asked = order("shop-2", 1)
    shop.send(asked)
    shop.wait_answered(1)

    added = ("user", "add", "sunil", "--role", "sales", "--password-stdin")
    assert hub_process.command(*added, typed="a long password\n").returncode == 0
    cancel = ("order", "cancel", asked.data.order, "--by", "sunil", "--password-stdin", "--reason")

    done = hub_process.command(*cancel, "shop closed", typed="a long password\n")
    shop.wait(lambda: any(isinstance(one, Notice) for one in shop.messages))
    twice = hub_process.command(*cancel, "again", typed="a long password\n")
    alone = hub_process.command("order", "cancel", asked.data.order, "--reason", "again")

    assert done.returncode == 0
    assert (twice.returncode, twice.stderr) == (
        2,
        "the order is cancelled: this cannot be done any more\n",
    )
    assert (alone.returncode, alone.stderr) == (
        2,
        "say who you are with --by USER; a password is asked\n",
    )


def test_messages_that_cannot_be_taken_are_refused_and_never_stop_the_intake(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    good = order("shop-2", 1)
    no_sequence = msgspec.json.encode(msgspec.structs.replace(order("shop-2", 1), seq=0))
    newer = msgspec.json.encode({"v": 2, "id": "x", "type": "order", "data": {"order": "o-1"}})

    for payload in (b"", b"\xff\xfe", b"{}", b"[" * 100_000, newer, no_sequence, b" " * 140_000):
        shop.send_bytes("order", payload)
    shop.wait(lambda: len(shop.refused()) == 7)
    shop.send(good)
    shop.wait_answered(1)

    assert shop.refused()[4:] == ["unknown_version", "invalid", "too_large"]
    assert [row["order"] for row in listed(hub_process)] == [good.data.order]


def test_a_hub_killed_while_it_decides_loses_nothing_and_decides_nothing_twice(
    hub_process: HubProcess, counter: Connect
) -> None:
    shops = {name: counter(name) for name in ("shop-1", "shop-2")}
    orders = [order(name, seq) for seq in range(1, 121) for name in shops]
    for one in orders:
        shops[one.term].send(one)
    shops["shop-2"].wait_answered(20)

    hub_process.kill()
    hub_process.start()
    for shop in shops.values():
        shop.wait_answered(120)

    told = {
        uuid: {msgspec.json.decode(one, type=Answer).id for one in answers}
        for shop in shops.values()
        for uuid, answers in shop.answers.items()
    }
    rows = listed(hub_process)
    assert sorted(str(row["order"]) for row in rows) == sorted(one.data.order for one in orders)
    assert all(len(ids) == 1 for ids in told.values())
    audit = hub_process.command("audit")
    assert audit.returncode == 0, audit.stdout


def test_asked_to_end_it_ends_and_what_it_answered_is_kept(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    for seq in range(1, 31):
        shop.send(order("shop-2", seq))
    shop.wait_answered(5)
    answered = set(shop.answers)

    status = hub_process.stop()

    assert status == 0
    assert answered <= {row["order"] for row in listed(hub_process)}
    assert hub_process.command("audit").returncode == 0


def test_a_terminal_added_while_the_hub_runs_can_order_at_once(
    hub_process: HubProcess, counter: Connect
) -> None:
    options = ("--customer", "C2", "--warehouse", "MAIN", "--broker-port", str(hub_process.port))
    added = hub_process.command("terminal", "add", "desk-9", *options)
    desk = counter("desk-9")

    desk.send(order("desk-9", 1, customer="C2"))
    desk.wait_answered(1)

    assert added.returncode == 0
    assert [row["requester"] for row in listed(hub_process)] == ["desk-9"]


def test_an_open_page_hears_at_once_of_an_order_from_the_command_line(
    hub_process: HubProcess,
) -> None:
    for name, role in (("meena", "manager"), ("sunil", "sales")):
        added = ("user", "add", name, "--role", role, "--password-stdin")
        assert hub_process.command(*added, typed="a long password\n").returncode == 0
    page = Stream(hub_process.ready["http"], "meena", "a long password")

    placed = ("order", "place", "C1", "--line", "SOAP", "--by", "sunil", "--password-stdin")
    done = hub_process.command(*placed, typed="a long password\n")
    heard = page.event_of("orders")
    page.close()

    assert done.returncode == 0
    assert heard["event"] == "orders"


def test_a_broker_that_is_killed_is_started_again_and_orders_go_on(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    shop.send(order("shop-2", 1))
    shop.wait_answered(1)
    pid_file = hub_process.folder / "files" / "broker" / "mosquitto.pid"

    for number in (2, 3):
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        shop.send(order("shop-2", number))
        shop.wait_answered(number)

    assert len(shop.answers) == 3


def test_a_terminal_that_floods_is_thrown_out_and_named_and_no_other_notices(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    secret = (hub_process.folder / "files" / "terminals" / "shop-1.toml").read_text()
    noise = publish_packet(up("shop-1", "order"), b"noise", packet_id=1) * 20_000

    with socket.create_connection(("127.0.0.1", hub_process.port), DEADLINE_S) as line:
        line.sendall(connect_packet("shop-1", tomllib.loads(secret)["password"]))
        line.recv(4)
        with contextlib.suppress(OSError):  # it ends amid this, or when it has all been sent
            line.sendall(noise)
            while line.recv(65_536):
                pass
    shop.send(order("shop-2", 1))
    shop.wait_answered(1)

    with contextlib.closing(sqlite3.connect(hub_process.folder / "files" / "hub.db")) as books:
        told = "SELECT terminal FROM refused_message WHERE code = 'kept_out'"
        eventually(lambda: books.execute(told).fetchall() == [("shop-1",)], "the flood named")
    out = Credentials(hub_process.folder / "files" / "broker").kept_out()
    assert (out, len(shop.answers)) == (("shop-1",), 1)


def test_a_second_hub_on_the_same_files_is_refused_and_changes_nothing_of_the_first(
    hub_process: HubProcess, counter: Connect
) -> None:
    shop = counter("shop-2")
    broker_files = hub_process.folder / "files" / "broker"
    kept = [broker_files / name for name in ("passwd", "acl", "mosquitto.conf", "mosquitto.pid")]
    before = [path.read_bytes() for path in kept]

    ports = ["--http-port", "0", "--broker-port", "0"]
    second = subprocess.run(
        [sys.executable, "-m", "hub", "run", "--data", str(hub_process.folder / "files"), *ports],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    for number in range(1, 11):
        shop.send(order("shop-2", number))
    shop.wait_answered(10)

    assert second.returncode == 2
    assert "another hub runs on these files" in second.stderr
    assert [path.read_bytes() for path in kept] == before


def test_what_a_hub_writes_is_its_owners_only(hub_process: HubProcess, counter: Connect) -> None:
    counter("shop-2").send_bytes("order", b"noise")
    files = hub_process.folder / "files"

    open_to_others = [
        path.name
        for path in (files, *files.rglob("*"))
        if path.lstat().st_mode & 0o077 and not path.is_socket()
    ]

    assert open_to_others == []
    assert {"hub.db", "hub.db-wal", "passwd", "acl", "mosquitto.log"} <= {
        path.name for path in files.rglob("*")
    }


def test_a_hub_takes_as_many_descriptors_as_the_machine_grants(hub_process: HubProcess) -> None:
    pid = (hub_process.folder / "files" / "hub.lock").read_text()

    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    (soft, hard) = next(line.split()[3:5] for line in limits if line.startswith("Max open files"))

    assert soft == hard or int(soft) >= 8_192
