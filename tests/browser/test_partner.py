"""A partner on a phone: let in by a link, orders by scanner, orders again, takes an order back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from hub.desk.partners.acts import PartnerActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.accessible import barriers
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.partners import PASSWORD, open_network
from tests.fixtures.browser import DARK, NARROW, PHONE, READS_BARS, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("partner in chromium")]
Open = Callable[..., Page]
READS_SLOWLY: Final = """
window.BarcodeDetector.prototype.detect = async () => {
  document.querySelector(".ow-camera").dataset.reads = "";
  await new Promise((resolve) => { window.goOn = resolve; });
  return [{rawValue: "8901234567894"}];
};
"""
ENTERED_BY_THEN: Final = """async () => {
  const entered = [];
  document.addEventListener("scanned", ({detail}) => entered.push(detail));
  goOn();
  await new Promise((go) => setTimeout(go, 0));
  return entered;
}"""
PAGES: Final = (
    *("/", "/orders", "/orders/new", "/partner/schemes", "/partner/stock", "/deliveries"),
    *("/invoices", "/payments", "/returns", "/accounts/statement/NORTH", "/reports", "/me"),
)


@pytest.fixture
def market(sqlite_template: Path, tmp_path: Path) -> Iterator[Market]:
    """Give the network of two distributors with its partners."""
    path = tmp_path / "hub.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_network(f"sqlite:///{path}", tmp_path / "files") as opened:
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the network's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


@pytest.fixture
def phone(open_as: OpenAs) -> Open:
    """Open a window at a path, signed in as a partner."""

    def open_page(name: str, path: str = "/", *, screen: Screen = PHONE) -> Page:
        return open_as(path, user=name, screen=screen)

    return open_page


def test_a_link_on_paper_leads_to_the_first_page_and_on_to_an_order(
    open_as: OpenAs, market: Market
) -> None:
    made = market.hub.ground.part(PartnerActs).invite(
        "nutan", ["N1"], shown="Nutan Rao", by=OPERATOR
    )
    page = open_as(f"/welcome/{made.token}", role=None, screen=PHONE)

    welcome = barriers(page)
    expect(page.get_by_role("heading")).to_have_text("Welcome, Nutan Rao")
    page.get_by_label("New password", exact=True).fill("a long password")
    page.get_by_label("New password again").fill("a long password")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("status")).to_contain_text("home screen")
    page.get_by_role("link", name="New order").click()
    page.wait_for_load_state()  # until the page hears keys
    add = page.get_by_label("Add a line")
    expect(add).to_be_focused()
    for code in ("8901234567894", "3*SOAP"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.locator(".ow-entry-rows input[name=quantity]")).to_have_count(2)
    expect(page.locator("#verdict")).to_contain_text("₹140.00")
    expect(page.locator("#verdict")).to_contain_text("Credit left")
    button = page.get_by_role("button", name="Confirm order")
    button.dblclick()
    page.wait_for_url("**/orders/0*")

    assert welcome == []
    assert market.rows(
        "SELECT customer_code, source, status FROM order_ WHERE requester = 'nutan'"
    ) == [("N1", "partner", "allocated")]


def test_the_last_order_is_placed_again_in_two_taps_and_taken_back(
    phone: Open, market: Market
) -> None:
    page = phone("nina")

    page.get_by_role("link", name="Repeat order").nth(1).click()
    expect(page.locator("#verdict")).to_contain_text("Confirmed")
    page.get_by_role("button", name="Confirm order").click()
    page.get_by_label("Yes, this is meant").check()  # it was ordered a moment ago
    page.get_by_role("button", name="Confirm order").click()
    page.wait_for_url("**/orders/0*")
    page.get_by_text("More steps").click()
    page.get_by_role("button", name="Cancel this order").click()
    page.get_by_label("Reason, as the distributor will read it").fill("ordered twice")
    page.get_by_role("button", name="Cancel the order").click()

    expect(page.locator(".ow-ribbon [aria-current]")).to_contain_text("Cancelled")
    expect(page.locator("main")).to_contain_text("cancelled by the customer: ordered twice")
    assert market.rows("SELECT status FROM order_ WHERE requester = 'nina'") == [("cancelled",)]


def test_what_waits_changes_in_place_when_the_desk_releases_it(phone: Open, market: Market) -> None:
    page = phone("nina")
    expect(page.locator("#live")).to_have_text("Live")
    ((uuid,),) = market.rows(
        "SELECT uuid FROM order_ WHERE customer_code = 'N1' AND status = 'held'"
    )
    expect(page.locator(f"#held-{uuid}")).to_be_visible()

    market.orders.cancel(uuid, why="sold out", by="zoya")

    expect(page.locator(f"#held-{uuid}")).to_have_count(0)


@pytest.mark.parametrize("screen", [PHONE, NARROW, DARK], ids=["phone", "narrow", "dark"])
def test_no_page_of_a_partner_has_a_barrier_or_is_wider_than_the_screen(
    phone: Open, screen: Screen
) -> None:
    page = phone("nora", screen=screen)
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        found += barriers(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than the screen")

    assert found == []


def test_the_camera_takes_a_code_once_for_as_long_as_it_is_in_front_of_it(phone: Open) -> None:
    page = phone("nina")
    page.context.grant_permissions(["camera"])
    page.add_init_script(READS_BARS)
    page.goto("/orders/new")
    rows = page.locator(".ow-entry-rows input[name=quantity]")

    page.get_by_role("button", name="Scan", exact=True).click()
    page.evaluate("window.shown = ['8901234567894']")
    expect(page.locator(".ow-camera p")).to_have_text("8901234567894")
    expect(rows).to_have_count(1)
    page.evaluate("window.shown = ['8901234567894', 'nothing-of-ours']")
    expect(page.locator("#open-rows")).to_contain_text("nothing-of-ours")
    page.get_by_role("button", name="Close", exact=True).last.click()

    expect(page.locator(".ow-camera")).to_have_count(0)
    expect(rows).to_have_value("1")
    expect(page.get_by_label("Add a line")).to_be_focused()


def test_a_code_that_is_read_after_the_camera_was_closed_is_not_entered(phone: Open) -> None:
    page = phone("nina")
    page.context.grant_permissions(["camera"])
    page.add_init_script(READS_BARS + READS_SLOWLY)
    page.goto("/orders/new")

    page.get_by_role("button", name="Scan", exact=True).click()
    expect(page.locator(".ow-camera[data-reads]")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).last.click()

    assert page.evaluate(ENTERED_BY_THEN) == []


def test_a_browser_that_reads_no_bar_codes_offers_no_camera(phone: Open) -> None:
    page = phone("nina", "/orders/new")

    expect(page.get_by_label("Add a line")).to_be_focused()
    expect(page.get_by_role("button", name="Scan", exact=True)).to_have_count(0)


def test_a_manager_on_a_phone_releases_the_most_urgent_order_in_three_taps(
    phone: Open, market: Market
) -> None:
    market.hub.ground.part(PeopleActs).add("mira", roles=("manager",), password=PASSWORD)
    page = phone("mira")
    held = market.rows("SELECT count(*) FROM order_ WHERE status = 'held'")[0][0]

    page.get_by_role("link", name="for you to decide").click()
    page.get_by_role("button", name="Release").click()
    with page.expect_navigation(url="**/approvals*"):
        page.get_by_role("button", name="Yes").last.click()

    assert market.rows("SELECT count(*) FROM order_ WHERE status = 'held'")[0][0] == held - 1
