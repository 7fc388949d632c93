"""Updates offered by a hub to machines: real processes, broker and HTTP, from offer to outcome."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders.machine import MACHINE, PYTHON, Machine, made_of_this
from tests.builders.updates import TRUSTED
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.xdist_group("update drill")
SHOPS = ("shop-1", "shop-2")
WORD = "quiet-river-stone"


def name(number: int) -> str:
    """Name an update for this machine."""
    return f"{number}-{MACHINE}-py{PYTHON}"


class Desk:
    """An administrator at the command line of the hub."""

    def __init__(self, hub: HubProcess) -> None:
        self.hub = hub

    def software(self, *arguments: str, fails: bool = False) -> dict[str, Any]:
        """Run `hub software`; gives the update as it is then."""
        by = () if arguments[0] in {"show", "list"} else ("--by", "asha", "--password-stdin")
        done = self.hub.command("software", *arguments, *by, typed=f"{WORD}\n")
        assert bool(done.returncode) == fails, done.stderr
        if fails or arguments[0] in {"add", "list"}:
            return {"said": done.stdout.strip() or done.stderr.strip()}
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def states(self, number: int) -> dict[str, str]:
        """Give how far each terminal is."""
        shown = self.software("show", name(number))
        return {one["terminal"]: one["state"] for one in shown["terminals"]}


@pytest.fixture
def desk(hub_process: HubProcess) -> Desk:
    """Give the desk of a hub that takes updates."""
    hub_process.stop()
    settings = hub_process.folder / "files" / "hub.toml"
    written = settings.read_text() if settings.exists() else ""
    settings.write_text(f'software_keys = "{TRUSTED}"\n{written}')
    hub_process.command(
        *("user", "add", "asha", "--role", "admin", "--password-stdin"), typed=f"{WORD}\n"
    )
    hub_process.start()
    return Desk(hub_process)


@pytest.fixture
def machines(desk: Desk, tmp_path: Path) -> Iterator[dict[str, Machine]]:
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
    desk: Desk, machines: dict[str, Machine], tmp_path: Path
) -> None:
    good = desk.software("add", str(made_of_this(tmp_path, 7)))
    eventually(
        lambda: desk.software("show", name(7))["not_asked"] == 2, "both are heard", within_s=60
    )
    desk.software("offer", name(7), "--reason", "faster slips")
    eventually(
        lambda: list(desk.states(7).values()) == ["taken"], "the first runs it", within_s=120
    )
    (first,) = desk.states(7)
    (other,) = set(SHOPS) - {first}
    machines[first].until_serving("number-7")
    assert "number-7" not in machines[other].page()

    desk.software("widen", name(7))
    machines[other].until_serving("number-7")
    eventually(lambda: set(desk.states(7).values()) == {"taken"}, "the other one too", within_s=120)

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
