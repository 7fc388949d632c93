"""How many keys the day takes: approving, orders, a count, an order found, a customer read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from tests.builders.delivered import begin
from tests.builders.hands import (
    Keys,
    approve_first,
    choose_customer,
    count_by_scanner,
    find_order_by_phone,
    order_by_names,
    order_by_scanner,
    read_customer,
)
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import FILES, NOON, Market, new_uuid
from tests.builders.peopled_market import open_peopled
from tests.fixtures.browser import OpenAs, Site
from tests.fixtures.trials import Trials

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("keys in chromium")]
NAMES: Final = ("Almond", "Biscuit", "Cashew", "Dates", "Farina", "Ghee", "Jam")


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides, with a user of each role and ten products."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        more = "".join(f"{name.upper()},,{name},food,,none,PCS,\n" for name in NAMES)
        opened.load(products=FILES["products.csv"].replace("4567894", "4567890") + more)
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

    approve_first(keys)

    assert keys.pressed == 2
    assert market.rows("SELECT status FROM order_") == [("allocated",)]


def test_an_order_of_ten_lines_is_entered_by_names_with_eighty_keys(
    open_as: OpenAs, market: Market
) -> None:
    page = open_as("/orders/new", role="sales")
    keys = Keys(page)

    choose_customer(keys, "second")
    order_by_names(keys, [(name[:2].lower(), name) for name in ("Tea", "Rice", "Soap", *NAMES)])

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

    count_by_scanner(keys, "8901234567890", codes, document=frozen.document)

    assert keys.pressed == 3 * batches + 1
    counted = market.rows(
        "SELECT count(*), min(counted), max(counted) FROM stock_document_line "
        "WHERE document_id = :d AND counted IS NOT NULL",
        d=frozen.document,
    )
    assert counted == [(batches, 12, 12)]


def test_an_order_is_found_by_phone_and_a_customer_read_with_few_keys(
    open_as: OpenAs, market: Market
) -> None:
    """Beside the letters of what is sought; and an order of scans is confirmed by one key."""
    change = market.hub.ground.part(CustomerActs).change
    change("C2", {"phone": Change("", "98450 12345")}, by="asha", scope=EVERYTHING)
    page = open_as("/orders/new", role="sales")
    scanning, finding, reading = Keys(page), Keys(page), Keys(page)

    choose_customer(scanning, "second")
    order_by_scanner(scanning, ["8901234567890", "RICE", "SOAP"])
    find_order_by_phone(finding, "98450 12345")
    read_customer(reading, "second", "tea")

    assert scanning.pressed - scanning.typed == 2
    assert finding.pressed - finding.typed <= 4
    assert reading.pressed - reading.typed <= 6


@pytest.mark.parametrize("path", ["/payments/new", "/returns/new"])
def test_the_customer_of_money_and_of_goods_back_is_found_by_name(
    open_as: OpenAs, path: str
) -> None:
    page = open_as(path, role="admin")
    field = page.locator("#f-customer")

    field.press_sequentially("second")
    expect(page.locator("#f-customer-offers [role=option]")).to_have_text("Second Shop (C2)")
    field.press("Enter")

    expect(field).to_have_value("C2")
    expect(page.locator("#f-customer-said strong")).to_have_text("Second Shop")


def test_enter_says_what_to_do_where_a_text_means_several_customers(open_as: OpenAs) -> None:
    """It is heard, too: the field is a combobox that tells which of its list is marked."""
    page = open_as("/payments/new", role="admin")
    field, told = page.locator("#f-customer"), page.locator("#form [data-choose]")
    options = page.locator("#f-customer-offers").get_by_role("option")
    expect(page.get_by_role("combobox", name="Customer", expanded=False)).to_have_count(1)

    field.press_sequentially("shop")
    expect(page.get_by_role("combobox", name="Customer", expanded=True)).to_have_count(1)
    field.press("Enter")
    expect(told).to_be_visible()
    expect(field).to_have_value("shop")
    field.press("ArrowDown")
    field.press("ArrowDown")
    marked = options.nth(1)
    expect(field).to_have_attribute("aria-activedescendant", marked.get_attribute("id") or "")
    expect(marked).to_have_attribute("aria-selected", "true")
    code = marked.get_attribute("value") or ""
    field.press("Enter")

    expect(field).to_have_value(code)
    expect(options).to_have_count(0)
    expect(page.get_by_role("combobox", name="Customer", expanded=False)).to_have_count(1)


def test_enter_before_the_hub_has_answered_is_meant_of_its_answer(open_as: OpenAs) -> None:
    """The list of what was typed before is no answer to it."""
    page = open_as("/payments/new", role="admin")
    field = page.locator("#f-customer")

    field.press_sequentially("shop")
    expect(page.locator("#f-customer-offers [role=option]")).not_to_have_count(0)
    page.keyboard.press("Home")
    page.keyboard.type("second ")
    page.keyboard.press("Enter")

    expect(field).to_have_value("C2")
    expect(page.locator("#f-customer-said strong")).to_have_text("Second Shop")


def test_an_order_goes_back_to_its_customer_where_enter_leaves_several(open_as: OpenAs) -> None:
    page = open_as("/orders/new", role="sales")
    field = page.locator("#f-customer")

    field.press_sequentially("shop")
    field.press("Enter")

    expect(page.locator("#form [data-choose]")).to_be_visible()
    expect(field).to_be_focused()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator("#add")).to_be_focused()
    expect(page.locator(".ow-entry-who")).to_be_visible()


def test_enter_in_a_list_that_stands_already_says_what_to_do_in_an_order_too(
    open_as: OpenAs,
) -> None:
    page = open_as("/orders/new", role="sales")
    field = page.locator("#f-customer")

    field.press_sequentially("shop")
    expect(page.locator("#f-customer-offers [role=option]")).not_to_have_count(0)
    field.press("Enter")

    expect(page.locator("#form [data-choose]")).to_be_visible()
    expect(field).to_be_focused()


def test_enter_takes_goods_that_are_typed_with_a_space_behind_them(open_as: OpenAs) -> None:
    page = open_as("/stock/receive", role="admin")
    cell = page.locator("#code-1")

    cell.press_sequentially("hon ")
    expect(page.locator("#code-1-offers [role=option]")).to_have_count(1)
    cell.press("Enter")

    expect(cell).to_have_value("HONEY")


def test_nobody_is_taken_for_a_customer_that_a_text_only_may_mean(
    open_as: OpenAs, market: Market
) -> None:
    page = open_as("/payments/new", role="admin")

    page.locator("#f-amount").fill("100")
    page.locator("#f-customer").fill("shop")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#f-customer-said")).to_contain_text("Choose the customer first.")
    assert market.rows("SELECT id FROM payment") == []


def test_a_scan_after_a_refused_one_is_not_written_beside_it(
    open_as: OpenAs, market: Market
) -> None:
    wave = begin(market, market.place(("RICE", 2), terminal="shop-2").order)
    page = open_as(f"/deliveries/waves/{wave.wave}", role="admin")
    said = page.get_by_role("alert")

    page.keyboard.type("SOAP\n")
    expect(said).to_have_text("SOAP is not on this pick list")
    page.keyboard.type("HONEY\n")

    expect(said).to_have_text("HONEY is not on this pick list")


def test_a_form_that_opens_takes_keys_at_once_in_what_has_to_be_filled(open_as: OpenAs) -> None:
    page = open_as("/payments/new", role="admin")
    expect(page.locator("#f-customer")).to_be_focused()

    page.goto("/payments/new?fresh=1&customer=C2")
    expect(page.locator("#f-amount")).to_be_focused()
    page.goto("/customers/C2/change")
    expect(page.locator("[data-form] input:not([type=hidden])").first).to_be_focused()
    page.goto("/users/new")
    expect(page.locator("main input[name=name]")).to_be_focused()
    page.goto("/invoices/series?fresh=1")
    expect(page.locator("#f-series")).to_be_focused()


def test_going_back_to_a_form_that_was_refused_once_asks_for_nothing(
    open_as: OpenAs, market: Market
) -> None:
    page = open_as("/payments/new?customer=C2", role="admin")

    page.keyboard.press("Control+Enter")
    expect(page.locator("#form-fault")).to_be_focused()
    page.locator("#f-amount").fill("100")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/payments/1")
    page.go_back()

    expect(page.locator("#f-amount")).to_have_value("")
    assert market.rows("SELECT count(*) FROM payment") == [(1,)]


def test_the_state_of_a_record_follows_what_somebody_else_does(
    open_as: OpenAs, market: Market
) -> None:
    count = market.hub.ground.part(StockActs).count
    key, head = new_uuid(), {"warehouse": "MAIN"}
    frozen = count.freeze(head, category="home", key=key, by="ravi", scope=EVERYTHING)
    assert isinstance(frozen, Posted)
    count.enter(frozen.document, {"1": "4990"}, by="ravi", scope=EVERYTHING)
    page = open_as(f"/stock/documents/{frozen.document}", role="manager")
    state = page.locator("#record-state")
    expect(state).to_have_text("being counted")
    expect(page.locator("#live")).to_have_text("Live")

    count.hand_over(frozen.document, by="ravi", scope=EVERYTHING)

    expect(page.get_by_role("button", name="Let pass")).to_be_visible()
    expect(state).to_have_text("counted, to be decided")
    page.get_by_role("button", name="Refuse").click()
    page.get_by_label("Reason").fill("counted the wrong shelf")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(state).to_have_text("refused")
    expect(page.locator("main")).to_contain_text("counted the wrong shelf")
