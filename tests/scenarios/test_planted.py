"""Faults planted in the product: each still fits it, and in the long run a fleet finds each."""

from pathlib import Path

import pytest

from tests.benchmarks.planted import look_for, prepare_town
from tests.builders.mutants import PLANTED, ROOT, Planted, plant
from tests.fixtures.scratch import made_once

FOR_S = 30


@pytest.fixture(scope="module")
def prepared_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that fleets begin with."""
    return made_once(tmp_path_factory, "planted-town", prepare_town)


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted_and_nothing_else_is_changed(fault: Planted, tmp_path: Path) -> None:
    plant(fault, tmp_path)

    planted = (tmp_path / fault.file).read_text("utf-8")
    compile(planted, fault.file, "exec")
    assert planted.replace(fault.wrong, fault.right) == (ROOT / fault.file).read_text("utf-8")
    beside = [one for one in (tmp_path / fault.file).parent.iterdir() if one.name != "__pycache__"]
    assert [one.name for one in beside if not one.is_symlink()] == [Path(fault.file).name]


@pytest.mark.long
@pytest.mark.needs("mosquitto")
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("planted faults")
@pytest.mark.parametrize(
    "fault", [None, *PLANTED], ids=lambda fault: fault.name if fault else "as it is"
)
def test_a_fleet_finds_what_was_planted_and_nothing_where_nothing_was(
    fault: Planted | None, prepared_town: Path, pytestconfig: pytest.Config
) -> None:
    seed = int(pytestconfig.getoption("--seed"))

    found = look_for(fault, prepared_town, for_s=FOR_S, seed=seed)

    assert found["found"] is (fault is not None), found
