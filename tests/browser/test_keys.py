"""How many keys the day's work takes: approving, an order by names, a count by scanner."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import FILES, NOON, Market, new_uuid, open_copy
from tests.fixtures.browser import ROLES, USERS, OpenAs, Site
from tests.fixtures.trials import Trials

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("keys in chromium")]
GS: Final = "\x1d"
NAMES: Final = ("Almond", "Biscuit", "Cashew", "Dates", "Farina", "Ghee", "Jam")


class Keys:
    """A keyboard that counts what a person presses; a scanner's keys are nobody's."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        """Press one key, or several together."""
        self.pressed += 1
        self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.pressed += len(text)
        self._page.keyboard.type(text)

    def scan(self, code: str) -> None:
        """Have a scanner type a code and end it with Enter."""
        self._page.keyboard.type(code)
        self._page.keyboard.press("Enter")


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides, with a user of each role and ten products."""
    with open_copy(sqlite_market, tmp_path) as opened:
        more = "".join(f"{name.upper()},,{name},food,,none,PCS,\n" for name in NAMES)
        opened.load(products=FILES["products.csv"].replace("4567894", "4567890") + more)
        for role, name in USERS.items():
            Shelves(opened.database).user(name, *ROLES[role])
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def test_the_first_of_the_inbox_is_approved_with_two_keys(open_as: OpenAs, market: Market) -> None:
    asked = AskedOrder(new_uuid(), "staff", "C1", (AskedLine("RICE", 30),))
    placed = market.orders.place(asked, by=Requester("user", "sunil"), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    page = open_as("/approvals", role="manager")
    keys = Keys(page)

    keys.press("a")
    keys.press("Enter")
    expect(page.locator("[id^=first-]")).to_have_count(0)

    assert keys.pressed == 2
    assert market.rows("SELECT status FROM order_") == [("allocated",)]


def test_an_order_of_ten_lines_is_entered_by_names_with_eighty_keys(
    open_as: OpenAs, market: Market
) -> None:
    page = open_as("/orders/new", role="sales")
    keys, rows = Keys(page), page.locator(".ow-entry-rows input[name=quantity]")
    expect(page.get_by_label("Customer")).to_be_focused()

    keys.type("second")
    keys.press("Enter")
    for place, name in enumerate(("Tea", "Rice", "Soap", *NAMES), 1):
        keys.type(f"3*{name[:2].lower()}")
        page.get_by_role("option", name=name).wait_for()
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(rows).to_have_count(place)
    keys.press("Control+Enter")
    page.wait_for_url("**/orders/0*")

    assert keys.pressed <= 80
    assert market.rows("SELECT count(*) FROM order_line WHERE NOT free") == [(10,)]


def test_batches_are_counted_by_scanner_with_three_keys_each(
    open_as: OpenAs, market: Market, trials: Trials
) -> None:
    """Fifty of them in a long run: a page of the browser takes half a second for each."""
    batches = 50 if trials.long else 8
    acts = market.hub.ground.part(StockActs)
    codes = [f"B{number:02}" for number in range(batches)]
    main = {"warehouse": "MAIN"}
    market.change(
        "UPDATE batch SET on_hand = 0 WHERE product_id IN "
        "(SELECT id FROM product WHERE sku = 'TEA')"
    )
    rows = [
        {"code": "TEA", "batch": code, "quantity": "12", "expiry": "2027-06-30"} for code in codes
    ]
    received = acts.receive(main, rows, key=new_uuid(), by="asha", scope=EVERYTHING)
    assert isinstance(received, Posted)
    frozen = acts.count.freeze(main, category="drinks", key=new_uuid(), by="asha", scope=EVERYTHING)
    assert isinstance(frozen, Posted)
    page = open_as(f"/stock/documents/{frozen.document}/count", role="manager")
    keys = Keys(page)

    for place, code in enumerate(codes, 1):
        keys.type("12*")
        keys.scan(f"]C1010{'8901234567890'}17270630" + f"10{code}")
        expect(page.locator(f"#batch-{place}")).to_have_value(code)
        expect(page.locator("#scan")).to_be_focused()
    keys.press("Control+Enter")
    page.wait_for_url(f"**/stock/documents/{frozen.document}")

    assert keys.pressed == 3 * batches + 1
    counted = market.rows(
        "SELECT count(*), min(counted), max(counted) FROM stock_document_line "
        "WHERE document_id = :d AND counted IS NOT NULL",
        d=frozen.document,
    )
    assert counted == [(batches, 12, 12)]
