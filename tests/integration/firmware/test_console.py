"""A board with nothing but its console, as over USB: the twin, and an emulated Pico W.

Both are driven alike, at a hub and a broker that are real.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broker.link import BrokerAddress
from firmware.build import build
from tests.builders.micropython import run_script
from tests.fixtures.brokers import Cable
from tests.fixtures.counter_process import free_port
from tests.fixtures.databases import begin_folder
from tests.fixtures.firmware import ConsoleCounter
from tests.fixtures.hub_process import HubProcess, write_distributor

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]

ORDERS = 20
EMULATED = Path(__file__).parents[2] / "builders" / "emulated_pico_w.py"
OUTSIDE = "192.0.2.9"
"""How an emulated board names this machine."""
SLOW_S = 1_200
"""An emulated chip is fifteen times slower than one."""


@pytest.fixture(
    params=["twin", pytest.param("pico w", marks=pytest.mark.needs("pico w image"))],
)
def board(
    request: pytest.FixtureRequest, micropython: Path, mpy_cross: Path, tmp_path: Path
) -> Iterator[ConsoleCounter]:
    """Give a new board; `environ` is what its program finds."""
    kept = tmp_path / "board"
    kept.mkdir()
    if request.param == "twin":
        build("host", tmp_path / "built", mpy_cross)
        main = tmp_path / "built" / "main.py"
        command: list[str | Path] = [
            micropython,
            main,
            "--flash",
            kept / "flash.bin",
            "--printer",
            "-",
        ]
        path = {"MICROPYPATH": f"{tmp_path / 'built'}:.frozen"}
        counter = ConsoleCounter(kept, command, path)
    else:
        build("armv6m", tmp_path / "built", mpy_cross)
        (tmp_path / "built" / "over_usb").touch()
        image = kept / "flash.bin"
        run_script(micropython, "make_image", str(image), str(tmp_path / "built"))
        given = os.environ["ORDERWIRE_PICO_W_UF2"]
        python = micropython.with_name("python")
        counter = ConsoleCounter(kept, [python, EMULATED, given, image], {})
        counter.host, counter.patience_s = OUTSIDE, SLOW_S
    with closing(counter):
        yield counter


@pytest.fixture
def hub(board: ConsoleCounter, tmp_path: Path, sqlite_template: Path) -> Iterator[HubProcess]:
    """Run a hub that names itself as the board can reach it."""
    process, pages = HubProcess(tmp_path / "hub"), free_port()
    begin_folder(process.folder / "files", sqlite_template)
    shop = write_distributor(tmp_path / "shop")
    with (shop / "distributor.toml").open("a") as file:
        file.write(f'\nhttp = "http://{board.host}:{pages}"\n')
    done = process.command("load", str(shop), "--broker-port", str(process.port))
    assert done.returncode == 0, done.stderr
    try:
        process.start(http_port=pages)
        yield process
    finally:
        process.clean_up()


@pytest.mark.timeout(3 * SLOW_S)
def test_twenty_orders_over_a_cut_line_are_each_there_once(
    board: ConsoleCounter, hub: HubProcess
) -> None:
    with closing(Cable(BrokerAddress("127.0.0.1", hub.port))) as cable:
        numbers = _order_over_a_cut_line(board, hub, cable)

    listed = map(json.loads, hub.command("orders", "--json").stdout.splitlines())
    assert sorted(one["number"] for one in listed) == sorted(numbers)
    assert hub.command("audit").returncode == 0
    texts = [slip.text for slip in board.printer.slips()]
    for number in numbers:
        assert sum(number in text and "CONFIRMED" in text and "QUEUED - " not in text
                   for text in texts) == 1, number  # fmt: skip
    assert sum("QUEUED - NOT CONFIRMED" in text for text in texts) == ORDERS // 2


def _order_over_a_cut_line(board: ConsoleCounter, hub: HubProcess, cable: Cable) -> list[str]:
    """Order the first half on the line, the second while it is cut; gives the orders' numbers."""
    board.start()
    told = hub.folder / "files" / "terminals" / "shop-2.toml"
    board.enrol(told, port=cable.address.port, host=board.host, ssid="Shop", wifi_password="x" * 8)
    board.wait_for("catalogue pack")

    numbers = [board.order("TEA", "OW-QTY-2") for _ in range(ORDERS // 2)]
    board.wait(lambda: board.answered() == ORDERS // 2, "the answers of the first half")
    cable.cut()
    board.wait_for("link offline")
    numbers += [board.order("SOAP") for _ in range(ORDERS // 2)]
    cable.restore()
    board.wait(lambda: board.answered() == ORDERS, "the answers of the second half")
    board.printer.wait_for_slips(ORDERS + ORDERS // 2, timeout_s=board.patience_s)
    return numbers
