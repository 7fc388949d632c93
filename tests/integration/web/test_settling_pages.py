"""The page and the address by which people and programs settle what a terminal may keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts.begin_again import begin_again
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import Market, open_copy
from tests.builders.page_client import PageClient
from tests.builders.two_sellers import enter


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub whose books were put back."""
    with open_copy(sqlite_market, tmp_path) as opened:
        begin_again(opened.hub.transactions, backup_at=1, now_ms=opened.clock.ms)
        yield opened


@pytest.fixture
def client(market: Market) -> Iterator[TestClient]:
    """Give a browser that follows nothing by itself."""
    with PageClient(
        create_app(frame_of(market.hub)),
        base_url="http://hub.test",
        headers={"Origin": "http://hub.test"},
        follow_redirects=False,
    ) as one:
        yield one


def awaited(market: Market) -> list[str]:
    return [name for (name,) in market.rows("SELECT terminal FROM awaited ORDER BY terminal")]


def test_whose_orders_wait_is_told_on_the_first_page_and_above_the_terminals(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "vikram", "admin")

    first = client.get("/").text
    page = client.get("/terminals").text

    assert "terminals may keep orders that are not here" in first
    assert "First Shop" in page
    assert "not heard since the hub was restored" in page
    assert "may know more than the hub" in page


def test_a_person_settles_a_terminal_with_a_reason(market: Market, client: TestClient) -> None:
    enter(market, client, "vikram", "admin")

    asked = client.get("/terminals/shop-1/settle").text
    without = client.post("/terminals/shop-1/settle", data={"why": " "})
    kept = awaited(market)
    done = client.post("/terminals/shop-1/settle", data={"why": "placed again"})
    gone = client.get("/terminals/shop-1/settle")

    assert "Settle what shop-1 may keep" in asked
    assert (without.status_code, "Say what was done" in without.text) == (422, True)
    assert kept == ["shop-1", "shop-2", "shop-3", "shop-4"]
    assert (done.status_code, done.headers["location"]) == (303, "/terminals")
    assert awaited(market) == ["shop-2", "shop-3", "shop-4"]
    assert gone.status_code == 404
    ((text,),) = market.rows("SELECT text FROM terminal_log WHERE code = 'kept_settled'")
    assert text.startswith("vikram settled that shop-1 was not heard")


def test_who_may_not_settle_is_not_led_to_it(market: Market, client: TestClient) -> None:
    enter(market, client, "ravi", "sales")

    assert "not heard since the hub was restored" in client.get("/terminals").text
    assert "/terminals/shop-1/settle" not in client.get("/terminals").text


def test_a_program_settles_a_terminal(market: Market, client: TestClient) -> None:
    secret = market.hub.ground.part(PeopleActs).tokens.add("erp", roles=("admin",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {secret}"
    client.headers["Content-Type"] = "application/json"
    address = "/api/v1/terminals/shop-1/settle"

    empty = client.post(address, json={"why": ""})
    broken = client.post(address, content=b"{")
    done = client.post(address, json={"why": "placed again"})
    again = client.post(address, json={"why": "placed again"})

    assert (empty.status_code, broken.status_code) == (422, 400)
    assert (done.status_code, done.json()) == (200, {"terminal": "shop-1", "missing": 0})
    assert again.status_code == 404
    assert "shop-1" not in awaited(market)
