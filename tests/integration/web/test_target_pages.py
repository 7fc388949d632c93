"""Targets and webhooks as people and programs set and read them."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market, new_uuid
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    enter,
    open_client,
    open_two_sellers,
)

MONTH = {"measure": "order_value", "kind": "house", "goods": "all", "span": "month"}


def send(client: TestClient, address: str, **fields: str) -> Any:
    """Send a form as its page does."""
    key = {"form_key": new_uuid(), "form_step": "send"}
    return client.post(address, data={**fields, **key})


def program(market: Market, name: str) -> dict[str, str]:
    """Let a program in that has all an administrator has."""
    token = market.hub.ground.part(PeopleActs).tokens.add(name, roles=("admin",), by=OPERATOR)
    return {"Authorization": f"Bearer {token}"}


def test_a_target_is_set_changed_with_a_reason_and_withdrawn_on_its_pages(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "olga", "owner")

    wrong = send(client, "/targets/new", **MONTH, month="November", amount="")
    made = send(client, "/targets/new", **MONTH, month="2026-11", amount="90000")
    page = made.headers["location"]
    silent = send(client, f"{page}/change", amount="80000", seen="1")
    said = send(client, f"{page}/change", amount="80000", why="a shop left", seen="1")
    late = send(client, f"{page}/change", amount="70000", why="another", seen="1")
    client.post(f"{page}/withdraw", data={"reason": "a new plan"})

    assert wrong.status_code == 422
    assert "is no month: write 2026-11" in wrong.text
    assert (silent.status_code, said.status_code, late.status_code) == (409, 303, 409)
    assert "say why it is changed" in silent.text
    assert "has changed this target meanwhile" in late.text
    shown = client.get(page).text
    assert "This target was withdrawn." in shown
    timeline = shown[shown.index("Timeline") :]
    places = [timeline.find(one) for one in ("a new plan", "a shop left", "90,000.00")]
    assert -1 not in places


def test_a_target_finds_its_customer_and_its_product_by_their_names(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "olga", "owner")
    said = {"measure": "quantity", "kind": "customer", "goods": "product", "span": "month"}
    rest = {**said, "month": "2026-11", "amount": "40"}

    part = send(client, "/targets/new", **rest, who="shop", thing="ri")
    none = send(client, "/targets/new", **rest, who="nowhere", thing="nothing of ours")
    made = send(client, "/targets/new", **rest, who="C2", thing="rice")

    assert (part.status_code, none.status_code, made.status_code) == (422, 422, 303)
    assert "Choose the customer first." in part.text
    assert 'value="C2" data-offer="f-who"' in part.text
    assert "No customer is found by this" in none.text
    assert "No product is found by this" in none.text
    shown = client.get(made.headers["location"]).text
    assert "Second Shop" in shown
    assert "RICE" in shown


def test_a_program_sets_a_target_and_reads_how_far_it_is(
    market: Market, client: TestClient
) -> None:
    headers = program(market, "planner")
    fields = {**MONTH, "month": "2026-11", "amount": "500", "seller": "NORTH"}

    made = client.post("/api/v1/targets", json={"fields": fields}, headers=headers)
    again = client.post("/api/v1/targets", json={"fields": fields}, headers=headers)
    wrong = client.post(
        "/api/v1/targets", json={"fields": {**fields, "amount": "0"}}, headers=headers
    )

    assert (made.status_code, again.status_code, wrong.status_code) == (201, 200, 409)
    assert wrong.json()["params"]["fields"] == {"amount": "A target is more than nothing."}
    number = made.json()["row"]["id"]
    report = client.get("/api/v1/reports/targets?period=this_month&aimed=house", headers=headers)
    (row,) = [one for one in report.json()["rows"] if one["key"] == str(number)]
    sold = client.get("/api/v1/orders?customer=N1", headers=headers).json()["orders"]
    assert (row["target_amount"], row["achieved_amount"]) == (
        50_000,
        sum(one["payable"] for one in sold),
    )
    assert row["achieved_amount"] > 0
    gone = client.post(
        f"/api/v1/targets/{number}/withdraw", json={"why": "a mistake"}, headers=headers
    )
    assert gone.json()["row"]["active"] is False


@pytest.mark.usefixtures("market")
def test_a_seller_s_targets_are_nobody_else_s(market: Market, client: TestClient) -> None:
    headers = program(market, "planner-two")
    fields = {**MONTH, "month": "2026-12", "amount": "700", "seller": "EAST"}
    number = client.post("/api/v1/targets", json={"fields": fields}, headers=headers).json()["row"][
        "id"
    ]

    enter(market, client, "nina", "manager", seller="NORTH")
    north = (
        client.get(f"/targets/{number}").status_code,
        client.get("/targets?days_from=2026-12-01"),
    )
    enter(market, client, "esha", "manager", seller="EAST")
    east = client.get(f"/targets/{number}").status_code

    assert (north[0], east) == (404, 200)
    assert f"/targets/{number}" not in north[1].text


def test_the_secret_of_a_webhook_is_shown_once_and_stands_on_no_page_after(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "otto", "owner")
    kinds = ["order.placed", "payment.taken"]

    wrong = client.post("/webhooks", data={"name": "ERP", "url": "erp.example.com", "kinds": kinds})
    made = client.post(
        "/webhooks", data={"name": "ERP", "url": "https://erp.example.com/in", "kinds": kinds}
    )
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", made.text)
    assert found is not None
    number = market.rows("SELECT max(id) FROM webhook")[0][0]
    renewed = client.post(f"/webhooks/{number}/rotate")
    client.post(f"/webhooks/{number}/test")
    client.post(f"/webhooks/{number}/turn", data={"on": "no"})

    assert wrong.status_code == 422
    assert "Write an address such as" in wrong.text
    assert made.headers["cache-control"] == "no-store"
    again = re.search(r"whsec_[A-Za-z0-9+/=]+", renewed.text)
    assert again is not None
    assert again[0] != found[0]
    told = client.get("/api/v1/webhooks", headers=program(market, "watcher"))
    one = client.get(f"/api/v1/webhooks/{number}", headers=program(market, "watcher-two"))
    for page in (client.get("/webhooks"), client.get(f"/webhooks/{number}"), told, one):
        assert page.status_code == 200
        assert "whsec_" not in page.text
    assert one.json()["deliveries"][0]["kind"] == "webhook.test"
    assert client.post("/webhooks/404/test").status_code == 404


def test_a_reload_makes_no_second_webhook_and_no_second_secret(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "otto", "owner")
    said = {"name": "ERP", "url": "https://erp.example.com/in", "kinds": ["order.placed"]}
    listed = client.get("/webhooks").text
    form = {**said, "once": _once(listed)}

    added = client.post("/webhooks", data=form)
    reloaded = client.post("/webhooks", data=form)
    found = re.findall(r'href="/webhooks/(\d+)"', client.get("/webhooks").text)
    number = [one for one in found if f'href="/webhooks/{one}"' not in listed]
    key = {"once": _once(client.get(f"/webhooks/{number[0]}").text)}
    renewed = client.post(f"/webhooks/{number[0]}/rotate", data=key)
    once_more = client.post(f"/webhooks/{number[0]}/rotate", data=key)
    wanted = client.post(
        f"/webhooks/{number[0]}/rotate",
        data={"once": _once(client.get(f"/webhooks/{number[0]}").text)},
    )

    assert len(number) == 1
    shown = ["whsec_" in page.text for page in (added, reloaded, renewed, once_more, wanted)]
    assert shown == [True, False, True, False, True]


def test_a_reload_makes_no_second_token_of_a_program(market: Market, client: TestClient) -> None:
    enter(market, client, "otto", "owner")
    form = {"name": "webshop", "role": ["sales"], "once": _once(client.get("/programs").text)}

    token = re.search(r"ow_[\w-]+", client.post("/programs", data=form).text)
    reloaded = client.post("/programs", data=form)

    assert token is not None
    assert reloaded.headers["location"] == "/programs"
    asked = {"Authorization": f"Bearer {token[0]}"}
    assert client.get("/api/v1/orders", headers=asked).status_code == 200


def _once(page: str) -> str:
    """Read the key of the form whose answer is shown once."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/targets/new", "/workdays"])
def test_where_several_sell_a_page_asks_for_whom(
    market: Market, client: TestClient, path: str
) -> None:
    enter(market, client, "olga", "owner")

    assert "Seller</label>" in client.get(path).text
