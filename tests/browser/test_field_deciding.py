"""What waits for a manager's word on the phone, and what a phone tells its person, in Chromium."""

from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.parties.acts import CustomerActs
from tests.builders.accessible import barriers
from tests.builders.field_team import REP, entry, keep, session_of
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, packed
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    told_again,
    typed,
)
from tests.fixtures.browser import PHONE, READS_BARS, OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
ROUTES: Final = """
approvals:
  - id: AP-LIMIT
    on: credit_limit_exceeded
    counter: {quantities: lower, payment: [advance, cash]}
    levels: [{role: manager}]
"""
LOTUS: Final = {"name": "Lotus Stores", "city": "Pune", "phone": "9845012345"}


def open_phone_of(open_as: OpenAs, name: str) -> Page:
    """Open the phone's page as somebody, with the page kept for when there is no line."""
    page = open_as("/field", user=name, screen=PHONE)
    expect(page.get_by_role("button", name="Begin the day")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def refresh(page: Page) -> None:
    """Have the phone ask the hub now."""
    page.evaluate("fieldSync.again()")
    page.reload()


def hold(market: Market) -> str:
    """Have the first shop order for 1,500.00 where 900.00 are left; gives the order's id."""
    answer = market.place(("RICE", 30), terminal="shop-1")
    assert answer.status == "held"
    return answer.order


def of_order(market: Market, uuid: str) -> tuple[object, ...]:
    """Read how an order stands, and of how much it is."""
    (row,) = market.rows(
        "SELECT o.status, r.payable FROM order_ o JOIN order_revision r ON r.order_id = o.id"
        " AND r.revision = o.revision WHERE o.uuid = :u",
        u=uuid,
    )
    return tuple(row)


def test_a_manager_decides_on_the_phone_of_what_was_shown_and_never_without_a_line(
    open_as: OpenAs, market: Market
) -> None:
    market.publish(packed(version=2, more=ROUTES))
    Shelves(market.database).user("meena", "manager")
    first, second, third = hold(market), hold(market), hold(market)
    page = open_phone_of(open_as, "meena")
    page.get_by_role("link", name="3 wait for your word").click()
    cards = page.locator("main a.card")
    expect(cards).to_have_count(3)

    page.context.set_offline(True)
    cards.first.click()
    expect(page.get_by_role("status").last).to_contain_text("cannot be decided now")
    expect(page.locator("main dl")).to_contain_text("Asked for₹1,500.00")
    expect(page.locator("main dl")).to_contain_text("Allowed up to₹1,000.00")
    page.locator("summary").click()
    for name in ("Yes", "No", "Offer something else"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    assert barriers(page) == []
    page.context.set_offline(False)

    # Somebody amends it meanwhile: a yes is of what was shown, and of nothing else.
    yes = page.get_by_role("button", name="Yes", exact=True)
    expect(yes).to_be_enabled()
    change = Amendment(lines=(AskedLine("RICE", 40),))
    market.orders.amend(first, change, by="asha")
    yes.click()
    expect(page.get_by_role("alert")).to_contain_text("changed")
    assert of_order(market, first) == ("held", 200_000)

    page.goto("/field#/deciding")
    cards.filter(has_text="₹2,000.00").click()
    lose_answer(page)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("nobody knows yet")
    page.context.unroute_all()
    refresh(page)
    expect(page.get_by_text("This does not wait for you any more")).to_be_visible()
    page.goto(f"/field#/decide/order/{second}")
    page.get_by_role("button", name="No", exact=True).click()  # a no needs a reason
    expect(page.get_by_label("Why, if it needs saying")).to_be_focused()
    page.get_by_label("Why, if it needs saying").fill("pay first")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Your word is kept.")).to_be_visible()
    cards.first.click()
    page.locator("summary").click()
    page.get_by_label("Quantity: Rice").fill("6")
    page.get_by_role("button", name="Offer something else").click()
    expect(page.get_by_text("Your word is kept.")).to_be_visible()

    states = [of_order(market, one) for one in (first, second, third)]
    assert states == [("allocated", 200_000), ("rejected", 150_000), ("allocated", 30_000)]
    assert market.broken() == set()


def test_an_impatient_finger_says_yes_once_though_the_hub_tells_meanwhile(
    open_as: OpenAs, market: Market
) -> None:
    market.publish(packed(version=2, more=ROUTES))
    Shelves(market.database).user("meena", "manager")
    order = hold(market)
    page = open_phone_of(open_as, "meena")
    page.goto(f"/field#/decide/order/{order}")
    held: list[Route] = []

    def keep_waiting(route: Route) -> None:
        held.append(route)

    page.context.route("**/field/decide/**", keep_waiting)
    yes = page.get_by_role("button", name="Yes", exact=True)

    with page.expect_request("**/field/decide/**"):
        yes.click()
    told_again(page)
    expect(yes).to_be_disabled()
    yes.evaluate("one => one.click()")
    for route in held:
        route.continue_()

    expect(page.get_by_text("Your word is kept.")).to_be_visible()
    assert len(held) == 1
    assert of_order(market, order) == ("allocated", 150_000)


def lose_answer(page: Page) -> None:
    """Have the hub hear the next word, and its answer be lost on the way."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.context.route("**/field/decide/**", lose)


def test_a_manager_joins_two_outlets_and_grants_a_leave_and_the_rep_s_phone_follows(
    open_as: OpenAs, phone: Open, market: Market
) -> None:
    Shelves(market.database).user("meena", "manager")
    customers = market.hub.ground.part(CustomerActs)
    rep = session_of(market, REP)
    added = entry("outlet_added", fields=LOTUS)
    keep(market, rep, added)
    keep(market, rep, entry("leave", day="2026-11-23", why="wedding"))
    customers.add("C9", LOTUS, by="asha", scope=EVERYTHING, anyway=True)
    code = f"N-{added['id'][-10:].upper()}"
    of_rep = phone()
    of_rep.goto(f"/field#/note/{code}")
    of_rep.get_by_label("What was said or seen").fill("asks for rice")
    desk = open_phone_of(open_as, "meena")

    desk.goto("/field#/deciding")
    desk.get_by_role("link", name="Lotus Stores").first.click()
    expect(desk.get_by_text("Asked for by ravi")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="Lotus Stores C9").click()
    expect(desk.get_by_text("Your word is kept.")).to_be_visible()
    desk.get_by_role("link", name="wedding").click()
    desk.get_by_role("button", name="Yes", exact=True).click()
    expect(desk.get_by_text("Your word is kept.")).to_be_visible()

    refresh(of_rep)
    expect(of_rep.locator("h1")).to_have_text("Note: Lotus Stores")
    expect(of_rep.get_by_label("What was said or seen")).to_have_value("asks for rice")
    of_rep.get_by_role("button", name="Keep").click()
    sent(of_rep, 1)
    of_rep.get_by_role("link", name="Notices: 2").click()
    expect(of_rep.locator("main a.card")).to_have_count(2)
    of_rep.get_by_role("button", name="Mark as read").click()
    expect(of_rep.get_by_role("link", name="Notices: 0")).to_be_visible()
    assert barriers(of_rep) == []
    of_rep.context.set_offline(True)
    of_rep.get_by_role("link", name="Your leave on 23 Nov 2026 was granted by meena").click()
    expect(of_rep.get_by_text("23 Nov 2026: granted")).to_be_visible()
    noted = "SELECT p.code FROM interaction i JOIN party p ON p.id = i.party_id"
    assert market.rows(noted) == [("C9",)]


def test_an_order_is_filled_by_camera_by_the_last_one_and_by_a_list_and_says_what_is_near(
    phone: Open, market: Market
) -> None:
    market.place(("TEA", 2), ("RICE", 6), terminal="shop-2")
    page = phone()
    page.context.grant_permissions(["geolocation", "camera"])
    page.add_init_script(READS_BARS)
    page.goto("/field#/order/C2")
    page.reload()
    quantities = page.locator("main td input[type=number]")

    page.get_by_role("button", name="Again as on 21 Nov 2026 (2)").click()
    expect(quantities).to_have_count(2)
    page.get_by_role("button", name="Scan", exact=True).click()
    page.evaluate("window.shown = ['8901234567894']")
    expect(quantities.first).to_have_value("3")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_text("Paste a list").first.click()
    page.get_by_role("textbox", name="Paste a list").fill("2 x rice\nsoap 4\n7 something")
    page.get_by_role("button", name="Add the rows").click()
    expect(page.get_by_text("2 added, 1 not found")).to_be_visible()
    expect(page.get_by_role("textbox", name="Paste a list")).to_have_value("7 something")
    page.get_by_role("button", name="What does it come to?").click()
    expect(page.locator("main ul li").first).to_contain_text("2")
    assert barriers(page) == []
    page.context.set_offline(True)
    page.get_by_role("button", name="Place the order").click()
    market.publish(packed(version=2, soap="12.00"))  # the price list changes meanwhile
    page.context.set_offline(False)
    sent(page, 1)
    expect(page.locator("article")).to_contain_text("You were told ₹")

    placed = "SELECT l.sku, l.ordered FROM order_line l JOIN order_ o ON o.id = l.order_id"
    rows = market.rows(f"{placed} WHERE o.source = 'field' AND NOT l.free ORDER BY l.line")
    assert rows == [("TEA", 3), ("RICE", 8), ("SOAP", 4)]


def test_goods_that_a_shop_gives_back_wait_for_the_desk_by_a_day(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.goto("/field#/return/C2")
    page.get_by_role("searchbox").fill("TEA")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_label("Quantity: Tea").fill("2")
    page.get_by_label("Quantity: Tea").blur()
    page.get_by_label("How are they?").select_option("damaged")
    page.get_by_label("Why are they given back?").fill("wet")
    typed(page)
    page.reload()  # what was typed is there still
    expect(page.get_by_label("How are they?")).to_have_value("damaged")
    assert barriers(page) == []
    page.get_by_role("button", name="Keep").click()
    page.context.set_offline(False)
    sent(page, 1)

    kept = "SELECT about, condition, text, due_day, done_at FROM interaction"
    assert [row[:3] for row in market.rows(kept)] == [("goods_back", "damaged", "wet")]
    assert market.rows("SELECT pieces FROM shelf_seen") == [(2,)]
    expect(page.get_by_role("link", name="Second Shop").first).to_be_visible()
    assert market.broken() == set()
