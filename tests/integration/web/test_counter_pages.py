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
from tests.builders.page_client import PageClient
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_api import market, token  # noqa: F401  # a fixture
from tests.suites.hub.test_diagnoses import packed, pieces
from tests.suites.hub.test_wire_beside_orders import status

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def programs(market: Market) -> Iterator[TestClient]:  # noqa: F811
    """Give a program that may do what a manager does."""
    with PageClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
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
    assert "→ ₹5,000.00; x" in again
    assert staff.get("/terminals/nobody/counter").status_code == 404


def test_what_a_counter_never_said_of_itself_is_a_dash_on_its_page(sign_in: SignIn) -> None:
    page = sign_in("manager").get("/terminals/shop-1").text

    assert "<dt>Software</dt><dd>\u2013</dd>" in page


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


def test_a_manager_sets_a_group_and_sees_what_a_counter_has_otherwise(sign_in: SignIn) -> None:
    staff = sign_in("manager")

    def send(address: str, **fields: str) -> tuple[int, str]:
        page = staff.get(address).text
        key = re.search(r'name="form_key" value="([^"]+)"', page)
        assert key is not None
        done = staff.post(address, data={**fields, "form_key": key[1]}, follow_redirects=False)
        return done.status_code, done.headers.get("location", "")

    def words(address: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", staff.get(address).text).split())

    made = send("/counter-groups/new", code="vans", name="Vans", payments="cash")
    put = staff.post("/counter-groups/vans/counters", data={"terminal": "shop-2"})
    unknown = staff.post("/counter-groups/vans/counters", data={"terminal": "shop-99"})
    send("/terminals/shop-2/counter", payments="credit,cash", ask_quantity="", ask_amount="")

    assert made == (303, "/counter-groups/vans")
    assert put.status_code == 303
    assert unknown.status_code == 422
    assert "There is no terminal shop-99" in unknown.text
    assert "Vans vans" in words("/counter-groups")
    assert "Payments: credit, cash" in words("/counter-groups/vans")
    assert "Payments cash credit, cash credit, cash not as the group" in words(
        "/terminals/shop-2/counter"
    )
    assert send("/counter-groups/vans/change", name="Vans", ask_quantity="24")[0] == 303
    assert "Quantity to ask above 24 \N{EN DASH} 24" in words("/terminals/shop-2/counter")
    assert staff.post("/counter-groups/vans/end").status_code == 422
    staff.post("/counter-groups/vans/out", data={"terminal": "shop-2"})
    assert staff.post("/counter-groups/vans/end", follow_redirects=False).status_code == 303
    assert staff.get("/counter-groups/vans").status_code == 404


def test_a_program_sets_a_group(programs: TestClient) -> None:
    made = programs.post("/api/v1/counter-groups", json={"code": "vans", "name": "Vans"})
    again = programs.post("/api/v1/counter-groups", json={"code": "vans", "name": "Vans"})
    at = "/api/v1/counter-groups/vans"
    put = programs.put("/api/v1/terminals/shop-4/group", json={"group": "vans", "why": "a van"})
    programs.put("/api/v1/terminals/shop-4/counter", json={"ask_quantity": "5"})
    changed = programs.put(at, json={"name": "Vans", "payments": "cash", "ask_quantity": "9"})
    listed = programs.get("/api/v1/counter-groups").json()
    used = programs.post(f"{at}/end", json={})
    out = programs.put("/api/v1/terminals/shop-4/group", json={"group": ""})
    ended = programs.post(f"{at}/end", json={"why": "sold"})

    assert (made.status_code, made.headers["location"]) == (201, at)
    assert (again.status_code, again.json()["code"]) == (409, "group_there")
    assert put.json() == {"terminal": "shop-4", "group": "vans"}
    assert changed.json()["counters"] == [
        {
            "terminal": "shop-4",
            "customer": changed.json()["counters"][0]["customer"],
            "runs": "unknown",
            "own": {"ask_quantity": 5},
        }
    ]
    assert [(one["code"], one["payments"], one["count"]) for one in listed] == [("vans", "cash", 1)]
    assert (used.status_code, used.json()["code"]) == (409, "group_used")
    assert (out.status_code, ended.status_code, programs.get(at).status_code) == (200, 200, 404)
    assert programs.put(at, content=b"{").status_code == 400


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


def test_whoever_holds_a_slip_follows_its_order_without_signing_in(market: Market) -> None:  # noqa: F811
    answer = market.place(("TEA", 2), ("RICE", 10))
    with PageClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as phone:
        page = phone.get(f"/follow/{answer.order}", headers={"Accept-Language": "hi"})
        there_is_none = phone.get("/follow/" + answer.order.replace("-7", "-8"))

    assert (page.status_code, there_is_none.status_code) == (200, 404)
    assert page.headers["Cache-Control"] == "no-store"
    assert {answer.number in page.text, "पक्का" in page.text, "Honey" in page.text} == {True}
    assert "डिलीवरी का दिन" in page.text
    assert "Second Shop" not in page.text
