"""An order sent to another address on its page, and its state in the list, cut where it is long."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders.accessible import barriers
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.peopled_market import open_peopled
from tests.builders.portal import complete_for_gst
from tests.fixtures.browser import OpenAs, Screen, Site
from tests.suites.hub.test_addresses import HERE, keep, placed

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("redirect in chromium")]
NARROW_DESK = Screen(width=1000, height=800)


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role, and a shop with two delivery addresses."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        complete_for_gst(opened)
        keep(opened, "GODOWN", HERE)
        keep(opened, "DEPOT", {**HERE, "address": "3 Mill Lane"})
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def test_goods_are_sent_elsewhere_out_of_the_orders_page(open_as: OpenAs, market: Market) -> None:
    order = placed(market, "GODOWN")
    page = open_as(f"/orders/{order}", role="admin")

    page.locator("summary", has_text="More").first.click()
    page.get_by_role("button", name="Change the delivery address").click()
    dialog = page.locator("#redirect")
    expect(dialog).to_be_visible()
    found = barriers(page)
    dialog.get_by_label("Deliver to").select_option("DEPOT")
    dialog.get_by_label("Reason").fill("The shop is being painted")
    dialog.get_by_role("button", name="Change the delivery address").click()

    expect(page.locator("body")).to_contain_text("3 Mill Lane, Mandya 571401")
    expect(page.locator("del")).to_have_text("GODOWN: 9 Ring Road, Mandya 571401")
    assert found == []


def test_a_long_note_beside_a_state_is_cut_with_dots_and_read_whole_at_the_pointer(
    open_as: OpenAs, market: Market
) -> None:
    order = placed(market, "GODOWN")
    market.orders.cancel(order, by="asha", why="no", of_customer=True)

    page = open_as("/orders", role="admin", screen=NARROW_DESK)
    note = page.locator(".ow-rows .ow-state .ow-sub").first
    expect(note).to_be_visible()
    inside = note.evaluate(
        "one => one.getBoundingClientRect().right"
        " <= one.closest('td').getBoundingClientRect().right"
    )

    assert inside
    assert note.evaluate("one => getComputedStyle(one).textOverflow") == "ellipsis"
    expect(note).to_have_attribute("title", note.inner_text())
