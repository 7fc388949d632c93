"""Delivery addresses by page and by program, and orders that go there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.delivered import sent
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.money import billed
from tests.builders.peopled_market import open_peopled
from tests.builders.portal import complete_for_gst
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_customer_pages import words
from tests.suites.hub.test_addresses import HERE, THERE, placed

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        complete_for_gst(opened)
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def test_an_address_is_kept_used_and_ended_by_page(sign_in: SignIn, market: Market) -> None:
    client = sign_in("admin")
    sent_to = "/customers/C2/addresses"

    wrong = client.post(sent_to, data={"code": "KOCHI", **THERE})
    kept = client.post(sent_to, data={"code": "GODOWN", **HERE})
    customer = words(client.get("/customers/C2").text)
    entry = words(client.get("/orders/new?customer=C2").text)
    ended = client.post(sent_to, data={"end": "GODOWN"})
    after = words(client.get("/customers/C2").text)

    assert wrong.status_code == 409
    assert "registered there by itself" in words(wrong.text)
    assert kept.status_code == 303
    assert "9 Ring Road" in customer
    assert "GODOWN" in entry
    assert ended.status_code == 303
    assert "9 Ring Road" not in after
    assert market.broken() == set()


def test_a_program_keeps_addresses_and_its_order_says_where_it_goes(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    tokens = market.hub.ground.part(PeopleActs).tokens
    token = tokens.add("shop", roles=("manager", "accounts", "admin"), by=OPERATOR)
    said = {"Authorization": f"Bearer {token}"}
    address = "/api/v1/customers/C2/addresses"
    line = {"sku": "SOAP", "quantity": 3}
    order = {"key": "k", "customer": "C2", "lines": [line], "ship_to": "GODOWN"}

    unknown = client.post("/api/v1/orders", json=order, headers=said)
    kept = client.post(address, json={"code": "GODOWN", "fields": HERE}, headers=said)
    placed = client.post("/api/v1/orders", json=order, headers=said).json()
    uuid = placed["order"]
    sent(market, uuid)
    page = words(client.get(f"/orders/{uuid}").text)
    read = client.get(f"/api/v1/orders/{uuid}", headers=said).json()
    listed = words(client.get("/deliveries").text)
    ended = client.post(address, json={"code": "GODOWN", "end": True}, headers=said)

    assert unknown.json()["code"] == "address_unknown", unknown.text
    (shown,) = kept.json()
    assert shown.items() >= {"code": "GODOWN", **HERE}.items()
    assert read["ship_to"] == "GODOWN"
    assert "9 Ring Road" in page
    assert "Mandya" in listed
    assert ended.json() == []


def test_an_invoice_shows_where_its_goods_go(sign_in: SignIn, market: Market) -> None:
    client = sign_in("admin")
    client.post("/customers/C2/addresses", data={"code": "GODOWN", **HERE})
    market.change("UPDATE customer_profile SET language = 'hi' WHERE city = 'Mysuru'")
    invoice = billed(market, placed(market, "GODOWN")).invoice

    page = words(client.get(f"/invoices/{invoice}").text)
    printed = words(client.get(f"/invoices/{invoice}/print").text)
    own = client.get(f"/invoices/{invoice}/paper.pdf").content
    hindi = client.get(f"/invoices/{invoice}/paper.pdf?language=hi").content
    english = client.get(f"/invoices/{invoice}/paper.pdf?language=en").content

    assert "9 Ring Road" in page
    assert "Deliver to" in printed
    assert own == hindi != english


def test_an_order_is_sent_elsewhere_by_page_and_by_program(sign_in: SignIn, market: Market) -> None:
    client = sign_in("admin")
    for code, fields in (("GODOWN", HERE), ("DEPOT", {**HERE, "address": "3 Mill Lane"})):
        client.post("/customers/C2/addresses", data={"code": code, **fields})
    tokens = market.hub.ground.part(PeopleActs).tokens
    said = {"Authorization": f"Bearer {tokens.add('shop', roles=('manager',), by=OPERATOR)}"}
    uuid = placed(market, "GODOWN")
    page, program = f"/orders/{uuid}/ship-to", f"/api/v1/orders/{uuid}/ship-to"

    offered = client.get(f"/orders/{uuid}").text
    done = client.post(page, data={"ship_to": "DEPOT", "was": "GODOWN", "reason": "painting"})
    shown = words(client.get(f"/orders/{uuid}").text)
    late = client.post(page, data={"ship_to": "", "was": "GODOWN", "reason": "no"})
    silent = client.post(page, data={"ship_to": "", "was": "DEPOT", "reason": " "})
    body = {"ship_to": "", "reason": "wall is dry", "was": "GODOWN"}
    conflict = client.post(program, json=body, headers=said)
    own = client.post(program, json={**body, "was": "DEPOT"}, headers=said)
    sent(market, uuid)
    left = client.post(program, json={**body, "ship_to": "DEPOT", "was": ""}, headers=said)
    gone = client.post(page, data={"ship_to": "DEPOT", "reason": "late"})
    after = client.get(f"/orders/{uuid}").text

    assert 'data-opens="redirect"' in offered
    assert done.status_code == 303
    assert "Delivery address changed" in shown
    assert "GODOWN: 9 Ring Road, Mandya 571401 → DEPOT: 3 Mill Lane, Mandya 571401" in shown
    assert late.status_code == 409
    assert "now it is DEPOT: 3 Mill Lane, Mandya 571401" in words(late.text)
    assert silent.status_code in {400, 422}
    assert (conflict.status_code, conflict.json()["code"]) == (409, "order_redirected")
    assert (own.status_code, own.json()["ship_to"]) == (200, "")
    assert (left.status_code, left.json()["code"]) == (409, "order_settled")
    assert gone.status_code == 409
    assert 'data-opens="redirect"' not in after
