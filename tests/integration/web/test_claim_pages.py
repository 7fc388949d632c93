"""Claims by page and by program: to be claimed, made, sent, paid short, settled, withdrawn."""

import re
from collections.abc import Callable
from html import unescape

from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.claims import claim_all, fund
from tests.builders.market import Market
from tests.builders.money import billed, delivered, paid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


def test_a_claim_goes_from_the_first_page_to_a_letter_and_its_payment(
    sign_in: SignIn, market: Market
) -> None:
    fund(market)
    billed(market, delivered(market, ("TEA", 10), ("SOAP", 20)))
    client = sign_in("manager")

    home = words(client.get("/").text)
    open_ = client.get("/claims/to-claim").text
    form = client.get("/claims/new?fresh=1&funder=LEAF").text
    asked = {**fields(form), "form_step": "send"}
    ahead = client.post("/claims/new", data={**asked, "until": "2027-01-01"})
    made = client.post("/claims/new", data=asked, follow_redirects=False)
    again = client.post("/claims/new", data=asked, follow_redirects=False)
    claim = made.headers["location"]
    draft = client.get(claim).text
    client.post(f"{claim}/state", data={"state": "sent"})
    short = {**fields(client.get(f"{claim}/short").text), "form_step": "send", "why": "no proof"}
    above = client.post(f"{claim}/short", data={**short, "short.1": "17.01"})
    kept = client.post(f"{claim}/short", data={**short, "short.1": "7.00"}, follow_redirects=False)
    shown = words(client.get(claim).text)
    written_off = re.findall(r'href="(/payments/\d+)"', client.get(claim).text)
    paid(market, "100.00", customer="LEAF", mode="bank", reference="UTR-1")
    linked = re.findall(r'href="(/payments/\d+)"', client.get(claim).text)
    letter = client.get(f"{claim}/paper.pdf?language=hi")
    lines = client.get(f"{claim}/lines.csv").text
    book = client.get(f"{claim}/lines.xlsx")

    assert "2 funders may be asked for ₹250.90" in home
    assert "/claims/new?fresh=1&amp;funder=LEAF&amp;seller=%40house" in open_
    assert "has not come yet" in words(ahead.text)
    assert made.status_code == 303, words(made.text)
    assert again.headers["location"] == claim
    assert "Ten percent on tea" in words(draft)
    assert "Draft" in words(draft)
    assert above.status_code == 409
    assert "of line 1, only 17.00 is still open" in words(above.text)
    assert kept.status_code == 303, words(kept.text)
    assert "Paid short" in shown
    assert "Line 1: ₹7.00 not paid" in shown
    assert "no proof" in shown
    assert (len(set(written_off)), len(set(linked))) == (1, 2)
    assert letter.content.startswith(b"%PDF-")
    assert "SCH-LEAF,Ten percent on tea,2026-11-21,INV26-27/000001" in lines
    assert book.content.startswith(b"PK")
    assert market.broken() == set()


def test_every_page_of_claims_opens_in_both_languages_and_who_only_reads_changes_nothing(
    sign_in: SignIn, market: Market
) -> None:
    claim_all(market)
    client = sign_in("admin")
    pages = [
        *("/claims", "/claims/to-claim", "/claims/new?funder=HIVE", "/claims/value"),
        *(f"/claims/{n}" for n in range(1, 4)),
        *("/claims/1/short", "/customers/LEAF", "/accounts/statement/LEAF", "/invoices/letterhead"),
        *("/reports/claims", "/reports/scheme_performance", "/find?q=CLM26"),
    ]
    files = ("/claims?as=csv", "/claims/to-claim?as=xlsx", "/claims/2/paper.pdf?size=roll")

    wrong = [path for path in pages if client.get(path).status_code != 200]
    panel = client.get("/customers/LEAF").text
    withdraw = client.post("/claims/3/withdraw", data={"reason": "twice"}, follow_redirects=False)
    paid = client.post("/claims/1/withdraw", data={"reason": "twice"})
    valued = client.post(
        "/claims/value",
        data={**fields(client.get("/claims/value").text), "value": "cost", "form_step": "send"},
        follow_redirects=False,
    )
    client.post("/language", data={"language": "hi", "next": "/"})
    hindi = [unescape(client.get(path).text) for path in pages]
    unsent = [path for path in files if client.get(path).status_code != 200]
    client.post("/sign-out")
    reader = sign_in("auditor")
    seen = reader.get("/claims/1").text
    tried = reader.post("/claims/1/state", data={"state": "accepted"})
    reader.post("/sign-out")
    seller = sign_in("sales")

    assert wrong == []
    assert 'href="/claims/1"' in panel
    assert withdraw.status_code == 303
    assert paid.status_code == 409
    assert "written off already" in words(paid.text)
    assert valued.status_code == 303
    assert all('lang="hi"' in page for page in hindi)
    assert "स्कीम देने वाला" in hindi[0]
    assert unsent == []
    assert "CLM26-27/000001" in seen
    assert tried.status_code == 403
    assert seller.get("/claims").status_code == 403
    assert market.broken() == set()


def test_a_program_claims_and_moves_claims_on(sign_in: SignIn, market: Market) -> None:
    fund(market)
    billed(market, delivered(market, ("TEA", 10), ("SOAP", 20)))
    client = sign_in("admin")
    tokens = market.hub.ground.part(PeopleActs).tokens
    said = {"Authorization": f"Bearer {tokens.add('books', roles=('accounts',), by=OPERATOR)}"}
    asked = {"key": "k", "funder": "LEAF", "until": "2026-11-21"}

    open_ = client.get("/api/v1/claims/to-claim", headers=said).json()
    made = client.post("/api/v1/claims", json=asked, headers=said)
    again = client.post("/api/v1/claims", json=asked, headers=said)
    unknown = client.post("/api/v1/claims", json={**asked, "funder": "X"}, headers=said)
    address = f"/api/v1/claims/{made.json()['row']['id']}"
    sent = client.post(f"{address}/state", json={"state": "sent"}, headers=said)
    not_paid = {"lines": {"1": "7.00"}, "why": "no proof"}
    keyed = {**not_paid, "key": "s-1"}
    short = client.post(f"{address}/short", json=keyed, headers=said)
    twice = client.post(f"{address}/short", json=keyed, headers=said)
    late = client.post(f"{address}/withdraw", json={"why": "late"}, headers=said)
    value = client.post("/api/v1/claims/value", json={"value": "cost"}, headers=said)
    listed = client.get("/api/v1/claims?state=short_paid", headers=said).json()
    letter = client.get(f"{address}/paper.pdf", headers=said)

    assert [(one["funder"], one["amount"]) for one in open_["funders"]] == [
        ("HIVE", 13_000),
        ("LEAF", 12_090),
    ]
    assert (made.status_code, again.status_code) == (201, 200)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "claim_funder_unknown")
    assert (sent.status_code, sent.json()["row"]["state"]) == (201, "sent")
    assert (short.status_code, twice.status_code) == (201, 200)
    assert short.json()["row"]["open"] == twice.json()["row"]["open"] == 11_390
    assert (late.status_code, late.json()["code"]) == (409, "claim_paid")
    assert value.json() == {"value": "cost"}
    assert [one["number"] for one in listed] == ["CLM26-27/000001"]
    assert letter.content.startswith(b"%PDF-")
