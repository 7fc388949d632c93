"""What staff do all day, in a real Chromium."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from hub.desk.orders.acts import OrderActs
from hub.desk.people.model.accounts import IDLE_LIMIT_MS
from rules import ApprovalNeed, Minor
from tests.builders.hub_records import MINUTE
from tests.builders.late_answers import LateAnswer
from tests.builders.order_records import SampleOrder, put_order
from tests.fixtures.browser import OpenAs, Site, enter

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]

HEARS_THE_END: Final = """() => {
  document.addEventListener("signed-out", () => {
    document.addEventListener("htmx:finally:request", () => console.log("heard all"), {once: true});
    htmx.trigger("#live", "terminals");
  }, {once: true});
}"""
"""Has a page say when its stream has ended, a part of it was refused, and all of that is done."""


def _sign_in(page: Page, password: str) -> None:
    page.get_by_label("Name").fill("sunil")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _live(page: Page) -> None:
    expect(page.locator("#live")).to_have_text("Live")


def test_a_wrong_password_is_said_and_the_name_is_kept(open_as: OpenAs) -> None:
    page = open_as("/orders", role=None)

    _sign_in(page, "wrong")

    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value("sunil")
    expect(page.get_by_label("Password")).to_be_focused()


def test_signing_in_leads_to_the_page_asked_for_and_out_again(open_as: OpenAs) -> None:
    page = open_as("/terminals", role=None)

    _sign_in(page, "correct horse")
    expect(page.get_by_role("heading", level=1)).to_have_text("Terminals")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/terminals")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_order_appears_by_itself_while_a_search_is_being_typed(
    open_as: OpenAs, site: Site
) -> None:
    page = open_as("/orders")
    _live(page)
    page.get_by_role("searchbox").focus()

    put_order(site.shelves, SampleOrder(decided_at=site.clock.at_ms))
    site.hub.ground.changes.publish("orders")

    expect(page.get_by_role("link", name="shop-1-1", exact=True)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_orders_go_on_appearing_second_after_second(open_as: OpenAs, site: Site) -> None:
    page = open_as("/orders")
    _live(page)

    for seq in range(1, 4):
        put_order(site.shelves)
        site.clock.step(1_000)
        site.hub.ground.changes.publish("orders")
        expect(page.get_by_role("link", name=f"shop-1-{seq}", exact=True)).to_be_visible()

    expect(page.get_by_role("link", name="All 3")).to_be_visible()


def test_a_filtered_list_stays_filtered_when_it_refreshes(open_as: OpenAs, site: Site) -> None:
    page = open_as("/orders")
    page.get_by_role("link", name="Held 0").click()
    expect(page).to_have_url(re.compile("status=held"))
    _live(page)

    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(status="held"))
    site.hub.ground.changes.publish("orders")

    expect(page.get_by_role("link", name="shop-1-2", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="shop-1-1", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="Held 1")).to_have_attribute("aria-current", "true")


def test_searching_narrows_the_list_as_one_types_and_the_address_follows(
    open_as: OpenAs, site: Site
) -> None:
    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(customer="C-002", terminal="shop-2"))
    page = open_as("/orders")
    _live(page)

    page.get_by_role("searchbox").press_sequentially("noor")

    expect(page.get_by_role("link", name="shop-1-1", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="shop-2-1", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("q=noor"))
    put_order(site.shelves, SampleOrder(terminal="shop-1"))
    put_order(site.shelves, SampleOrder(customer="C-002", terminal="shop-2"))
    site.hub.ground.changes.publish("orders")
    expect(page.get_by_role("link", name="shop-2-2", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="shop-1-2", exact=True)).to_have_count(0)


def test_going_back_shows_the_list_as_it_was(open_as: OpenAs, site: Site) -> None:
    put_order(site.shelves)
    put_order(site.shelves, SampleOrder(customer="C-002", terminal="shop-2"))
    page = open_as("/orders")
    page.get_by_role("searchbox").press_sequentially("noor")
    expect(page).to_have_url(re.compile("q=noor"))

    page.go_back()

    expect(page.get_by_role("link", name="shop-1-1", exact=True)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


def test_staff_cancel_an_order_with_a_reason(open_as: OpenAs, site: Site) -> None:
    uuid = put_order(site.shelves)
    page = open_as(f"/orders/{uuid}")

    page.get_by_text("More steps").click()
    page.get_by_role("button", name="Cancel this order").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason, as the shop will read it").fill("Shop closed")
    page.get_by_role("button", name="Cancel the order").click()

    expect(page.get_by_label("Status").get_by_text("Cancelled")).to_be_visible()
    expect(page.get_by_text("Shop closed").first).to_be_visible()
    expect(page.get_by_role("button", name="Cancel this order")).to_have_count(0)


def test_staff_hold_an_order_and_who_is_in_charge_refuses_it(open_as: OpenAs, site: Site) -> None:
    uuid = put_order(site.shelves)
    page = open_as(f"/orders/{uuid}")

    page.get_by_text("More steps").click()
    page.get_by_role("button", name="Hold this order").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("Address is wrong")
    page.get_by_role("button", name="Hold the order").click()
    steps = page.get_by_role("group", name="What can be done")
    expect(steps).to_contain_text("Not yours to decide: manager or admin or owner may.")
    page = open_as(f"/orders/{uuid}", role="manager")
    steps = page.get_by_role("group", name="What can be done")
    expect(steps).to_contain_text("you decide")
    steps.get_by_role("button", name="Refuse").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("Nobody is there")
    page.get_by_role("button", name="Refuse the order").click()

    expect(page.get_by_label("Status").get_by_text("Rejected")).to_be_visible()
    expect(page.get_by_text("refused by meena: Nobody is there").first).to_be_visible()
    expect(page.get_by_role("region", name="Approval")).to_have_count(0)


def test_the_first_of_two_yeses_is_kept_and_the_next_person_is_named(
    open_as: OpenAs, site: Site
) -> None:
    need = ApprovalNeed("approval_required", "AP-BIG", (("manager",), ("owner",)), Minor(132_200))
    uuid = put_order(site.shelves, SampleOrder(status="held", needs=(need,)))
    page = open_as(f"/orders/{uuid}", role="manager")

    page.get_by_role("button", name="Release").click()

    steps = page.get_by_role("group", name="What can be done")
    expect(steps).to_contain_text("Not yours to decide: owner may.")
    said = page.get_by_role("region", name="What approvers said")
    expect(said).to_contain_text("meena, as manager, said yes (Needs an approval)")


def test_second_thoughts_keep_the_order(open_as: OpenAs, site: Site) -> None:
    uuid = put_order(site.shelves)
    page = open_as(f"/orders/{uuid}")
    page.get_by_text("More steps").click()
    page.get_by_role("button", name="Cancel this order").click()

    page.get_by_role("button", name="Keep the order").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel this order")).to_be_focused()


def test_an_order_page_follows_what_happens_to_it_and_stays_unfolded(
    open_as: OpenAs, site: Site
) -> None:
    uuid = put_order(site.shelves, SampleOrder(delivery="sent"))
    page = open_as(f"/orders/{uuid}", role="auditor")
    _live(page)
    page.get_by_text("Why: every step of the decision").click()
    expect(page.get_by_text("Price list of the region")).to_be_visible()

    site.hub.ground.part(OrderActs).cancel(uuid, by="sunil", why="Shop closed")

    expect(page.get_by_label("Status").get_by_text("Cancelled")).to_be_visible()
    expect(page.get_by_text("Price list of the region")).to_be_visible()


def test_a_terminal_is_seen_going(open_as: OpenAs, site: Site) -> None:
    site.shelves.presence("shop-1")
    page = open_as("/terminals")
    _live(page)
    row = page.locator("#terminals-shop-1")
    expect(row).to_contain_text("Online")

    site.clock.step(10 * MINUTE)
    site.hub.ground.changes.publish("terminals")

    expect(row).to_contain_text("Lost")


def test_a_refused_message_appears_by_itself(open_as: OpenAs, site: Site) -> None:
    page = open_as("/messages")
    _live(page)

    site.shelves.refused("sequence_conflict")
    site.hub.ground.changes.publish("messages")

    expect(page.locator("#messages td").get_by_text("Number used twice")).to_be_visible()


def test_a_page_whose_session_ended_asks_who_it_is(open_as: OpenAs, site: Site) -> None:
    page = open_as("/terminals")
    _live(page)

    site.clock.step(IDLE_LIMIT_MS)
    site.hub.ground.changes.publish("terminals")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    _sign_in(page, "correct horse")
    expect(page.get_by_role("heading", level=1)).to_have_text("Terminals")


def test_the_answer_to_a_sign_out_is_overtaken_by_nothing(open_as: OpenAs) -> None:
    page = open_as("/terminals")
    _live(page)
    page.evaluate(HEARS_THE_END)
    late = LateAnswer(page, "**/sign-out")
    page.get_by_role("button", name="Sign out").focus()
    with page.expect_console_message(lambda said: said.text == "heard all"):
        page.keyboard.press("Enter")
        late.await_hub()
    late.arrive()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("/sign-in")


@pytest.mark.parametrize(("name", "heading"), [("sunil", "Terminals"), ("meena", "Home")])
def test_the_other_window_of_who_signed_out_leads_back_that_person_alone(
    open_as: OpenAs, name: str, heading: str
) -> None:
    page = open_as("/orders")
    other = page.context.new_page()
    other.goto("/terminals")
    _live(other)

    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    enter(other, name)

    expect(other.get_by_role("heading", level=1)).to_have_text(heading)


def test_signing_out_in_one_window_closes_the_others(open_as: OpenAs, address: str) -> None:
    page = open_as("/terminals")
    _live(page)

    page.request.post(f"{address}/sign-out", headers={"Origin": address})

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_form_of_another_site_changes_nothing(open_as: OpenAs, site: Site, address: str) -> None:
    uuid = put_order(site.shelves)
    page = open_as(f"/orders/{uuid}")
    other = address.replace("127.0.0.1", "localhost")

    answer = page.request.post(
        f"{address}/orders/{uuid}/cancel", form={"reason": "x"}, headers={"Origin": other}
    )

    assert answer.status == 403
    page.reload()
    page.get_by_text("More steps").click()
    expect(page.get_by_role("button", name="Cancel this order")).to_be_visible()
