"""A real counter at a real hub: it takes the hub's signed packs, and nobody else's."""

from pathlib import Path

import pytest

from rules.tools.build.signing import new_private_key
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.site import Site
from tests.fixtures.sites import Wholesaler, ask_hub

PASSWORD = "of both, and long enough\n"

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(300)]


def hub(site: Site, *arguments: str) -> str:
    """Run a command of the hub beside it, as somebody who knows the password."""
    return ask_hub(site, *arguments, typed=PASSWORD)


def publish(site: Site, folder: Path, version: int) -> None:
    """Have one person add the next version of the pack, and another publish it."""
    head = next(path for path in folder.rglob("*.yaml") if "version:" in path.read_text())
    text = head.read_text()
    head.write_text(text.replace(f"version: {version - 1}", f"version: {version}"))
    assert head.read_text() != text
    hub(site, "pack", "add", str(folder), "--by", "asha", "--password-stdin")
    hub(site, "pack", "publish", str(version), "--by", "vikram", "--yes", "--password-stdin")


def test_a_counter_takes_what_its_hub_signs_and_nothing_of_a_stranger_s(
    tmp_path: Path, small_wholesaler: Wholesaler
) -> None:
    site = small_wholesaler.site(tmp_path)
    for name, role in (("asha", "admin"), ("vikram", "owner")):
        hub(site, "user", "add", name, "--role", role, "--password-stdin")
    pack = site.paths.folder / "distributor" / "pack"
    name = small_wholesaler.distributor.terminals[0]

    with site, DaemonCounter(name, site.paths, broker_port=site.broker_port) as counter:
        counter.ready()
        publish(site, pack, 2)
        counter.until(lambda state: state["pack"].endswith(" 2"), "version 2 in force")

        # A hub that is not the one this terminal was enrolled at: another key, the same folder.
        (site.paths.hub / "signing" / "private.pem").write_bytes(new_private_key())
        site.hub.stop()
        site.hub.start()
        publish(site, pack, 3)
        state = counter.until(lambda state: bool(state["pack_hold"]), "version 3 refused")

    assert state["pack"].endswith(" 2")
    assert state["pack_hold"] == "the pack is signed by nobody known here"
    assert counter.faults() == ()
