"""A fleet under faults, and the scenarios of the library: nothing lost, doubled or oversold."""

import asyncio
from pathlib import Path

import pytest

from simulators.errors import InputFileError
from simulators.faults.plan import FaultPlan
from simulators.scenarios.once import fmcg_today
from simulators.scenarios.scripts.playing import play
from simulators.scenarios.scripts.reading import LIBRARY, read_script
from simulators.scenarios.town.bundle import read_bundle, write_bundle
from simulators.scenarios.town.options import FleetOptions
from simulators.scenarios.town.town import live
from tests.fixtures.sites import Wholesaler

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(400)]
QUICK = ("line_doubled", "line_reset", "hub_killed", "broker_killed", "street_dark", "paper_out")


def test_a_small_fleet_under_faults_keeps_every_promise(
    small_wholesaler: Wholesaler, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    small_wholesaler.site(tmp_path)  # a copy of the folder that was prepared once
    options = FleetOptions(
        terminals=len(small_wholesaler.distributor.terminals),
        orders_per_s=1.5,
        for_s=20,
        seed=int(pytestconfig.getoption("--seed")),
        plan=FaultPlan(every_s=4, weights=dict.fromkeys(QUICK, 1)),
        processes=1,
        staff=False,
    )

    lived = asyncio.run(
        live(tmp_path, options, distributor=small_wholesaler.distributor, say=print)
    )

    said = lived.as_json()
    assert lived.complaints() == ()
    assert said["submitted"] > 0
    assert said["faults"] > 0
    assert (said["lost"], said["duplicated"], said["audit"]) == (0, 0, "ok")

    bundle = write_bundle(tmp_path, options, said=said, complaints=["nothing"])
    assert read_bundle(bundle) == options
    spoilt = tmp_path / "other.tar.gz"
    spoilt.write_bytes(bundle.read_bytes()[:200])
    with pytest.raises(InputFileError, match="no bundle of `sim fleet`"):
        read_bundle(spoilt)


@pytest.mark.long
@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_scenario_of_the_library_ends_as_it_says(file: Path, tmp_path: Path) -> None:
    script = read_script(file)

    played = asyncio.run(play(script, tmp_path, distributor=fmcg_today(imported=False), say=print))

    assert played.complaints() == ()


@pytest.mark.long
@pytest.mark.needs("postgresql")
def test_three_workers_on_postgresql_keep_every_promise(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    options = FleetOptions(
        terminals=60,
        orders_per_s=5,
        for_s=90,
        seed=int(pytestconfig.getoption("--seed")),
        plan=FaultPlan(every_s=5),
        database="postgresql",
        workers=3,
    )

    lived = asyncio.run(live(tmp_path, options, say=print))

    assert lived.complaints() == ()
    assert lived.as_json()["faults"] > 0
