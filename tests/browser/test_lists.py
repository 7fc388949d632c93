"""Lists under the hand of somebody: rows keep their place, and the keyboard reaches everything."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.reasons import Reason
from rules import ApprovalNeed, Minor
from tests.builders.late_answers import LateAnswer
from tests.builders.legible import faults_on
from tests.builders.order_records import SampleOrder, put_order
from tests.fixtures.browser import NARROW, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
OVER = "credit_limit_exceeded"
NEED = ApprovalNeed(OVER, "AP-CREDIT", (("manager",),), Minor(132_200))
HELD = SampleOrder(status="held", needs=(NEED,), reasons=(Reason(OVER, {"text": "too much"}),))

SMALL: str = """() => [...document.querySelectorAll("main button, main .btn, .ow-bottom a")]
  .filter((one) => one.checkVisibility() && !one.closest("details:not([open])"))
  .map((one) => one.getBoundingClientRect())
  .filter((box) => box.height < 43.5).length"""

GOES_ON: str = """() => {
  document.querySelector("[data-asks]").form.elements.content.value = "that of the next revision";
}"""


OF_ORDERS = re.compile(r"/orders\?|/orders$")


def _live(page: Page) -> None:
    expect(page.locator("#live")).to_have_text("Live")


def test_rows_keep_their_place_under_the_hand_and_new_ones_wait(
    open_as: OpenAs, site: Site
) -> None:
    first = put_order(site.shelves)
    page = open_as("/orders")
    _live(page)
    row = page.locator(f"#orders-{first}")
    row.hover()
    place = row.bounding_box()

    put_order(site.shelves)
    site.hub.ground.part(OrderActs).hold(first, by="meena", why="new address")

    news = page.get_by_role("button", name="1 new, show")
    expect(news).to_be_visible()
    expect(row).to_contain_text("Held")
    box = row.bounding_box()
    assert box is not None
    assert place is not None
    assert box["height"] == place["height"]
    assert page.locator("tr[data-row]").count() == 1
    assert faults_on(page, Screen()) == []
    news.click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    expect(news).to_be_hidden()


def test_an_answer_that_comes_late_is_not_written_over_a_newer_one(
    open_as: OpenAs, site: Site
) -> None:
    first = put_order(site.shelves)
    page = open_as("/orders")
    _live(page)
    row = page.locator(f"#orders-{first}")
    row.hover()
    late = LateAnswer(page, OF_ORDERS)
    orders = site.hub.ground.part(OrderActs)
    orders.hold(first, by="meena", why="new address")
    late.await_hub()

    orders.cancel(first, by="meena", why="nobody is there")
    expect(row).to_contain_text("Cancelled")
    with page.expect_response(OF_ORDERS):
        late.arrive()
    page.evaluate("new Promise((go) => setTimeout(go, 0))")

    expect(row).to_contain_text("Cancelled")


def test_what_changed_while_a_search_was_on_its_way_is_seen_in_what_it_found(
    open_as: OpenAs, site: Site
) -> None:
    first = put_order(site.shelves)
    page = open_as("/orders")
    _live(page)
    late = LateAnswer(page, OF_ORDERS)
    page.get_by_role("searchbox").fill("shop-1")
    late.await_hub()
    row = page.locator(f"#orders-{first}")
    row.hover()

    site.hub.ground.part(OrderActs).cancel(first, by="meena", why="nobody is there")
    expect(row).to_contain_text("Cancelled")
    late.arrive()

    page.wait_for_url("**/orders?*q=shop-1*")
    expect(row).to_contain_text("Cancelled")


def test_an_answer_that_comes_under_the_hand_is_written_into_the_rows_that_are_there(
    open_as: OpenAs, site: Site
) -> None:
    first = put_order(site.shelves)
    page = open_as("/orders")
    _live(page)
    late = LateAnswer(page, OF_ORDERS)
    put_order(site.shelves)
    site.hub.ground.part(OrderActs).hold(first, by="meena", why="new address")
    late.await_hub()
    row = page.locator(f"#orders-{first}")
    row.hover()

    late.arrive()

    expect(page.get_by_role("button", name="1 new, show")).to_be_visible()
    expect(row).to_contain_text("Held")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_a_list_under_the_hand_asks_who_is_there_once_its_session_has_ended(
    open_as: OpenAs, site: Site
) -> None:
    first = put_order(site.shelves)
    page = open_as("/orders")
    page.route("**/live?*", lambda route: route.fulfill(status=204))  # the stream tells nothing
    page.reload()
    page.locator(f"#orders-{first}").hover()
    page.context.clear_cookies()

    page.evaluate("htmx.trigger('#live', 'orders')")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_row_that_is_chosen_stays_chosen_while_the_list_goes_on(
    open_as: OpenAs, site: Site
) -> None:
    held = put_order(site.shelves, HELD)
    page = open_as("/approvals", role="manager")
    _live(page)
    page.locator(f"#approvals-{held}").get_by_role("checkbox").check()

    put_order(site.shelves, HELD)
    site.hub.ground.changes.publish("orders")

    expect(page.get_by_role("button", name="1 new, show")).to_be_visible()
    expect(page.locator(f"#approvals-{held}").get_by_role("checkbox")).to_be_checked()
    page.locator("#approvals-bulk").get_by_role("button", name="Release").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release: 1 record")


def test_a_first_choice_moves_no_row_under_the_hand_and_is_sent_by_key(
    open_as: OpenAs, site: Site
) -> None:
    held = put_order(site.shelves, HELD)
    page = open_as("/approvals", role="manager")
    row = page.locator(f"#approvals-{held}")
    before = row.bounding_box()

    row.get_by_role("checkbox").check()

    step = page.locator("#approvals-bulk").get_by_role("button", name="Release")
    expect(step).to_be_visible()
    assert row.bounding_box() == before
    step.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release: 1 record")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Release: 1 done")


def test_what_is_chosen_is_added_up_and_written_as_the_hub_writes_amounts(
    open_as: OpenAs, site: Site
) -> None:
    for payable in (12_500_050, 90_000_000):
        put_order(site.shelves, SampleOrder(payable=payable))
    with site.shelves.database.write() as connection:
        connection.exec_driver_sql("UPDATE order_revision SET currency = 'BDT'")
        connection.commit()
    page = open_as("/invoices/to-bill", role="admin")
    boxes, told = page.locator("tr[data-row] [name=key]"), page.locator("[data-sum]")

    boxes.nth(0).check()
    expect(told).to_have_text(re.compile(r"^৳(1,25,000\.50|9,00,000\.00)$"))
    boxes.nth(1).check()

    expect(told).to_have_text("৳10,25,000.50")


def test_the_keyboard_leads_from_page_to_row_to_decision_and_on(
    open_as: OpenAs, site: Site
) -> None:
    uuids = [put_order(site.shelves, HELD) for _ in range(2)]
    page = open_as("/", role="manager")

    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/approvals")  # and until the page hears keys
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders to decide")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{uuids[0]}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Approve, after a question")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_contain_text("Release shop-1-1?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_yes_is_to_nothing_else_that_has_come_beneath_the_question(
    open_as: OpenAs, site: Site
) -> None:
    uuid = put_order(site.shelves, HELD)
    page = open_as(f"/orders/{uuid}", role="manager")
    _live(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_contain_text("Release shop-1-1?")
    page.evaluate(GOES_ON)

    page.get_by_role("button", name="Yes").click()
    page.reload()

    expect(page.get_by_label("Status").get_by_text("Held")).to_be_visible()
    assert sent == []


def test_the_box_finds_an_order_and_a_page_without_a_mouse(open_as: OpenAs, site: Site) -> None:
    uuid = put_order(site.shelves, SampleOrder(customer="C-002", terminal="shop-2"))
    page = open_as("/packs")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Find an order or a page")
    expect(box).to_be_focused()
    box.press_sequentially("noor")
    expect(page.locator("#found [data-of=noor]").get_by_role("option")).to_have_count(3)
    page.keyboard.press("ArrowDown")  # the customer
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/orders/{uuid}")


def test_enter_before_the_box_has_found_anything_opens_nothing_of_what_was_there(
    open_as: OpenAs, site: Site
) -> None:
    put_order(site.shelves, SampleOrder(customer="C-002", terminal="shop-2"))
    page = open_as("/packs")
    page.keyboard.press("Control+k")
    expect(page.locator("#found").get_by_role("option").first).to_be_visible()
    page.context.route("**/find?q=noor", hold_of_the_box)

    page.keyboard.type("noor")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/find\?q=noor$"))
    expect(page.get_by_role("main").get_by_role("link", name="shop-2-1")).to_be_visible()


KEY_AT_ONCE = """
document.addEventListener("DOMContentLoaded", () => document.dispatchEvent(
  new KeyboardEvent("keydown", {key: "k", ctrlKey: true, bubbles: true}),
));
"""


def test_a_box_that_a_key_opens_as_soon_as_the_page_is_there_finds_what_it_offers(
    open_as: OpenAs,
) -> None:
    page = open_as("/packs")
    page.add_init_script(KEY_AT_ONCE)

    page.reload()

    expect(page.locator("#found").get_by_role("option").first).to_be_visible()


def hold_of_the_box(route: Route) -> None:
    """Have the hub answer the page itself alone, and the box never."""
    if route.request.is_navigation_request():
        route.continue_()


def test_sorting_filtering_and_a_saved_view_stay_in_the_address(
    open_as: OpenAs, site: Site
) -> None:
    put_order(site.shelves, SampleOrder(payable=500_000))
    put_order(site.shelves, SampleOrder(payable=100_000))
    put_order(site.shelves, HELD)
    page = open_as("/orders?status=allocated")
    page.get_by_role("link", name="Total").click()
    expect(page.get_by_role("columnheader", name="Total")).to_have_attribute(
        "aria-sort", "ascending"
    )

    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Total, up to").fill("2,000")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Save this view as").fill("Small ones")
    page.get_by_role("button", name="Save the view").click()
    page.goto("/orders")
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="Small ones").click()

    expect(page).to_have_url(re.compile("payable_to=2000"))
    page.get_by_role("link", name="Take the filter off: Total").click()
    expect(page).not_to_have_url(re.compile("payable_to"))


@pytest.mark.parametrize("path", ["/orders", "/approvals", "/"])
def test_a_narrow_phone_has_targets_for_a_thumb(open_as: OpenAs, site: Site, path: str) -> None:
    put_order(site.shelves, HELD)
    page = open_as(path, role="manager", screen=NARROW)

    assert page.evaluate(SMALL) == 0
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("dialog").locator("summary", has_text="Network").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Terminals")).to_be_visible()
    assert page.evaluate(SMALL) == 0


def test_the_menu_folds_and_stays_folded(open_as: OpenAs) -> None:
    page = open_as("/orders")
    main = page.locator("main")
    wide = main.bounding_box()

    page.get_by_role("button", name="Fold the menu").click()
    page.goto("/terminals")

    narrow = main.bounding_box()
    assert wide is not None
    assert narrow is not None
    assert narrow["width"] > wide["width"] + 100
    expect(page.get_by_role("link", name="Orders", exact=True)).to_be_visible()


def test_a_long_list_is_printed_from_its_first_page_on(open_as: OpenAs, site: Site) -> None:
    """Forty rows are two sheets of A4, not an empty one and two; what is only asked stays away."""
    for _ in range(40):
        put_order(site.shelves)
    page = open_as("/orders")

    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    page.emulate_media(media="print")
    shown = [page.locator(one).first.is_visible() for one in ("tr[data-row]", ".ow-tools")]
    page.goto("/customers/C-001")
    asked = page.get_by_label("Price for this customer").is_visible()

    assert sheets == 2
    assert (*shown, asked) == (True, False, False)
