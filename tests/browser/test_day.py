"""A whole day of the desk in a real Chromium: goods, orders from every entrance, and a recall."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.accessible import barriers
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import FILES, NOON, Market, packed
from tests.builders.peopled_market import open_peopled
from tests.fixtures.browser import OpenAs, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("day in chromium")]
WAITS = "allocation: [{id: AL-WAIT, when: {sku: TEA}, pick: fefo, short: backorder, wait_days: 10}]"
NEW_TEA = "01089012345678901727063010T-NEW"
"""The GS1 code of a tea: bar code, expiry of 30 June 2027, batch."""


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub of two warehouses that really decides, where tea that is short waits."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        opened.load(
            warehouses=f"{FILES['warehouses.csv']}SIDE,Side store,2\n",
            products=FILES["products.csv"].replace("8901234567894", "8901234567890"),
        )
        opened.publish(packed(2, more=WAITS))
        yield opened


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


def enter_order(page: Page, customer: str, *rows: str) -> None:
    """Enter an order with keys alone, and confirm what it comes to."""
    page.goto("/orders/new")
    page.keyboard.type(customer)
    page.keyboard.press("Enter")
    for row in rows:
        page.keyboard.type(row)
        page.keyboard.press("Enter")
    expect(page.locator(".ow-entry-rows input[name=quantity]")).to_have_count(len(rows))
    expect(page.locator("#verdict .ow-entry-total")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f]{8}-"))


def receive_tea(page: Page, count: int) -> None:
    """Scan a tea, say how many there are, and receive them."""
    page.goto("/stock/receive")
    page.locator("#scan").fill(NEW_TEA)
    page.keyboard.press("Enter")
    expect(page.locator("#batch-1")).to_have_value("T-NEW")
    page.locator("#quantity-1").fill(str(count))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/stock/documents/*")


def statuses(market: Market) -> list[tuple[object, ...]]:
    """Read from where each order came, and where it stands."""
    return market.rows("SELECT source, customer_code, status FROM order_ ORDER BY id")


@dataclass(frozen=True, slots=True)
class Day:
    """A sales desk and a manager at their pages, and what axe found wrong with these so far."""

    market: Market
    sales: Page
    manager: Page
    barriers: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Have a page looked at as it stands."""
        self.barriers.extend(barriers(page))

    def take_orders(self, address: str, file: Path) -> None:
        """Take orders from a counter, from staff, from a program and from a file."""
        expect(self.sales.locator("#live")).to_have_text("Live")
        self.market.place(("TEA", 12), terminal="shop-2")
        expect(self.sales.get_by_role("link", name="shop-2-1", exact=True)).to_be_visible()
        self.look(self.sales)
        enter_order(self.sales, "first shop", "30*RICE")
        tokens = self.market.hub.ground.part(PeopleActs).tokens
        secret = tokens.add("shop", roles=("sales",), by=OPERATOR)
        asked = {"key": "a1", "customer": "C2", "lines": [{"sku": "TEA", "quantity": 200}]}
        who = {"Authorization": f"Bearer {secret}"}
        sent = self.sales.request.post(f"{address}/api/v1/orders", headers=who, data=asked)
        assert sent.status == 201
        self._import(file)

    def _import(self, file: Path) -> None:
        """Take a file of one order, of which a cell is mended on the page."""
        page = self.manager
        file.write_text("order,customer,sku,quantity,payment\nF1,C2,SOAP,1,cash\nF1,C2,HONEY,x,\n")
        page.goto("/imports")
        page.get_by_label("What is in the file").select_option("orders")
        page.locator("#file").set_input_files(file)
        page.get_by_role("button", name="Look what would become of it").click()
        expect(page.get_by_text("row 3 of the same order is wrong")).to_be_visible()
        self.look(page)
        page.get_by_label("Quantity").fill("2")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Quantity")).to_have_count(0)
        page.get_by_role("button", name="Take the rows that can be").click()
        self.market.hub.jobs.run_due("test")

    def decide(self) -> None:
        """Say yes to the first of the inbox: two keys."""
        self.manager.goto("/approvals")
        self.look(self.manager)
        self.manager.keyboard.press("a")
        self.manager.keyboard.press("Enter")
        expect(self.manager.locator("[id^=first-]")).to_have_count(0)

    def pick_a_batch(self) -> None:
        """Have staff add a product to their order, of a batch that they choose."""
        page, order = self.sales, self.sales.url
        page.goto(f"{order}/amend")
        page.keyboard.type("2*TEA")
        page.keyboard.press("Enter")
        page.get_by_label("Batch of Tea", exact=True).select_option("T-NEW")
        why, decision = page.get_by_label("Why this batch of Tea"), page.locator("[name=shown]")
        expect(why).to_be_visible()
        before = decision.input_value()
        why.fill("the shop asked for it")
        expect(decision).not_to_have_value(before)
        self.look(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(order)
        expect(page.get_by_text("the shop asked for it", exact=True)).to_be_visible()

    def send_to_the_other_store(self) -> None:
        """Send soap to the other store, where less of it arrives."""
        page = self.manager
        page.goto("/stock/transfer")
        page.locator("#f-to_warehouse").select_option("SIDE")
        page.locator("#f-due").fill("2026-11-25")
        page.locator("#code-1").fill("SOAP")
        page.locator("#batch-1").fill("S1")
        page.locator("#quantity-1").fill("100")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/stock/documents/*")
        page.get_by_role("link", name="Take what arrived").click()
        page.locator("#line_1").fill("98")
        self.look(page)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/stock/documents/\d+$"))

    def call_back(self, batch: str) -> None:
        """Call a batch back; the first page says that orders still hold it."""
        page = self.manager
        ((number,),) = self.market.rows("SELECT id FROM batch WHERE code = :b", b=batch)
        page.goto(f"/stock/batches/{number}/recall")
        page.get_by_label("Remark").fill("glass found")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: not url.endswith("/recall"))
        page.goto("/")
        self.look(page)
        page.get_by_role("link", name="1 batch called back that orders still hold").click()
        expect(page.get_by_role("link", name=batch)).to_be_visible()
        self.look(page)


def test_a_day_from_the_first_receipt_to_a_recall(
    open_as: OpenAs, market: Market, address: str, tmp_path: Path
) -> None:
    day = Day(market, open_as("/orders", role="sales"), open_as("/", role="manager"))

    receive_tea(day.manager, 10)
    day.take_orders(address, tmp_path / "orders.csv")
    taken = statuses(market)
    day.decide()
    receive_tea(day.manager, 150)
    market.hub.jobs.run_due("test")
    filled = statuses(market)
    day.pick_a_batch()
    day.send_to_the_other_store()
    day.call_back("T-NEW")

    assert taken == [
        ("terminal", "C2", "allocated"),
        ("staff", "C1", "held"),
        ("api", "C2", "confirmed"),
        ("import", "C2", "allocated"),
    ]
    assert [status for *_, status in filled] == ["allocated"] * 4
    assert day.barriers == []
    assert market.broken() == set()
