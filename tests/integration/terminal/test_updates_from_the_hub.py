"""Updates offered by a hub to machines: real processes, broker and HTTP, from offer to outcome."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.machine import MACHINE, PYTHON, Machine, made_of_this
from tests.builders.software_desk import SoftwareDesk, desk_of
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.xdist_group("update drill")
SHOPS = ("shop-1", "shop-2")


def name(number: int) -> str:
    """Name an update for this machine."""
    return f"{number}-{MACHINE}-py{PYTHON}"


@pytest.fixture
def desk(hub_process: HubProcess) -> SoftwareDesk:
    """Give the desk of a hub that takes updates."""
    return desk_of(hub_process)


@pytest.fixture
def machines(desk: SoftwareDesk, tmp_path: Path) -> Iterator[dict[str, Machine]]:
    """Give two counters that serve, and are heard by the hub."""
    found = {}
    for shop in SHOPS:
        written = (desk.hub.folder / "files" / "terminals" / f"{shop}.toml").read_text()
        given = tomllib.loads(written)
        found[shop] = Machine(
            tmp_path / shop,
            f'id = "{shop}"\npassword = "{given["password"]}"\nheartbeat_s = 1.0\n'
            f'pack_keys = "{given["pack_keys"]}"\n[broker]\nport = {desk.hub.port}',
        )
    for one in found.values():
        one.until_serving()
    yield found
    for one in found.values():
        one.stop()


def test_an_update_goes_to_one_counter_and_then_to_all_and_a_bad_one_stops_at_the_first(
    desk: SoftwareDesk, machines: dict[str, Machine], tmp_path: Path
) -> None:
    good = desk.software("add", str(made_of_this(tmp_path, 7)))
    eventually(
        lambda: desk.software("show", name(7))["not_asked"] == 2, "both are heard", within_s=60
    )
    desk.software("offer", name(7), "--reason", "faster slips")
    eventually(
        lambda: list(desk.states(name(7)).values()) == ["taken"], "the first runs it", within_s=120
    )
    (first,) = desk.states(name(7))
    (other,) = set(SHOPS) - {first}
    machines[first].until_serving("number-7")
    assert "number-7" not in machines[other].page()

    desk.software("widen", name(7))
    machines[other].until_serving("number-7")
    eventually(
        lambda: set(desk.states(name(7)).values()) == {"taken"}, "the other one too", within_s=120
    )

    bad = made_of_this(tmp_path, 8, main="raise SystemExit(3)\n")
    desk.software("add", str(bad))
    desk.software("offer", name(8))
    eventually(
        lambda: desk.software("show", name(8))["stage"] == "stopped", "it stops", within_s=120
    )
    shown = desk.software("show", name(8))

    assert good["said"] == name(7)
    (failed,) = shown["terminals"]
    assert (failed["state"], failed["code"]) == ("failed", "software_failed_here")
    assert failed["text"] == "it ended with 3 before it served"
    assert desk.software("widen", name(8), fails=True)["said"].endswith("stopped by itself")
    for one in machines.values():
        one.until_serving("number-7")
