"""Setting a counter over HTTP: the form of staff, and the same for programs."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from broker.contract import counter_hash
from hub.base.access import EVERYTHING
from hub.desk.terminals.reads.counters import read_counter
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import Market
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_api import market, token  # noqa: F401  # a fixture
from tests.suites.hub.test_diagnoses import packed, pieces
from tests.suites.hub.test_wire_beside_orders import status

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def programs(market: Market) -> Iterator[TestClient]:  # noqa: F811
    """Give a program that may do what a manager does."""
    with TestClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
        one.headers["Authorization"] = f"Bearer {token(market, 'tool', 'manager')}"
        yield one


def test_a_manager_sets_a_counter_on_its_page(sign_in: SignIn, site: Site) -> None:
    staff = sign_in("manager")
    page = staff.get("/terminals/shop-1/counter")
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert page.status_code == 200
    assert "As the customer&#39;s credit allows" in page.text
    assert key is not None

    sent = {"payments": "cash,advance", "ask_quantity": "240", "ask_amount": "5000.00", "why": "x"}
    done = staff.post(
        "/terminals/shop-1/counter", data={**sent, "form_key": key[1]}, follow_redirects=False
    )

    assert (done.status_code, done.headers["location"]) == (303, "/terminals")
    with site.hub.ground.database.read() as connection:
        row = read_counter(connection, "shop-1", scope=EVERYTHING)
    assert row is not None
    assert (row.takes, row.settings.ask_quantity, row.settings.ask_amount) == (
        ("cash", "advance"),
        240,
        500_000,
    )
    again = re.sub(r"<[^>]+>", "", staff.get("/terminals/shop-1/counter").text)
    assert "shop-1, Gupta Kirana Store. Takes now: cash, advance." in again
    assert "→ 5000.00; x" in again
    assert staff.get("/terminals/nobody/counter").status_code == 404


def test_a_program_sets_a_counter_and_reads_who_set_it(programs: TestClient) -> None:
    address = "/api/v1/terminals/shop-4/counter"
    before = programs.get(address).json()
    set_now = programs.put(address, json={"payments": "advance,cash", "why": "agreed"})
    wrong = programs.put(address, json={"payments": "gold"})
    unknown = programs.put("/api/v1/terminals/nobody/counter", json={})

    assert before["takes"] == ["cash", "advance"]
    assert set_now.json()["takes"] == ["advance", "cash"]
    assert [(one["field"], one["new"], one["why"]) for one in set_now.json()["changes"]] == [
        ("payments", "advance,cash", "agreed")
    ]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "cell_not_choice")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "counter_unknown")


def test_a_program_asks_a_terminal_how_it_is_and_reads_what_came(
    programs: TestClient,
    market: Market,  # noqa: F811
) -> None:
    at = "/api/v1/terminals/shop-2/diagnoses"
    unable = programs.post(at, json={})
    market.hears(status(diagnoses=True))
    asked = programs.post(at, json={"why": "prints nothing"})
    name = asked.json()["name"]
    none = programs.get(f"{at}/latest")
    market.wire.hear_diagnosis(pieces(name, packed(["paper is out"]))[0])
    came = programs.get(f"{at}/latest")
    listed = programs.get(at)

    assert (unable.status_code, unable.json()["code"]) == (409, "diagnosis_unable")
    assert (asked.status_code, asked.json()["state"]) == (202, "asked")
    assert (none.status_code, none.json()["code"]) == (404, "diagnosis_unknown")
    assert came.json()["told"]["log"][0]["text"] == "paper is out"
    assert [(one["name"], one["state"], one["told"]) for one in listed.json()] == [
        (name, "here", None)
    ]
    assert programs.get("/api/v1/terminals/shop-99/diagnoses").status_code == 404
    assert programs.post(at, content=b"{").status_code == 400


def test_whether_a_terminal_runs_what_is_set_is_told(
    programs: TestClient,
    market: Market,  # noqa: F811
) -> None:
    at = "/api/v1/terminals/shop-2/counter"
    usual = counter_hash([], ask_quantity=1_000, ask_amount=0)
    seen = [programs.get(at).json()["runs"]]
    market.hears(status(counter=usual))
    seen.append(programs.get(at).json()["runs"])
    seen.append(programs.put(at, json={"payments": "cash"}).json()["runs"])
    market.hears(status(counter=counter_hash(["cash"], ask_quantity=1_000, ask_amount=0)))
    seen.append(programs.get(at).json()["runs"])

    assert seen == ["unknown", "current", "behind", "current"]
