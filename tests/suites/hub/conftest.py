"""A market whose terminals hold leases."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.run.bootstrap import build_wire
from tests.builders.leased_counter import BOUNDED, LeasedCounter
from tests.builders.market import FILES, Market, packed


@pytest.fixture
def leasing(market: Market) -> Market:
    """Give a market with bounded schemes that leases half of what is left."""
    market.load(
        customers=FILES["customers.csv"] + "C5,Fifth Shop,retailer,IN/KA,active,none,\n",
        terminals=FILES["terminals.csv"] + "shop-5,C5,MAIN\n",
    )
    market.publish(packed(version=2, more=BOUNDED))
    market.hub.settings = replace(market.hub.settings, lease_percent=50)
    market.wire = build_wire(market.hub, http="http://hub")
    return market


@pytest.fixture
def counters(leasing: Market, tmp_path: Path) -> tuple[LeasedCounter, LeasedCounter]:
    """Give two counters that have heard their hub, and do not any more."""
    pair = LeasedCounter(leasing, tmp_path, "shop-2"), LeasedCounter(leasing, tmp_path, "shop-5")
    for counter in pair:
        counter.hear()
    return pair
