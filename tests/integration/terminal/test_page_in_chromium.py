"""The terminal's own page, opened and used in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.fixtures.counter_process import CounterProcess
from tests.fixtures.shops import COLA, Shop, catalogue_of, product

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("page in chromium")]

HOSTILE = "<img src=x onerror=alert(1)> Cola"


@pytest.fixture
def hostile_shop(shop: Shop) -> Shop:
    """Give the shop with a product whose name is markup."""
    catalogue = catalogue_of(product("COLA-600", HOSTILE, COLA), product("TEA-250", "Assam tea"))
    return Shop(shop.pack, catalogue)


@pytest.fixture
def page(chromium: Browser, hostile_shop: Shop, tmp_path: Path) -> Iterator[Page]:
    """Open the page of a running terminal; it must log no error."""
    process = CounterProcess(tmp_path)
    hostile_shop.settle(process.data)
    process.start()
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(message.text)

    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{process.page}/")
    yield page
    context.close()
    process.close()
    assert faults == []


def test_an_order_is_typed_shown_and_submitted(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("Ready: scan a product")
    page.get_by_label("Code").fill(COLA)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill("qty-12")
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill("TEA-250")
    page.get_by_role("button", name="Enter").click()

    expect(page.get_by_role("row", name="12 <img")).to_contain_text("457.20")
    expect(page.get_by_role("row", name="Assam tea")).to_contain_text("no price")
    expect(page.get_by_role("row", name="Provisional total")).to_contain_text("INR 480.06")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("status")).to_contain_text("Order shop-1-00001 stored")
    expect(page.get_by_text("Orders without an answer: 1")).to_be_visible()


def test_cases_and_coupons_are_shown_as_they_were_asked_for(page: Page) -> None:
    for code in (COLA, "qty-2", "unit-case", "COUPON:EASTER"):
        page.get_by_label("Code").fill(code)
        page.keyboard.press("Enter")

    expect(page.get_by_role("row", name="2 CASE = 24 <img")).to_contain_text("914.40")
    notes = page.locator("#near").get_by_role("listitem")
    expect(notes.nth(0)).to_have_text("Payment: on credit")
    expect(notes.nth(1)).to_have_text("Coupon EASTER")
    expect(notes.nth(2)).to_have_text("no scheme knows the coupon EASTER")


def test_an_unknown_code_is_shown_as_an_error(page: Page) -> None:
    page.get_by_label("Code").fill("NO-SUCH-THING")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Not in the catalogue: NO-SUCH-THING")
    expect(page.locator("#headline")).to_have_class("red")
    expect(page.get_by_label("Code")).to_be_focused()
