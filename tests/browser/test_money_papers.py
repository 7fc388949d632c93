"""Files of invoices ticked in their list, and the month for the return of sales, in Chromium."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub.base.access import EVERYTHING
from tests.builders.accessible import barriers
from tests.builders.delivered import begin
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.money import BY, billed, invoices_of
from tests.builders.peopled_market import open_peopled
from tests.builders.portal import complete_for_gst
from tests.fixtures.browser import PHONE, READS_BARS, OpenAs, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("money in chromium")]


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role, and three invoices, the second of them cancelled."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        complete_for_gst(opened)
        opened.change("UPDATE product SET hsn = '0902' WHERE sku = 'TEA'")
        made = [billed(opened, opened.place((sku, 2)).order) for sku in ("TEA", "SOAP", "TEA")]
        invoices_of(opened).cancel(made[1].invoice, why="wrong shop", by=BY, scope=EVERYTHING)
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def test_the_files_of_ticked_invoices_are_saved_as_one(open_as: OpenAs) -> None:
    page = open_as("/invoices", role="admin")

    page.locator("tbody input[name=key]").nth(0).check()
    page.locator("tbody input[name=key]").nth(2).check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="PDF files").click()

    with zipfile.ZipFile(saved.value.path()) as packed:
        names = packed.namelist()
        assert all(packed.read(one).startswith(b"%PDF") for one in names)
    assert len(names) == 2
    assert page.locator("tbody input[name=key]:checked").count() == 2


@pytest.mark.parametrize("locale", ["en-US", "hi-IN"])
def test_the_month_for_the_return_is_reached_from_the_list_and_read_by_everybody(
    open_as: OpenAs, locale: str
) -> None:
    page = open_as("/invoices", role="admin", locale=locale)
    page.locator("a[href='/invoices/gstr1']").click()
    page.locator("#month").fill("2026-11")
    page.locator("main form button").click()

    expect(page.locator("section").last).to_contain_text("INV26-27/000003")
    expect(page.locator("section").nth(1)).to_contain_text("0902")
    assert barriers(page) == []
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picker_scans_with_the_phone_code_after_code(open_as: OpenAs, market: Market) -> None:
    wave = begin(market, market.place(("RICE", 3)).order).wave
    page = open_as("/", role="manager", screen=PHONE)
    page.context.grant_permissions(["camera"])
    page.add_init_script(READS_BARS)
    page.goto(f"/deliveries/waves/{wave}")
    said = page.locator(".ow-camera p")

    page.get_by_role("button", name="Scan", exact=True).click()
    page.evaluate("window.shown = ['RICE']")
    expect(said).to_contain_text("1 picked: RICE")
    page.evaluate("window.shown = ['SOAP']")
    expect(said).to_contain_text("SOAP is not on this pick list")
    page.get_by_role("button", name="Close", exact=True).last.click()

    assert market.rows("SELECT sum(picked) FROM delivery_line") == [(1,)]
    page.reload()
    expect(page.locator(".ow-camera")).to_have_count(0)
