"""Kills, restores and card swaps amid orders: nothing is lost, doubled or refused."""

import pytest

from simulators.scenarios.storm import weather
from tests.fixtures.sites import SmallSite

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(400)]
KILLS = 20


def test_a_storm_loses_doubles_and_refuses_nothing(
    small_site: SmallSite, pytestconfig: pytest.Config
) -> None:
    seed = int(pytestconfig.getoption("--seed"))

    done = weather(small_site.site, small_site.baskets, kills=KILLS, seed=seed, say=print)

    assert done.settlement.complaints() == ()
    assert done.refused == 0
    # An order that is open goes with its card.
    assert done.settlement.reckoning.submitted >= KILLS - done.blows["card"]
    assert done.blows.total() == KILLS
