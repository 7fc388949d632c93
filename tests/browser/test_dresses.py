"""Every page in one more dress than light English: in the dark, in Hindi, or on a phone."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.builders.accessible import barriers
from tests.builders.addresses import MATRIX
from tests.builders.order_records import SampleOrder, put_order
from tests.fixtures.browser import DARK, PHONE, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("pages in chromium")]

DRESSES: Final[dict[str, tuple[Screen, str]]] = {
    "dark": (DARK, "en-US"),
    "hindi": (Screen(), "hi-IN"),
    "phone": (PHONE, "en-US"),
}
NO_PAGES: Final = ("/api/", "/live", "/health", "/setup", "/https", "/invoices/gstr1.csv", "/field")
"""Addresses that are no page of the frame; the phone's own page has its own test."""
SHORT: Final = Screen(width=1366, height=768)


def pages() -> Iterator[str]:
    """Give every page of the matrix that needs no record, in its order."""
    for one in MATRIX:
        method, path = one.split(" ")
        is_own = path.startswith(NO_PAGES) and not path.startswith("/field/")
        if method == "GET" and "{" not in path and "." not in path and not is_own:
            yield path


@pytest.mark.parametrize("turn", range(len(DRESSES)), ids=list(DRESSES))
def test_no_page_in_its_other_dress_is_a_barrier(open_as: OpenAs, site: Site, turn: int) -> None:
    order = put_order(site.shelves, SampleOrder(status="held", customer="C-001"))
    records = (f"/orders/{order}", "/customers/C-001", "/packs/7", "/terminals/shop-1", "/users/1")
    screen, locale = tuple(DRESSES.values())[turn]
    page = open_as("/me", role="admin", screen=screen, locale=locale)
    mine = tuple(chain(pages(), records))[turn :: len(DRESSES)]

    found = [fault for path in mine for fault in _look(page, path, screen)]

    assert found == []


def _look(page: Page, path: str, screen: Screen) -> list[str]:
    """Open a page as a whole; gives what is in somebody's way there."""
    answer = page.goto(path)
    if answer is None or not answer.ok or "html" not in answer.headers["content-type"]:
        return []  # no page, or what is not there yet: the first order to decide, as one
    page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*barriers(page), *([f"{path}: {width} wide"] if width > screen.width else [])]


def test_all_jobs_of_the_menu_are_reached_by_keyboard_without_scrolling(open_as: OpenAs) -> None:
    page = open_as("/", role="admin", screen=SHORT)
    menu = page.get_by_role("navigation", name="Pages", exact=True)

    for area in ("Bills and money", "Field and targets", "Network"):
        menu.locator("summary", has_text=area).focus()
        page.keyboard.press("Enter")
        expect(menu.locator("details[open]")).to_have_count(1)
        assert menu.evaluate("one => one.scrollHeight <= one.clientHeight"), area
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Terminals")
    expect(menu.get_by_role("link", name="Terminals")).to_be_visible()
