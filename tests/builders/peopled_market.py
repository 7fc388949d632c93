"""A market's hub with a user of each role, and the site that serves it; fixtures to import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market, open_copy
from tests.fixtures.browser import ROLES, USERS, Site


@contextmanager
def open_peopled(kept: Path, folder: Path) -> Iterator[Market]:
    """Open a copy of what `sqlite_market` keeps, with a user of each role."""
    with open_copy(kept, folder) as opened:
        for role, name in USERS.items():
            Shelves(opened.database).user(name, *ROLES[role])
        yield opened


@pytest.fixture(name="market")
def open_peopled_market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides, with a user of each role."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        yield opened


@pytest.fixture(name="site")
def serve_peopled_market(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))
