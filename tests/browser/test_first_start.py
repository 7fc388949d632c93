"""A new hub's first day in a real Chromium: from the owner's word to a rep's hand-over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from hub.desk.people.acts import PeopleActs
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.accessible import barriers
from tests.builders.hub_records import PASSWORD, Shelves, SteppedClock
from tests.fixtures.browser import OpenAs, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("first start in chromium")]
PRODUCTS: Final = (
    "sku,name,mrp,tax_class\nTEA,Assam tea 250 g,100.00,gst5\nRICE,Basmati rice 1 kg,9o.00,gst5\n"
)
"""The second price has a letter for a digit."""
CUSTOMERS: Final = "code,name,phone,region\nS-1,Gupta Stores,9876543210,IN/KA\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a hub in which nobody is."""
    clock = SteppedClock()
    hub = build_hub(Settings(folder=tmp_path, hosts="hub.test"), clock=clock)
    yield Site(hub, clock, Shelves(hub.ground.database))
    hub.close()


def own_hub(page: Page, word: str) -> None:
    """Become the owner."""
    page.goto(f"/setup?word={word}")
    page.locator("#name").fill("olga")
    for one in page.locator("input[type=password]").all():
        one.fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/setup/hub")


def take_file(page: Page, kind: str, file: Path, *, mended: str = "") -> None:
    """Look at a file, mend its one wrong cell, and take it."""
    page.goto(f"/imports?kind={kind}")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Look what would become of it").click()
    if mended:
        wrong = page.locator("#mend input[aria-invalid]")
        expect(wrong).to_have_count(1)
        wrong.fill(mended)
        page.keyboard.press("Enter")
        expect(wrong).to_have_count(0)
    page.get_by_role("button", name="Take the rows that can be").click()


def add_person(page: Page, name: str, role: str) -> str:
    """Add somebody, and read the password that works once."""
    page.goto("/users/new")
    page.locator("#name").fill(name)
    page.locator(f"input[value={role}]").check()
    page.get_by_role("button", name="Add").click()
    return page.locator("code.ow-secret").inner_text()


def come_in(page: Page, name: str, once: str) -> None:
    """Sign in for the first time, and choose a password."""
    page.goto("/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(once)
    page.locator("main button.btn-primary").click()
    for one in page.locator("input[autocomplete=new-password]").all():
        one.fill(f"{PASSWORD} {name}")
    page.locator("main button.btn-primary").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def serve(page: Page, code: str, who: str) -> None:
    """Say who serves a customer from today on."""
    page.goto(f"/customers/{code}")
    form = page.locator("form[action$='/served-by']")
    if not form.is_visible():
        page.locator("details:has(form[action$='/served-by']) summary").click()
    form.locator("#map-who").fill(who)
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text(who)


def begin(page: Page) -> None:
    """Take the first pages, from whose hub it is to the first rules."""
    page.locator("#name").fill("Sharma Traders")
    page.get_by_role("button", name="Continue").click()
    page.locator("#code").fill("MAIN")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Products")).to_be_visible()


def make_rules(page: Page) -> None:
    """Say what the first prices are."""
    page.goto("/setup/hub")
    page.locator("#below").fill("12")
    page.locator("#taxes").select_option("none")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="To the first page")).to_be_visible()


@dataclass
class Play:
    """What was found wrong by axe on the way."""

    found: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Have a page looked at as it stands."""
        self.found.extend(barriers(page))


def test_sample_data_is_begun_with_tried_and_removed(open_as: OpenAs, site: Site) -> None:
    word = site.hub.ground.part(PeopleActs).first.make_word()
    assert word is not None
    page, play = open_as("/sign-in", role=None), Play()

    own_hub(page, word)
    play.look(page)
    page.get_by_role("button", name="Begin with sample data").click()
    play.look(page)
    page.get_by_role("link", name="Enter an order").click()
    page.wait_for_load_state()  # until the page hears keys
    expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    page.keyboard.type("corner")
    page.keyboard.press("Enter")
    page.keyboard.type("10*biscuits")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict .ow-entry-total")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f]{8}-"))
    expect(page.get_by_text("nothing here is real")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Ten plus one")
    page.get_by_role("link", name="Look around, or remove it").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Remove the sample data").click()

    expect(page.get_by_role("heading", name="Step 2: whose hub it is")).to_be_visible()
    expect(page.get_by_text("nothing here is real")).to_have_count(0)
    page.goto("/orders?days=0")
    expect(page.locator("tbody tr")).to_have_count(0)
    assert play.found == []


def test_a_new_hub_is_played_from_its_first_word_to_a_hand_over(
    open_as: OpenAs, site: Site, tmp_path: Path
) -> None:
    word = site.hub.ground.part(PeopleActs).first.make_word()
    assert word is not None
    owner, rep, play = open_as("/sign-in", role=None), open_as("/sign-in", role=None), Play()
    products, customers = tmp_path / "products.csv", tmp_path / "customers.csv"
    products.write_text(PRODUCTS)
    customers.write_text(CUSTOMERS)

    own_hub(owner, word)
    play.look(owner)
    begin(owner)
    take_file(owner, "products", products, mended="90.00")
    site.hub.jobs.run_due("test")
    make_rules(owner)
    owner.get_by_role("link", name="To the first page").click()
    expect(owner.get_by_role("heading", name="Home")).to_be_visible()
    play.look(owner)

    take_file(owner, "customers", customers)
    site.hub.jobs.run_due("test")
    owner.goto("/products/RICE/change")
    owner.locator("#f-name").fill("Basmati rice, old crop 1 kg")
    owner.keyboard.press("Control+Enter")
    owner.wait_for_url("**/products/RICE")
    expect(owner.locator("main")).to_contain_text("old crop")

    come_in(rep, "ravi", add_person(owner, "ravi", "sales"))
    add_person(owner, "meena", "sales")
    rep.goto("/customers/new")
    rep.locator("#f-code").fill("N-1")
    rep.locator("#f-name").fill("New Corner")
    rep.locator("#f-phone").fill("9123456780")
    rep.keyboard.press("Control+Enter")
    rep.wait_for_url("**/customers/N-1")
    owner.goto("/customers/N-1")
    play.look(owner)
    owner.get_by_role("button", name="Let pass").click()
    expect(owner.get_by_role("button", name="Let pass")).to_have_count(0)

    for code in ("N-1", "S-1"):
        serve(owner, code, "ravi")
    owner.goto("/customers/hand-over?role=rep&leaving=ravi")
    owner.locator("#f-who").fill("meena")
    play.look(owner)
    owner.keyboard.press("Control+Enter")
    owner.wait_for_url("**/customers?served_by=meena")
    expect(owner.locator("main")).to_contain_text("Gupta Stores")
    expect(owner.locator("main")).to_contain_text("New Corner")
    assert play.found == []
