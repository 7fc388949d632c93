"""A rep's day on a phone in a real Chromium, with the line cut wherever it can be."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.parties.acts import CustomerActs
from hub.desk.targets.acts import TargetActs
from tests.builders.field_team import REP
from tests.builders.hub_records import Shelves
from tests.builders.market import FILES, Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    BadLine,
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    states,
    typed,
)
from tests.fixtures.browser import enter

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
BAD_LINES = 42


def order(page: Page, *skus: str) -> None:
    """Enter an order at the outlet that is open, and keep it."""
    page.get_by_role("link", name="Order", exact=True).click()
    field = page.get_by_role("searchbox")
    for sku in skus:
        field.fill(sku)
        field.press("Enter")
        expect(field).to_have_value("")
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_role("link", name="Take money")).to_be_visible()


def test_own_targets_stand_on_the_phone_with_what_each_day_has_to_bring(
    phone: Open, market: Market
) -> None:
    set_target = market.hub.ground.part(TargetActs).set
    whole = {"measure": "order_value", "month": "2026-11", "amount": "2500"}
    for texts in ({**whole, "kind": "rep", "who": REP}, {**whole, "kind": "house"}):
        set_target(texts, by="asha", scope=EVERYTHING)
    market.place(("TEA", 2))

    page = phone()

    card = page.locator("[data-target]")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("₹220.00 of ₹2,500.00")
    expect(card).to_contain_text("₹285.00 a day needed, 8 working days left")


def test_a_day_without_a_line_reaches_the_hub_by_itself_once_there_is_one(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.get_by_role("button", name="Begin the day").click()
    sent(page, 1)
    page.context.set_offline(True)

    page.get_by_role("link", name="1. Second Shop").click()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("button", name="Check out")).to_be_visible()
    order(page, "TEA", "8901234567894", "RICE")
    page.get_by_role("link", name="Take money").click()
    page.get_by_label("Amount").fill("50.00")
    page.get_by_role("button", name="Keep").click()
    page.get_by_label("How did it end?").select_option("order")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("button", name="Check in")).to_be_visible()
    page.reload()  # the phone was off in between
    expect(page.get_by_role("status")).to_contain_text("Waiting to be sent: 4")
    page.get_by_role("link", name="To send", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("Not yet")
    page.context.set_offline(False)

    sent(page, 5)
    assert market.rows("SELECT source, requester, status FROM order_") == [
        ("field", REP, "allocated")
    ]
    assert market.rows("SELECT quantity FROM order_line ORDER BY quantity DESC") == [(2,), (1,)]
    assert market.rows("SELECT amount FROM payment") == [(5_000,)]
    assert market.rows("SELECT verdict, outcome FROM visit") == [("verified", "order")]
    assert market.broken() == set()


def test_a_line_that_is_cut_wherever_it_can_be_loses_and_doubles_nothing(
    phone: Open, market: Market
) -> None:
    page = phone()
    line = BadLine(page, "**/field/entries", status=502, body="<html>a proxy speaks</html>")
    count = BAD_LINES // 4 + 1
    page.evaluate("setInterval(fieldSync.soon, 50)")  # an impatient rep
    for number in range(count):
        page.evaluate(
            "(number) => fieldStore.add({kind: 'ordered', outlet: 'C2', visit: null,"
            " payment: 'cash', lines: [{sku: 'SOAP', quantity: number + 1, unit: null}]})",
            number,
        )
        sent(page, number + 1)

    assert line.cuts >= BAD_LINES
    kept = market.rows("SELECT quantity FROM order_line ORDER BY quantity")
    assert kept == [(number + 1,) for number in range(count)]
    assert market.broken() == set()


def test_what_the_hub_refuses_stays_with_its_reason_until_it_is_mended(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.goto("/field#/outlet/C3")  # whose orders are stopped
    order(page, "TEA")

    page.get_by_role("link", name="To send", exact=True).click()
    refused = page.locator("article.refused")
    expect(refused).to_contain_text("Third Shop")
    expect(refused.locator("p.bad")).not_to_be_empty()
    page.get_by_role("button", name="Sign out").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("Not yet")
    page.evaluate("who.textContent = ''; dispatchEvent(new Event('offline'))")
    expect(page.locator("#who")).to_have_text("ravi")  # the frame is written anew
    expect(said).to_contain_text("Not yet")
    refused.get_by_role("button", name="Change it and send again").click()
    expect(page.get_by_role("row", name="Tea")).to_be_visible()
    assert states(page) == ["refused"]  # until what goes instead of it is kept
    page.get_by_role("spinbutton").fill("2")
    with page.expect_response("**/field/entries"):
        page.get_by_role("button", name="Place the order").click()
    page.goto("/field#/queue")

    expect(page.locator("article.refused")).to_have_count(1)
    assert states(page) == ["refused"]
    assert market.rows("SELECT status FROM order_") == [("rejected",), ("rejected",)]


def test_an_order_that_is_mended_takes_no_other_of_the_outlet_along(phone: Open) -> None:
    page = phone()
    page.goto("/field#/outlet/C3")  # whose orders are stopped
    order(page, "TEA")
    page.get_by_role("link", name="Order", exact=True).click()
    page.get_by_role("searchbox").fill("SOAP")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("row", name="Soap")).to_be_visible()

    page.goto("/field#/queue")
    page.get_by_role("button", name="Change it and send again").click()
    expect(page.get_by_role("row", name="Tea")).to_be_visible()
    page.goto("/field#/order/C3")

    expect(page.get_by_role("row", name="Soap")).to_be_visible()
    expect(page.get_by_role("row", name="Tea")).to_have_count(0)


def test_a_price_is_shown_for_the_lines_alone_that_it_was_told_for(phone: Open) -> None:
    page = phone()
    page.goto("/field#/order/C2")
    page.get_by_role("searchbox").fill("TEA")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="What does it come to?").click()
    said = page.locator("main").get_by_role("status")
    expect(said).to_contain_text("₹110.00")

    page.get_by_role("spinbutton").fill("9")
    page.get_by_role("spinbutton").press("Tab")

    expect(said).to_be_empty()
    typed(page)
    page.reload()
    expect(page.get_by_role("spinbutton")).to_have_value("9")
    expect(said).to_be_empty()


def test_an_outlet_that_pays_in_cash_is_not_asked_to_order_on_credit(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.get_by_role("link", name="New outlet").click()
    page.get_by_label("Name").fill("Corner Stall")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="Corner Stall")).to_be_visible()

    order(page, "TEA")
    page.context.set_offline(False)

    sent(page, 2)
    assert market.rows(
        "SELECT r.payment, o.status FROM order_ o JOIN order_revision r ON r.order_id = o.id"
    ) == [("cash", "allocated")]


def test_two_windows_and_another_person_send_nobody_s_work_twice_or_for_another(
    phone: Open, market: Market
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    page = phone()
    other = page.context.new_page()
    other.goto("/field")
    expect(other.locator("a.card").first).to_be_visible()
    page.context.set_offline(True)
    for window, text in ((page, "one"), (other, "two")):
        window.evaluate(
            "(text) => fieldStore.add({kind: 'noted', outlet: 'C2', about: 'note', text,"
            " visit: null})",
            text,
        )
    page.context.clear_cookies()
    page.context.set_offline(False)

    page.goto("/sign-in")
    enter(page, "sita")
    page.goto("/field")
    expect(page.get_by_role("status")).to_contain_text("Somebody else is signed in")
    assert states(page) == ["waiting", "waiting"]
    page.context.clear_cookies()
    page.goto("/sign-in")
    enter(page, REP)
    page.goto("/field")

    sent(page, 2)
    assert market.rows("SELECT count(*), count(DISTINCT uuid) FROM field_entry") == [(2, 2)]


def test_a_phone_that_nothing_waits_on_is_the_next_person_s_after_a_sign_out(
    phone: Open, market: Market
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    page = phone()
    page.goto("/field#/queue")

    page.get_by_role("button", name="Sign out").click()
    enter(page, "sita")
    page.goto("/field")

    expect(page.locator("#who")).to_have_text("sita")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("main")).not_to_contain_text("Second Shop")  # which ravi serves


def test_a_person_who_signs_in_after_another_finds_the_own_page(
    phone: Open, market: Market
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    page = phone()
    page.context.clear_cookies()  # a session that ended by itself

    page.goto("/sign-in")
    enter(page, "sita")
    page.goto("/field")

    expect(page.locator("#who")).to_have_text("sita")
    expect(page.locator("main")).not_to_contain_text("Second Shop")


def test_the_page_opens_signed_out_and_without_a_line_and_says_what_waits(phone: Open) -> None:
    page = phone(locale="hi-IN")
    page.context.set_offline(True)
    page.evaluate("fieldStore.add({kind: 'day_begun', place: {}})")
    page.context.clear_cookies()

    page.goto("/field")
    expect(page.get_by_role("status")).to_contain_text("भेजना बाकी: 1")
    page.context.set_offline(False)

    expect(page.get_by_role("status")).to_contain_text("लॉग इन")
    assert states(page) == ["waiting"]


def test_a_hub_that_stumbles_at_one_entry_and_a_sign_in_page_in_between_keep_nothing_back(
    phone: Open, market: Market
) -> None:
    page = phone()
    turns = 0

    def spoil(route: Route) -> None:
        """Speak as a hotel's sign-in page does at first, then stumble at what says `bad`."""
        nonlocal turns
        turns += 1
        if turns <= 2:
            route.fulfill(status=(200, 404)[turns - 1], body="<html>pay for this line</html>")
        elif '"bad"' in (route.request.post_data or ""):
            route.fulfill(status=500, body="<html></html>")
        else:
            route.continue_()

    page.context.route("**/field/entries", spoil)
    page.evaluate("setInterval(fieldSync.soon, 50)")
    page.evaluate(
        """async () => {
          for (const text of ["one", "bad", "two"]) {
            await fieldStore.add({kind: "noted", outlet: "C2", about: "note", text, visit: null});
          }
        }"""
    )

    sent(page, 2)
    assert sorted(states(page)) == ["done", "done", "waiting"]
    assert market.rows("SELECT count(*) FROM field_entry") == [(2,)]


def test_what_is_kept_while_a_round_is_under_way_goes_right_after_it(
    phone: Open, market: Market
) -> None:
    page = phone()
    asked = 0

    def linger(route: Route) -> None:
        """Have something kept, and asked to be sent, before the round has its last answer."""
        nonlocal asked
        asked += 1
        if asked == 1:
            page.evaluate(
                """async () => {
                  await fieldStore.add({kind: "noted", outlet: "C2", about: "note", text: "late",
                    visit: null});
                  fieldSync.soon();
                  await new Promise((go) => setTimeout(go, 0));
                }"""
            )
        route.continue_()

    page.context.route("**/field/snapshot*", linger)
    page.evaluate("fieldSync.soon()")

    sent(page, 1)
    assert market.rows("SELECT text FROM interaction") == [("late",)]


def test_a_morning_without_a_line_begins_a_new_day(phone: Open) -> None:
    page = phone()
    page.get_by_role("button", name="Begin the day").click()
    sent(page, 1)
    page.context.set_offline(True)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))

    page.reload()

    expect(page.get_by_role("button", name="Begin the day")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Since")


def test_money_that_was_refused_is_changed_and_sent_again(phone: Open, market: Market) -> None:
    page = phone()
    page.evaluate(
        "fieldStore.add({kind: 'collected', outlet: 'C2', visit: null,"
        " fields: {amount: '70.00', mode: 'upi', reference: ''}})"
    )
    page.goto("/field#/queue")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("article.refused")).to_contain_text("70.00")
    page.get_by_role("button", name="Change it and send again").click()
    expect(page.get_by_label("Amount")).to_have_value("70.00")
    keep = page.get_by_role("button", name="Keep")
    keep.click()  # what a transfer is without its number
    expect(page.locator("input:focus")).to_have_value("")
    page.locator("input:focus").fill("UPI-1")
    keep.click()

    sent(page, 1)
    assert states(page) == ["done"]
    assert market.rows("SELECT amount FROM payment") == [(7_000,)]


def test_money_that_was_refused_is_not_lost_over_other_money_of_the_outlet(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.evaluate(
        "fieldStore.add({kind: 'collected', outlet: 'C2', visit: null,"
        " fields: {amount: '70.00', mode: 'upi', reference: ''}})"
    )
    page.goto("/field#/queue")
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("button", name="Change it and send again").click()
    expect(page.get_by_label("Amount")).to_have_value("70.00")

    page.goto("/field#/outlet/C2")  # the number of the transfer is not at hand
    page.get_by_role("link", name="Take money").click()
    expect(page.get_by_label("Amount")).to_have_value("")
    page.get_by_label("Amount").fill("20")
    page.get_by_role("button", name="Keep").click()

    sent(page, 1)
    assert states(page) == ["refused", "done"]
    assert market.rows("SELECT amount FROM payment") == [(2_000,)]


@pytest.mark.parametrize("typed", ["1,250.50", "१२५०.५०"])
def test_an_amount_is_taken_as_people_write_it(phone: Open, market: Market, typed: str) -> None:
    page = phone()
    page.goto("/field#/collect/C2")
    page.get_by_label("Amount").fill("1,5")  # which may be meant as 1.5
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Amount")).to_be_focused()
    page.get_by_label("Amount").fill(typed)

    page.get_by_role("button", name="Keep").click()

    sent(page, 1)
    assert market.rows("SELECT amount FROM payment") == [(125_050,)]


def test_a_product_is_found_by_the_words_that_its_name_begins_with(
    phone: Open, market: Market
) -> None:
    steaks = "".join(f"ST{one},,Beef steak {one},food,,none,PCS,\n" for one in range(9))
    market.load(products=FILES["products.csv"] + steaks)
    page = phone()
    page.goto("/field#/order/C2")

    page.get_by_role("searchbox").fill("tea")

    expect(page.locator("main").get_by_role("button").first).to_have_text("Tea (TEA)")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("row", name="Tea")).to_be_visible()


IMPATIENT = """async (button) => {
  for (let tap = 0; tap < 100 && button.isConnected; tap += 1) {
    button.click();
    await new Promise((go) => setTimeout(go, 2));
  }
}"""


def test_an_impatient_finger_keeps_an_order_and_money_once(phone: Open, market: Market) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    page.get_by_role("link", name="Order", exact=True).click()
    page.get_by_role("searchbox").fill("TEA")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("row", name="Tea")).to_be_visible()

    page.get_by_role("button", name="Place the order").evaluate(IMPATIENT)
    page.get_by_role("link", name="Take money").click()
    page.get_by_label("Amount").fill("20")
    page.get_by_role("button", name="Keep").evaluate(IMPATIENT)

    expect(page.get_by_role("link", name="Take money")).to_be_visible()
    sent(page, 2)
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]
    assert market.rows("SELECT count(*) FROM payment") == [(1,)]


def test_what_somebody_changed_meanwhile_is_seen_and_changed_again(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.goto("/field#/edit/C2")
    page.get_by_label("Contact").fill("Anand")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)
    change = market.hub.ground.part(CustomerActs).change
    change("C2", {"contact": Change("", "Bina")}, by="asha", scope=EVERYTHING)
    page.context.set_offline(False)

    page.goto("/field#/queue")
    refused = page.locator("article.refused")
    expect(refused).to_contain_text("Bina")
    expect(refused.get_by_role("button", name="Send again", exact=True)).to_have_count(0)
    refused.get_by_role("button", name="Change it and send again").click()
    expect(page.get_by_role("status").filter(has_text="Bina")).to_be_visible()
    expect(page.get_by_label("Contact")).to_have_value("Anand")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)

    sent(page, 1)
    assert states(page) == ["done"]
    assert market.rows(
        "SELECT c.contact FROM customer_profile c JOIN party p ON p.id = c.party_id"
        " WHERE p.code = 'C2'"
    ) == [("Anand",)]
