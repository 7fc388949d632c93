"""Pages of money where they are narrow: beside the menu of a small screen, and on paper."""

from typing import Final

import pytest
from playwright.sync_api import FloatRect, Locator

from tests.builders.market import Market
from tests.builders.money import billed, delivered
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import OpenAs, Screen

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("pages in chromium")]

SMALL: Final = Screen(width=768, height=900)
SHEET: Final = Screen(width=703, height=1032)
"""What fits between the margins of A4."""
READABLE: Final = 120


def box_of(found: Locator) -> FloatRect:
    """Give where an element stands."""
    box = found.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("locale", ["en-US", "hi-IN"])
def test_the_lines_of_an_invoice_are_read_beside_the_menu_of_a_small_screen(
    open_as: OpenAs, market: Market, locale: str
) -> None:
    made = billed(market, delivered(market, ("TEA", 5)))

    page = open_as(f"/invoices/{made.invoice}", role="admin", screen=SMALL, locale=locale)

    name = page.locator("main table tbody tr td").first
    assert box_of(name)["width"] > READABLE
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL.width


def test_the_lines_of_an_invoice_have_the_width_of_the_paper(
    open_as: OpenAs, market: Market
) -> None:
    made = billed(market, delivered(market, ("TEA", 5)))
    page = open_as(f"/invoices/{made.invoice}", role="admin", screen=SHEET)

    page.emulate_media(media="print")

    lines, facts = page.locator("main table").first, page.locator("main .ow-facts").last
    assert box_of(lines)["width"] > SHEET.width * 0.9
    assert box_of(facts)["y"] > box_of(lines)["y"] + box_of(lines)["height"]


def test_no_age_of_what_customers_owe_is_cut_off_on_paper(open_as: OpenAs, market: Market) -> None:
    billed(market, delivered(market, ("TEA", 5)))
    page = open_as("/accounts/ageing", role="admin", screen=SHEET)

    page.emulate_media(media="print")

    cut = page.locator("main .ow-scroll").evaluate("one => getComputedStyle(one).overflowX")
    assert cut == "visible"
