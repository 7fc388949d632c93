"""A terminal that was asked for forgotten orders and gives none: people are told why it may be."""

from pathlib import Path

import pytest

from broker.embedded import Credentials
from hub.run.roles import renew_access
from tests.builders.market import Market
from tests.suites.hub.test_taking_back import Counter, forget, recalls


def alarms(market: Market) -> list[tuple[object, ...]]:
    return market.rows("SELECT terminal, level, code FROM terminal_log")


@pytest.fixture
def ahead(market: Market) -> Counter:
    """Give a terminal whose order the hub has forgotten."""
    counter = Counter(market)
    counter.buys(("TEA", 5))
    forget(market)
    return counter


def test_a_terminal_that_gives_nothing_for_a_minute_is_told_of(
    market: Market, ahead: Counter
) -> None:
    first = recalls(ahead.birth())
    early = alarms(market)
    market.clock.ms += 61_000

    again = recalls(ahead.birth())

    assert (len(first), early, len(again)) == (1, [], 1)
    assert alarms(market) == [("shop-2", "alarm", "kept_silent")]


def test_one_that_gives_something_is_not(market: Market, ahead: Counter) -> None:
    ahead.birth()
    market.wire.hear.gave_back("shop-2")
    market.clock.ms += 61_000

    ahead.birth()

    assert alarms(market) == []


def test_an_access_file_of_before_is_written_anew_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("shop-2", "secret")
    new = credentials.access_path.read_text()
    credentials.access_path.write_text(
        "".join(line for line in new.splitlines(keepends=True) if "up/kept" not in line)
    )

    renew_access(tmp_path)
    first = caplog.text
    caplog.clear()
    renew_access(tmp_path)

    assert credentials.access_path.read_text() == new
    assert "up/kept" in first
    assert caplog.text == ""


def test_a_broker_with_an_access_file_of_its_own_is_left_alone(tmp_path: Path) -> None:
    renew_access(tmp_path)

    assert list(tmp_path.iterdir()) == []
