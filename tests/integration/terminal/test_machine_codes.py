"""Codes of the sheet that are about the machine: its sounds, its network, its software."""

import asyncio
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from terminal.app.enrolment import EnrolmentDesk
from terminal.app.settings import Settings
from terminal.core.layout import Row
from tests.fixtures.counters import Counter, FakeScanner, FakeSignals, Watch, at_the_counter
from tests.fixtures.shops import COLA, Shop

NETWORK = r"WIFI:T:WPA;S:Shop \; upstairs;P:s3cr\:et pass;;"
SECRET = "s3cr:et pass"
NMCLI = """#!/usr/bin/env python3
import json, os, pathlib, sys
pathlib.Path(os.environ["TOLD"]).write_text(json.dumps(sys.argv[1:]))
sys.exit(int(os.environ["CODE"]))
"""


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that has met its hub before."""
    shop.settle(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def radio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for the machine's NetworkManager; gives where its arguments are written."""
    program = tmp_path / "bin" / "nmcli"
    program.parent.mkdir()
    program.write_text(NMCLI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(tmp_path / "told.json"))
    monkeypatch.setenv("CODE", "0")
    return tmp_path / "told.json"


def test_a_network_is_joined_by_its_code_and_its_password_is_shown_nowhere(
    folder: Path, radio: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-WIFI")
        assert counter.screen.said == "Now scan the square code of the Wi-Fi network"
        await counter.scan(NETWORK)
        assert counter.screen.read == "WIFI:****"
        await counter.until(lambda: counter.screen.said.startswith("Joined"))
        assert counter.screen.said == "Joined the Wi-Fi network Shop ; upstairs"
        assert [line.sku for line in counter.screen.lines] == ["COLA-600"]
        assert SECRET not in repr(counter.screen)

    at_the_counter(folder, play)

    asked = json.loads(radio.read_text())
    assert asked[2:] == [*("device", "wifi", "connect", "Shop ; upstairs", "password", SECRET)]
    assert SECRET not in caplog.text
    assert SECRET.replace(":", r"\:") not in caplog.text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("10", "There is no Wi-Fi network"),
        ("4", "is the password still right?"),
        ("3", "did not answer in time"),
        ("8", "has no NetworkManager"),
        ("1", "could not be joined"),
    ],
)
def test_a_network_that_is_not_joined_is_told_with_the_reason(
    folder: Path, radio: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    assert radio.name
    monkeypatch.setenv("CODE", code)

    async def play(counter: Counter) -> None:
        await counter.scan("OW-WIFI", NETWORK)
        await counter.until(lambda: said in counter.screen.said)
        assert counter.signals.beeps[-1] == "error"

    at_the_counter(folder, play)


def test_a_network_s_code_alone_or_cut_joins_nothing(folder: Path, radio: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(NETWORK)
        assert counter.screen.said == "To join a Wi-Fi network scan WIFI first, then its code"
        await counter.scan("OW-WIFI", NETWORK[:24])
        assert counter.screen.said.startswith("This is not the whole code")
        await counter.scan("OW-WIFI", COLA)
        assert counter.screen.said.startswith("This is not the whole code")
        assert counter.screen.lines == ()

    at_the_counter(folder, play)

    assert not radio.exists()


def test_the_volume_goes_round_and_is_kept_over_a_restart(folder: Path) -> None:
    async def louder(counter: Counter) -> None:
        await counter.scan("OW-VOLUME")
        assert (counter.screen.said, counter.screen.volume) == ("Volume: loud", 3)
        await counter.scan("OW-VOLUME")
        assert (counter.screen.said, counter.screen.volume) == ("Volume: off", 0)

    async def again(counter: Counter) -> None:
        assert counter.screen.volume == 0
        await counter.scan("OW-VOLUME")
        assert counter.screen.said == "Volume: low"

    at_the_counter(folder, louder)
    at_the_counter(folder, again)


def test_update_says_how_far_the_software_is(folder: Path, tmp_path: Path) -> None:
    async def without(counter: Counter) -> None:
        await counter.scan("OW-UPDATE")
        assert counter.screen.said == "This machine's software is not updated from here"

    async def with_slots(counter: Counter) -> None:
        await counter.scan("OW-UPDATE")
        assert counter.screen.said == "This machine's software is the newest that the hub offers"

    at_the_counter(folder, without)
    at_the_counter(folder, with_slots, slots=str(tmp_path / "slots"))


def test_enrol_says_which_terminal_this_is_and_what_to_scan(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-ENROL")
        assert counter.screen.said == (
            "This is shop-1. To enrol it anew, scan its enrolment slip now"
        )

    at_the_counter(folder, play)


def test_a_device_from_the_box_joins_a_network_before_it_is_enrolled(
    tmp_path: Path, radio: Path
) -> None:
    printed: list[str] = []

    async def keep(rows: Sequence[Row]) -> None:
        printed.append(rows[-1].left)

    async def enrol() -> None:
        settings = Settings(id="", password="", data=tmp_path / "data")
        watch = Watch()
        scanner = FakeScanner()
        desk = EnrolmentDesk(settings, tmp_path / "enrolled.toml", FakeSignals(watch), keep)
        async with desk.open():
            waiting = asyncio.create_task(desk.wait_for_slip(scanner))
            for code in ("OW-ENROL", "OW-WIFI", NETWORK):
                scanner.scan(code)
            await watch.until(lambda: desk.screen.said.startswith("Joined"))
            waiting.cancel()

    asyncio.run(enrol())

    assert printed == [
        "not enrolled yet: scan the enrolment slip of this counter",
        "not enrolled yet: scan the enrolment slip of this counter",
        "Now scan the square code of the Wi-Fi network",
        "Joining the Wi-Fi network Shop ; upstairs",
        "Joined the Wi-Fi network Shop ; upstairs",
    ]
    assert SECRET in json.loads(radio.read_text())
