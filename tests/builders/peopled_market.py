"""A market's hub with a user of each role, and the site that serves it; fixtures to import."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market, open_copy
from tests.fixtures.browser import ROLES, USERS, Site


@pytest.fixture(name="market")
def open_peopled_market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides, with a user of each role."""
    with open_copy(sqlite_market, tmp_path) as opened:
        for role, name in USERS.items():
            Shelves(opened.database).user(name, *ROLES[role])
        yield opened


@pytest.fixture(name="site")
def serve_peopled_market(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))
