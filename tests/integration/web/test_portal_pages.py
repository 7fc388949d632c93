"""E-invoices by page, program and command: what came of each is shown, and sent again."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from simulators.portal import PortalServer
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.money import billed, delivered
from tests.builders.peopled_market import open_peopled
from tests.builders.portal import with_portal, work, work_later
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_customer_pages import words

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        yield opened


@pytest.fixture
def portal(market: Market, tmp_path: Path) -> Iterator[PortalServer]:
    """Give the portal to which the market's documents go."""
    with with_portal(market, tmp_path / "files") as opened:
        yield opened


@pytest.fixture
def site(market: Market, portal: PortalServer) -> Site:
    """Serve the market's hub."""
    assert portal.url
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def test_a_refused_document_is_work_is_mended_and_sent_again_by_page(
    sign_in: SignIn, market: Market, portal: PortalServer
) -> None:
    client = sign_in("admin")
    portal.switch("refuse", times=1)
    invoice = billed(market, delivered(market, ("SOAP", 5))).invoice
    work(market)

    home = words(client.get("/").text)
    listed = words(client.get("/invoices?at_portal=refused").text)
    refused = words(client.get(f"/invoices/{invoice}").text)
    sent = client.post(f"/invoices/{invoice}/register", follow_redirects=False)
    work(market)
    done = words(client.get(f"/invoices/{invoice}").text)
    paper = words(client.get(f"/invoices/{invoice}/print").text)
    eway = client.get(f"/invoices/{invoice}/eway.json").json()

    irn = next(iter(portal.registry.documents))
    assert "document that the portal of e-invoices has not taken" in home
    assert "INV26-27/000001" in listed
    assert "3028: GSTIN is not present in invoice system" in refused
    assert "Correct the GSTIN on the customer's page" in refused
    assert sent.status_code == 303
    assert irn in done
    assert irn in paper
    (bill,) = eway["billLists"]
    assert (bill["docNo"], bill["vehicleNo"]) == ("INV26-27/000001", "KA01")
    assert (bill["toPincode"], bill["totInvValue"]) == (570001, 50.0)


def test_a_document_whose_job_was_given_up_is_work_and_stands_on_its_list(
    sign_in: SignIn, market: Market, portal: PortalServer
) -> None:
    client = sign_in("admin")
    portal.switch("down")
    invoice = billed(market, market.place(("SOAP", 5)).order).invoice
    work(market)
    before = words(client.get("/").text)
    work_later(market, times=30)
    sign_in("admin")

    (home,) = re.findall(r'href="(/invoices\?at_portal=[^"]+)"', client.get("/").text)
    listed = words(client.get(unescape(home)).text)
    shown = words(client.get(f"/invoices/{invoice}").text)

    assert "has not taken" not in before
    assert "INV26-27/000001" in listed
    assert "Given up" in shown
    assert "The last attempt failed" in shown


def test_goods_that_have_not_left_have_no_e_way_bill(sign_in: SignIn, market: Market) -> None:
    client = sign_in("admin")
    invoice = billed(market, market.place(("SOAP", 5)).order).invoice

    answer = client.get(f"/invoices/{invoice}/eway.json")

    assert answer.status_code == 409
    assert "have not left yet" in words(answer.text)


def test_a_program_reads_what_the_portal_gave_and_has_documents_sent(
    sign_in: SignIn, market: Market, portal: PortalServer
) -> None:
    client = sign_in("admin")
    token = market.hub.ground.part(PeopleActs).tokens.add("books", roles=("accounts",), by=OPERATOR)
    said = {"Authorization": f"Bearer {token}"}
    portal.switch("refuse", times=1)
    invoice = billed(market, delivered(market, ("SOAP", 5))).invoice
    address = f"/api/v1/invoices/{invoice}"
    work(market)

    refused = client.get(address, headers=said).json()["einvoice"]
    sent = client.post(f"{address}/register", json={}, headers=said)
    work(market)
    done = client.get(address, headers=said).json()["einvoice"]
    eway = client.get(f"{address}/eway.json", headers=said)

    assert (refused["state"], refused["refusals"][0]["mend"]) == ("refused", "customer")
    assert sent.status_code == 201, sent.text
    assert (done["state"], len(done["irn"]), done["refusals"]) == ("registered", 64, [])
    assert eway.json()["version"] == "1.0.0621"
