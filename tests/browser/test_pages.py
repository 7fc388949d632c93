"""Every page in a real Chromium: for each role, on a phone, in the dark, by keyboard."""

from dataclasses import replace
from typing import Final

import pytest
from playwright.sync_api import expect

from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.model import Approver
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.life import STATUSES
from hub.desk.orders.model.reasons import Reason
from rules import ApprovalNeed, Minor, OfferTerms
from tests.builders.lease_records import put_lease
from tests.builders.legible import faults_on, unfold
from tests.builders.order_records import SampleLine, SampleOrder, put_order
from tests.fixtures.browser import DARK, NARROW, PHONE, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("pages in chromium")]

PAGES: Final = (
    "/",
    "/orders",
    "/orders?status=held&group=customer&cols=number,customer,status,payable,date",
    "/approvals",
    "/field",
    "/field/beats",
    "/field/interactions",
    "/field/surveys",
    "/field/tasks",
    "/field/team",
    "/find?q=shop",
    "/reports/targets",
    "/targets",
    "/targets/new",
    "/webhooks",
    "/terminals",
    "/packs",
    "/packs/7",
    "/leases",
    "/messages",
    "/orders?q=nothing",
    "/nothing",
)
SCREENS: Final = {
    "light": (Screen(1920, 1080), PHONE, NARROW),
    "dark": (DARK, PHONE, NARROW),
}
"""The windows in which each page is looked at, by the colours that it has."""
LONG: Final = "Shree Balaji General Stores & Provision Merchants " + "A" * 60

# What the hub itself says in headings, labels and buttons: without what others wrote in `bdi`.
ENGLISH: Final = """() => [
  ...document.querySelectorAll(
    "h1, h2, th, dt, label, summary, .ow-chip, .ow-nav a, .ow-bottom a, .ow-badge, button.btn"),
].map((element) => {
  const own = element.cloneNode(true);
  own.querySelectorAll("bdi, pre, kbd").forEach((other) => other.remove());
  return own.textContent.trim();
}).filter((text) => /[A-Za-z]{4}/.test(text))"""


@pytest.fixture
def paths(site: Site) -> tuple[str, ...]:
    """Fill the shelves and list every page there is, with something on each."""
    site.shelves.customer("C-003", LONG)
    site.shelves.terminal("shop-3", customer="C-003")
    waiting = {"queued": 120, "oldest_ms": 7_200_000, "printer": "cover_open"}
    site.shelves.presence("shop-3", **waiting, pack_reason="pack_key_missing")
    site.shelves.remark("A slip may not have printed " + "x" * 80)
    put_lease(site.shelves, "RICE-IN-NOVEMBER-" + "A" * 23, "shop-3", scope="total@2026-11-21")
    put_lease(site.shelves, "RICE", "shop-3", amount=123_456_750, of_amount=1_234_567_500)
    site.shelves.refused(payload=b'{"v":1,"x":"' + b"y" * 600 + b'"}')
    lines = (
        SampleLine(LONG, total=123_456_750),
        SampleLine(unit="CASE", pack_size=6, pack_price=6_297_000, mrp=1_500_000, batch="B7"),
        SampleLine("Soap", 2, free=True),
    )
    sample = SampleOrder(
        customer="C-003",
        terminal="shop-3",
        payable=123_456_750,
        lines=lines,
        near=("6 more and you get 2 free",),
    )
    for status in STATUSES:
        site.shelves.price_alarm(
            put_order(site.shelves, replace(sample, status=status)), terminal="shop-3"
        )
    return (*PAGES, _held(site, sample), _changed(site, sample))


def _held(site: Site, sample: SampleOrder) -> str:
    """Put an order that waits for the second of two people, and for a third besides."""
    over, big = "credit_limit_exceeded", "approval_required"
    amount = Minor(sample.payable)
    steps = (("manager", "area_manager"), ("admin",))
    needs = (
        ApprovalNeed(over, "AP-CREDIT", steps, amount, within_min=90),
        ApprovalNeed(big, "AP-BIG", (("admin",),), amount, offer=OfferTerms(smaller=True)),
    )
    reasons = (Reason(over, {"text": "the limit is 50,000.00"}, "CR-1"),)
    held = replace(sample, status="held", needs=needs, reasons=reasons)
    uuid = put_order(site.shelves, held)
    approvals = site.hub.ground.part(ApprovalActs)
    approvals.release(uuid, by=Approver("meena", ("manager",)), why="pays on Friday " + "x" * 80)
    return f"/orders/{uuid}"


def _changed(site: Site, sample: SampleOrder) -> str:
    """Put an order of three revisions."""
    uuid = put_order(site.shelves, replace(sample, changed=True))
    orders = site.hub.ground.part(OrderActs)
    orders.hold(uuid, by="sunil", why="the address is wrong " + "x" * 80)
    orders.cancel(uuid, by="sunil", why="nobody is there")
    return f"/orders/{uuid}"


@pytest.mark.parametrize("colours", SCREENS)
def test_each_page_fits_every_screen_can_be_read_and_names_its_fields(
    open_as: OpenAs, paths: tuple[str, ...], colours: str
) -> None:
    screens = SCREENS[colours]
    page = open_as("/orders", screen=screens[0])

    for path in (*paths, "/sign-in"):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert faults_on(page, *screens) == []


def test_no_page_in_hindi_scrolls_sideways_on_a_phone_or_shows_an_english_word(
    open_as: OpenAs, paths: tuple[str, ...]
) -> None:
    page = open_as("/orders", role="admin", screen=PHONE, locale="hi-IN")

    for path in paths:
        page.goto(path)
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width, path
        assert page.evaluate(ENGLISH) == [], path


def test_no_word_of_a_reports_menus_is_cut_off_in_hindi_on_a_phone(open_as: OpenAs) -> None:
    page = open_as("/reports/customer_performance", role="admin", screen=PHONE, locale="hi-IN")

    cut = page.evaluate(
        "[...document.querySelectorAll('.ow-listmenus > .ow-menu > summary')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"
    )

    assert page.locator(".ow-listmenus > .ow-menu > summary").count() > 3
    assert cut == []


@pytest.mark.parametrize("colours", SCREENS)
def test_what_is_asked_in_a_dialog_fits_every_screen_and_can_be_read(
    open_as: OpenAs, paths: tuple[str, ...], colours: str
) -> None:
    screens = SCREENS[colours]
    page = open_as("/orders", role="admin", screen=screens[0])

    for dialog in ("Offer something else", "Refuse", "Cancel this order"):
        page.goto(paths[-2])
        unfold(page)
        page.get_by_role("button", name=dialog, exact=True).click()
        asked = page.get_by_role("dialog")
        assert faults_on(page, *screens, inside=asked) == [], dialog


def test_the_system_setting_chooses_light_or_dark_and_may_change(open_as: OpenAs) -> None:
    page = open_as("/orders", screen=DARK)
    theme = page.locator("html")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.emulate_media(color_scheme="light")

    expect(theme).to_have_attribute("data-bs-theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_a_field_of_codes_is_as_wide_and_as_dark_as_the_others(open_as: OpenAs) -> None:
    page = open_as("/claims/new", role="admin", screen=DARK)
    look = "one => [one.offsetWidth, getComputedStyle(one).backgroundColor]"
    other = page.locator("#f-until")

    assert page.locator("#f-funder").evaluate(look) == other.evaluate(look)


def test_a_second_click_adds_no_second_webhook_and_keeps_the_secret(open_as: OpenAs) -> None:
    page = open_as("/webhooks", role="admin")
    page.get_by_label("Name").fill("Accounts")
    page.get_by_label("Address").fill("https://accounts.test/in")
    page.get_by_label("An order came in").check()

    page.get_by_role("button", name="Add a webhook").dblclick()

    expect(page.locator(".ow-secret")).to_contain_text("whsec_")
    page.goto("/webhooks")
    expect(page.get_by_role("link", name="Accounts", exact=True)).to_have_count(1)


def test_icons_are_drawn(open_as: OpenAs, paths: tuple[str, ...]) -> None:
    page = open_as(paths[0])

    boxes = page.evaluate(
        "[...document.querySelectorAll('svg.icon use')].filter(u => u.checkVisibility())"
        ".map(u => u.getBBox().width)"
    )

    assert boxes
    assert all(width > 0 for width in boxes)


@pytest.mark.usefixtures("paths")
def test_everything_can_be_done_by_keyboard(open_as: OpenAs) -> None:
    page = open_as("/orders")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("shop-3-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders?q=shop-3-1")
    page.get_by_role("link", name="shop-3-1", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("shop-3-1")


def test_a_hostile_name_stays_text(open_as: OpenAs, site: Site) -> None:
    hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    uuid = put_order(site.shelves, SampleOrder(lines=(SampleLine(hostile),)))

    page = open_as(f"/orders/{uuid}")

    expect(page.get_by_text(hostile, exact=True)).to_be_visible()
    expect(page.locator("td img, td script")).to_have_count(0)
    assert "owned" not in page.title()


def test_a_code_is_typed_in_a_field_like_all_others(open_as: OpenAs) -> None:
    page = open_as("/field/surveys/new", role="admin", screen=DARK)
    expect(page.locator("input[name=code]")).to_be_visible()

    looks = page.locator("main input.form-control:visible").evaluate_all(
        """(all) => all.map((one) => {
          const {color, backgroundColor} = getComputedStyle(one);
          return `${color} on ${backgroundColor}, ${Math.round(one.offsetWidth)} wide`;
        })"""
    )

    assert len(looks) > 1
    assert len(set(looks)) == 1


def test_who_is_not_signed_in_reads_a_fault_in_the_middle_of_the_window(open_as: OpenAs) -> None:
    page = open_as("/nothing", role=None)

    box = page.get_by_role("heading", name="There is no such page").bounding_box()

    middle = page.evaluate("document.documentElement.clientWidth / 2")
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - middle) < 2
