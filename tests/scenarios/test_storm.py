"""Kills, restores and card swaps amid orders: nothing is lost, doubled or refused."""

import pytest

from simulators.scenarios.storm import weather
from tests.fixtures.sites import SmallSite

pytestmark = pytest.mark.needs("mosquitto")


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(20, marks=pytest.mark.timeout(400)),
        pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(3_600)]),
    ],
)
def test_a_storm_loses_doubles_and_refuses_nothing(
    small_site: SmallSite, pytestconfig: pytest.Config, kills: int
) -> None:
    seed = int(pytestconfig.getoption("--seed"))

    done = weather(small_site.site, small_site.baskets, kills=kills, seed=seed, say=print)

    print(done.as_json())
    assert done.settlement.complaints() == ()
    assert done.refused == 0
    # An order that is open goes with its card.
    assert done.settlement.reckoning.submitted >= kills - done.blows["card"]
    assert done.blows.total() == kills
