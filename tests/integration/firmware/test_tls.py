"""The firmware's line by TLS: to the authority it was given, and to no other."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broker.link import BrokerAddress
from tests.builders.many_products import PRICE, sell_more, sku_of
from tests.builders.tls_front import TlsFront, authority, certificate_of
from tests.fixtures.brokers import Cable
from tests.fixtures.counter_process import free_port
from tests.fixtures.databases import begin_folder
from tests.fixtures.firmware import PATIENCE_S, FirmwareCounter
from tests.fixtures.hub_process import HubProcess, write_distributor
from tests.fixtures.printers import connected, eventually

pytestmark = pytest.mark.needs("micropython", "mosquitto", "openssl")

LINES = 40
SMALL_HEAP = "160k"
"""With what the library takes beside it, less than 240 kB: `./orderwire bench firmware`."""
CONFIG = "listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\nallow_anonymous true\nuser root\n"


@pytest.fixture
def tls_port(tmp_path: Path) -> Iterator[int]:
    """Run a broker for `localhost`, whose certificate is of the authority `ours`."""
    authority(tmp_path, "ours")
    certificate, key = certificate_of(tmp_path, "ours")
    port = free_port()
    (tmp_path / "broker.conf").write_text(CONFIG.format(port, certificate, key))
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "marked as needing it"
    line = [program, "-c", str(tmp_path / "broker.conf")]
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _listens(port), "the broker to listen")
        yield port
    finally:
        child.terminate()
        child.wait(PATIENCE_S)


def _listens(port: int) -> bool:
    try:
        with connected(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def first_word_of_the_link(micropython: Path, twin: Path, folder: Path, *, port: int) -> str:
    """Run a terminal until it says how its line is."""
    claim = {"id": "shop-1", "password": "x", "host": "localhost", "port": port, "ca": "ca.der"}
    child = subprocess.Popen(
        [str(micropython), str(twin / "main.py"), "--folder", str(folder)],
        env={"MICROPYPATH": f"{twin}:.frozen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with child.stdin, child.stdout:
            child.stdin.write(json.dumps(claim) + "\n")
            child.stdin.flush()
            said = next(line for line in child.stdout if line.startswith("link"))
            child.kill()
    finally:
        child.kill()
        child.wait(PATIENCE_S)
    return said


def test_the_right_authority_lets_it_in(
    tls_port: int, micropython: Path, firmware_twin: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board"
    board.mkdir()
    (board / "ca.der").write_bytes((tmp_path / "ours.der").read_bytes())

    assert first_word_of_the_link(micropython, firmware_twin, board, port=tls_port) == (
        "link online\n"
    )


def test_a_broker_of_another_authority_is_left_and_the_counter_goes_on(
    tls_port: int, micropython: Path, firmware_twin: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board"
    board.mkdir()
    (board / "ca.der").write_bytes(authority(tmp_path, "another").read_bytes())

    said = first_word_of_the_link(micropython, firmware_twin, board, port=tls_port)

    assert said.startswith("link offline: not written")


@pytest.fixture
def market_of_forty(tmp_path: Path, sqlite_template: Path) -> Iterator[HubProcess]:
    """Run a hub that sells forty products more."""
    begin_folder(tmp_path / "hub" / "files", sqlite_template)
    hub = HubProcess(tmp_path / "hub")
    shop = sell_more(write_distributor(tmp_path / "shop"), count=LINES)
    loading = hub.command("load", str(shop), "--broker-port", str(hub.port))
    assert loading.returncode == 0, loading.stderr
    try:
        hub.start()
        yield hub
    finally:
        hub.clean_up()


@pytest.mark.needs("mosquitto")
def test_an_order_of_forty_lines_goes_by_tls_through_a_small_heap(
    market_of_forty: HubProcess,
    micropython: Path,
    firmware_twin: Path,
    tmp_path: Path,
) -> None:
    folder, hub = tmp_path / "board", market_of_forty
    folder.mkdir()
    counter = FirmwareCounter(micropython, firmware_twin, folder, heap=SMALL_HEAP, in_rom=True)
    with (
        TlsFront(tmp_path, hub.port) as front,
        closing(Cable(BrokerAddress("127.0.0.1", front.port))) as cable,
        closing(counter),
    ):
        counter.lay_authority(front.authority)
        counter.start()
        told = hub.folder / "files" / "terminals" / "shop-2.toml"
        counter.enrol(told, port=cable.address.port, host="localhost", ca="ours.der")
        counter.wait_for("catalogue pack")
        cable.cut()
        counter.wait_for("link offline")
        number = counter.order(*map(sku_of, range(LINES)))
        cable.restore()
        counter.wait(lambda: counter.answered() == 1, "the answer")
        *_, slip = counter.printer.wait_for_slips(2, timeout_s=PATIENCE_S)

    assert front.handed == 2
    assert [line for line in counter.said if "MemoryError" in line] == []
    assert number in slip.text
    assert slip.text.count(PRICE) >= LINES
