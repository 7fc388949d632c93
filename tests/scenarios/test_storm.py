"""Kills, restores and card swaps amid orders: nothing is lost, doubled or refused."""

from pathlib import Path

import pytest

from simulators.scenarios.storm import storm

pytestmark = pytest.mark.needs("mosquitto")
KILLS = 8


def test_a_storm_loses_doubles_and_refuses_nothing(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    seed = int(pytestconfig.getoption("--seed"))

    done = storm(tmp_path, kills=KILLS, seed=seed, say=print)

    assert done.settlement.complaints() == ()
    assert done.refused == 0
    assert done.settlement.reckoning.submitted >= KILLS
    assert done.blows.total() == KILLS
