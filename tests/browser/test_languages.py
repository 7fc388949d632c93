"""Switching the language of the pages in a real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders.order_records import put_order
from tests.fixtures.browser import PHONE, USERS, OpenAs, Screen, Site, enter

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]


def expect_language(page: Page, language: str, heading: str) -> None:
    """Look at the page's language, and at one word of it."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_text(heading)


def more(page: Page) -> None:
    """Unfold the rest of the menu where the screen is a phone's."""
    page.wait_for_load_state()  # until the page hears clicks
    button = page.get_by_role("button", name="और", exact=True)
    if button.is_visible():
        button.click()


@pytest.mark.parametrize("screen", [Screen(), PHONE], ids=["wide", "phone"])
def test_the_chosen_language_stays_over_pages_and_sessions(open_as: OpenAs, screen: Screen) -> None:
    page = open_as("/sign-in", role=None, screen=screen)

    page.get_by_role("button", name="हिंदी").click()
    expect_language(page, "hi", "लॉग इन करें")
    enter(page, USERS["sales"])
    expect_language(page, "hi", "मुख्य पेज")
    more(page)
    page.get_by_text("नेटवर्क").locator("visible=true").click()
    page.get_by_role("link", name="टर्मिनल").click()
    expect_language(page, "hi", "टर्मिनल")
    more(page)
    page.get_by_role("button", name="लॉग आउट").click()
    expect_language(page, "hi", "लॉग इन करें")
    enter(page, USERS["manager"])
    expect_language(page, "hi", "मुख्य पेज")

    page.goto("/orders?days=30")
    more(page)
    page.get_by_role("button", name="English").click()

    expect_language(page, "en", "Orders")
    expect(page).to_have_url(page.url)
    assert page.url.endswith("/orders?days=30")


def test_what_the_page_writes_by_itself_is_in_its_language(open_as: OpenAs, site: Site) -> None:
    put_order(site.shelves)
    page = open_as("/orders", locale="hi-IN")
    ago = page.locator("td time[data-ago]")
    lamp = page.locator(".ow-live")
    drawn = ago.text_content()

    page.evaluate("""() => {
      for (const time of document.querySelectorAll("time[data-ago]")) time.textContent = "?";
      document.dispatchEvent(new Event("htmx:after:swap"));
    }""")

    assert drawn == "1\u00a0मिनट पहले"
    expect(ago).to_have_text("1\u00a0मिनट पहले")
    expect(lamp).to_have_text("चालू")
