"""A database that an earlier version filled is brought up to date and keeps its promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.builders.filled import FOLDER, LAST_MOMENTS, fill
from tests.builders.market import FakeClock, Market, told

pytestmark = pytest.mark.slow


@pytest.fixture(params=sorted(LAST_MOMENTS))
def filled(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Market]:
    """Open what an earlier version wrote, a minute later."""
    fill(database_url, request.param, tmp_path)
    clock = FakeClock(LAST_MOMENTS[request.param] + 60_000)
    hub = build_hub(Settings(folder=tmp_path / "files", database=database_url), clock=clock)
    yield Market(hub, build_wire(hub, http="http://hub"), clock, database_url)
    hub.close()


def test_each_file_is_tested() -> None:
    assert sorted(LAST_MOMENTS) == sorted(one.name.split(".")[0] for one in FOLDER.glob("*.gz"))


def test_every_promise_is_kept_and_every_order_is_there(filled: Market) -> None:
    report = filled.audit()

    assert filled.broken() == set()
    assert report.is_clean
    assert filled.rows("SELECT status, count(*) FROM order_ GROUP BY status ORDER BY status") == [
        ("allocated", 33),
        ("cancelled", 9),
        ("held", 6),
        ("rejected", 10),
    ]


def test_every_open_order_can_be_cancelled_and_then_nothing_is_held(filled: Market) -> None:
    query = "SELECT uuid FROM order_ WHERE status IN ('confirmed', 'allocated', 'held')"

    for (order,) in filled.rows(query):
        filled.orders.cancel(order, why="the year ends", by="asha")

    assert filled.broken() == set()
    assert filled.rows("SELECT sum(reserved) FROM batch") == [(0,)]
    assert filled.rows("SELECT max(used), max(spent), max(bought) FROM scheme_counter") == [
        (0, 0, 0)
    ]


def test_the_next_order_is_decided_and_a_repeat_of_it_gets_the_same_answer(
    filled: Market,
) -> None:
    asked = filled.order(("SOAP", 4), ("TEA", 2), seq=40)

    first, again = filled.replies(asked), filled.replies(asked)

    assert told(first[0]).status == "confirmed"
    assert told(again[0]) == told(first[0])
    assert filled.broken() == set()
