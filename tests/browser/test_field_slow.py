"""A phone on which all takes long, in Chromium: who goes on meanwhile loses nothing typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from hub.base.access import EVERYTHING
from tests.builders.field_team import REP, field_of
from tests.builders.market import Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    told_again,
)
from tests.fixtures.browser import PHONE, OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
LOOKS_FOR_THE_PLACE = """() => {
  navigator.geolocation.getCurrentPosition = (give) => {
    const coords = {latitude: 12.9716, longitude: 77.5946, accuracy: 10};
    window.findPlace = () => give({coords, timestamp: Date.now()});
  };
}"""
KEEPS_SLOWLY = """() => {
  const keep = fieldStore.keep;
  const isOver = new Promise((resolve) => { window.goOn = resolve; });
  fieldStore.keep = async (...all) => { await isOver; return keep(...all); };
}"""
READS_DRAFTS_SLOWLY = """() => {
  const kept = fieldStore.kept;
  const isOver = new Promise((resolve) => { window.goOn = resolve; });
  fieldStore.kept = (name) => name.startsWith("draft:") ? isOver : kept(name);
}"""
ADDS_SLOWLY = """() => {
  const add = fieldStore.add;
  const isOver = new Promise((resolve) => { window.goOn = resolve; });
  fieldStore.add = async (...all) => { await isOver; return add(...all); };
}"""
HEARS_LATE = """async () => {
  const ask = window.fetch;
  let hold;
  const isHeld = new Promise((resolve) => { hold = resolve; });
  window.fetch = async (address, ...more) => {
    const answer = await ask(address, ...more);
    if (address.startsWith("/field/snapshot") && !window.goOn) {
      await new Promise((resolve) => { window.goOn = resolve; hold(); });
    }
    return answer;
  };
  await fieldStore.forget("mark");
  window.early = fieldSync.again();
  await isHeld;
}"""
TYPES_AT_ONCE = """() => {
  const view = document.getElementById("view");
  let isTyped = false;
  new MutationObserver(() => {
    const name = view.querySelector("input[type=text]");
    if (name && !isTyped) [name.value, isTyped] = ["Corner Stall", true];
  }).observe(view, {childList: true});
  location.hash = "#/new";
}"""
GO_WHILE_THE_HUB_TELLS = """async () => {
  const read = fieldStore.all;
  let reads = 0;
  let goOn;
  const told = new Promise((resolve) => { goOn = resolve; });
  fieldStore.all = async () => {
    reads += 1;
    if (reads === 1) await told;  // the read of who goes to the form
    const rows = await read();
    if (reads > 1) setTimeout(goOn, 0);  // the read of who heard the hub has ended before
    return rows;
  };
  let isTyped = false;
  new MutationObserver(() => {
    const [phone] = document.querySelectorAll("#view input[type=tel]");
    if (phone && !isTyped) [phone.value, isTyped] = ["9845012345", true];
  }).observe(document.getElementById("view"), {childList: true});
  location.hash = "#/edit/C2";
  await new Promise((resolve) => addEventListener("hashchange", resolve, {once: true}));
  fieldSync.soon();
  await told;
}"""


def hold(page: Page, address: str) -> Callable[[], None]:
    """Hold what the phone asks of an address; gives what lets it go, and all that is asked then."""
    held: list[Route] = []
    is_over = False

    def keep_waiting(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            held.append(route)

    def let_go() -> None:
        nonlocal is_over
        is_over = True
        for route in held:
            route.continue_()

    page.context.route(address, keep_waiting)
    return let_go


def find_place(page: Page) -> None:
    """Have the phone find at last where it is."""
    page.wait_for_function("'findPlace' in window")
    page.evaluate("findPlace()")


def test_what_is_typed_at_once_stands_though_the_hub_tells_meanwhile(phone: Open) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    expect(page.get_by_role("link", name="Change facts")).to_be_visible()

    page.evaluate(GO_WHILE_THE_HUB_TELLS)
    page.wait_for_function("document.activeElement.id === 'view'")

    expect(page.get_by_label("Phone")).to_have_value("9845012345")


def test_what_is_typed_stands_though_the_place_of_a_visit_is_found_late(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.evaluate(LOOKS_FOR_THE_PLACE)
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("link", name="Take money").click()
    page.get_by_label("Amount").fill("20.00")

    find_place(page)
    sent(page, 1)

    expect(page.get_by_label("Amount")).to_have_value("20.00")
    page.get_by_role("button", name="Keep").click()
    sent(page, 2)
    assert market.rows("SELECT amount FROM payment") == [(2_000,)]
    assert market.rows("SELECT count(*) FROM visit") == [(1,)]


def test_who_has_gone_on_is_not_taken_away_once_the_place_of_a_new_outlet_is_found(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.evaluate(LOOKS_FOR_THE_PLACE)
    page.goto("/field#/new")
    page.get_by_label("Name").fill("Corner Stall")
    page.get_by_role("button", name="Keep").click()
    page.goto("/field#/collect/C2")
    page.get_by_label("Amount").fill("20.00")

    find_place(page)
    sent(page, 1)

    expect(page.get_by_label("Amount")).to_have_value("20.00")
    assert market.rows("SELECT count(*) FROM party WHERE name = 'Corner Stall'") == [(1,)]


def test_a_view_that_is_there_late_takes_no_focus_from_the_one_that_was_gone_to(
    phone: Open,
) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    expect(page.get_by_role("link", name="Take money")).to_be_visible()
    page.evaluate(READS_DRAFTS_SLOWLY)
    page.goto("/field#/order/C2")
    page.goto("/field#/collect/C2")
    expect(page.locator("#view")).to_be_focused()
    page.get_by_label("Amount").focus()

    page.evaluate("goOn()")
    page.evaluate("new Promise((go) => setTimeout(go, 0))")

    expect(page.get_by_label("Amount")).to_be_focused()


def test_what_is_typed_stands_though_the_end_of_a_visit_is_kept_late(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    page.get_by_label("How did it end?").focus()  # what somebody is at is not drawn anew
    page.get_by_label("How did it end?").select_option("closed")
    page.evaluate(ADDS_SLOWLY)
    page.get_by_role("button", name="Check out").click()
    page.get_by_role("link", name="Take money").click()
    page.get_by_label("Amount").fill("20.00")

    page.evaluate("goOn()")
    sent(page, 2)

    expect(page.get_by_label("Amount")).to_have_value("20.00")
    assert market.rows("SELECT count(*) FROM visit WHERE ended_at IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("view", ["new", "edit/C2"])
def test_what_is_typed_while_the_place_of_an_outlet_is_looked_for_is_kept_too(
    phone: Open, market: Market, view: str
) -> None:
    page = phone()
    page.evaluate(LOOKS_FOR_THE_PLACE)
    page.goto(f"/field#/{view}")
    if view == "new":
        page.get_by_label("Name").fill("Corner Stall")
    page.get_by_label("I am at the outlet now").check()
    page.get_by_role("button", name="Keep").click()
    page.get_by_label("Phone").fill("9845012345")

    find_place(page)
    sent(page, 1)

    phones = market.rows("SELECT phone FROM customer_profile WHERE phone > ''")
    assert phones == [("+919845012345",)]


def test_what_is_typed_before_the_hub_has_said_who_is_there_stands(open_as: OpenAs) -> None:
    page = open_as("/me", user=REP, screen=PHONE)
    let_go = hold(page, "**/field/snapshot")
    with page.expect_request("**/field/snapshot"):
        page.goto("/field")

    page.evaluate(TYPES_AT_ONCE)
    let_go()

    expect(page.locator("#who")).to_have_text(REP)
    expect(page.get_by_label("Name")).to_have_value("Corner Stall")
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert kept == [f"orderwire-field-{REP}"]


def test_a_price_that_is_told_after_the_order_was_placed_makes_no_order_of_it_anew(
    phone: Open, market: Market
) -> None:
    page = phone()
    let_go = hold(page, "**/field/price")
    page.goto("/field#/order/C2")
    page.get_by_role("searchbox").fill("TEA")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("row", name="Tea")).to_be_visible()
    with page.expect_request("**/field/price"):
        page.get_by_role("button", name="What does it come to?").click()
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_role("link", name="Take money")).to_be_visible()

    with page.expect_response("**/field/price"):
        let_go()
    sent(page, 1)
    page.get_by_role("link", name="Order", exact=True).click()

    expect(page.get_by_role("button", name="Place the order")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(0)
    assert market.rows("SELECT quantity FROM order_line") == [(1,)]


def test_what_the_hub_told_first_is_not_written_over_what_it_told_since(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.evaluate(HEARS_LATE)
    field_of(market).selfies(asked=True, by="asha", scope=EVERYTHING)
    page.evaluate("fieldSync.again()")

    page.evaluate("async () => { goOn(); await early; }")

    assert page.evaluate("fieldStore.kept('snapshot').then((one) => one.selfie)") is True


def test_a_code_that_is_scanned_while_the_one_before_is_kept_is_not_wiped(phone: Open) -> None:
    page = phone()
    page.goto("/field#/order/C2")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.evaluate(KEEPS_SLOWLY)
    page.get_by_role("searchbox").focus()

    page.keyboard.type("TEA\nSOAP")
    page.evaluate("goOn()")

    expect(page.get_by_role("row", name="Tea")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("SOAP")


def test_the_pieces_that_are_typed_while_a_product_is_kept_are_of_that_product(phone: Open) -> None:
    page = phone()
    page.goto("/field#/return/C2")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.evaluate(KEEPS_SLOWLY)
    page.get_by_role("searchbox").focus()

    page.keyboard.type("TEA\n7")
    page.evaluate("goOn()")

    expect(page.get_by_label("Quantity: Tea")).to_have_value("7")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_a_tap_counts_though_the_hub_tells_between_its_press_and_its_release(phone: Open) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    page.get_by_role("link", name="Take money").hover()

    page.mouse.down()
    told_again(page)
    page.mouse.up()

    expect(page.get_by_label("Amount")).to_be_visible()


def test_what_the_hub_tells_while_a_finger_is_down_is_seen_once_it_is_up(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.get_by_role("heading", level=1).hover()

    page.mouse.down()
    field_of(market).selfies(asked=True, by="asha", scope=EVERYTHING)
    told_again(page)
    expect(page.get_by_role("button", name="Begin the day")).to_be_visible()
    page.mouse.up()

    expect(page.get_by_role("link", name="Begin the day")).to_be_visible()


def test_the_end_of_a_visit_that_was_chosen_stands_though_the_hub_tells_meanwhile(
    phone: Open,
) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    outcome = page.get_by_label("How did it end?")
    outcome.select_option("closed")
    outcome.blur()

    told_again(page)

    expect(outcome).to_have_value("closed")
