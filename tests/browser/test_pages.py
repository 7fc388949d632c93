"""Every page in a real Chromium: for each role, on a phone, in the dark, by keyboard."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from hub.domain.access import Role
from tests.builders.hub_records import SampleLine, SampleOrder
from tests.builders.lease_records import put_lease
from tests.fixtures.browser import DARK, PHONE, OpenAs, Screen, Site

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("pages in chromium")]

PAGES: Final = (
    "/orders",
    "/terminals",
    "/packs",
    "/packs/7",
    "/leases",
    "/messages",
    "/orders?q=nothing",
    "/nothing",
)
SCREENS: Final = pytest.mark.parametrize(
    "screen", [Screen(), DARK, PHONE], ids=["wide", "dark", "phone"]
)
LONG: Final = "Shree Balaji General Stores & Provision Merchants " + "A" * 60

# Reads each colour through a canvas, whatever the notation, and compares text with what is
# painted behind it; WCAG 2.2, 1.4.3 asks 4.5, and 3 for large text.
CONTRAST: Final = """() => {
  const context = Object.assign(document.createElement("canvas"), {width: 1, height: 1})
    .getContext("2d", {willReadFrequently: true});
  const read = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  const over = (top, below) => {
    const share = top[3] / 255;
    return [0, 1, 2].map((i) => top[i] * share + below[i] * (1 - share));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => element
    ? over(read(getComputedStyle(element).backgroundColor), behind(element.parentElement))
    : [255, 255, 255];
  const faults = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!texts.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const back = behind(element);
    const ratio = [light(over(read(style.color), back)), light(back)].sort((a, b) => b - a)
      .map((v) => v + 0.05).reduce((high, low) => high / low);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faults.push(`${ratio.toFixed(2)}: ${texts.currentNode.textContent.trim()}`);
    }
  }
  return faults;
}"""

UNNAMED: Final = """() => [
  ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter((field) => !field.labels.length && !field.ariaLabel),
  ...[...document.querySelectorAll("a, button, summary")]
    .filter((one) => !one.textContent.trim() && !one.ariaLabel),
  ...[...document.querySelectorAll("img:not([alt])")],
  ...[...document.querySelectorAll("[aria-live]:not([role=alert])")],
].map((element) => element.outerHTML)"""


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
    for status in ("confirmed", "confirmed_changed", "held", "rejected", "cancelled"):
        sample = SampleOrder(
            customer="C-003",
            terminal="shop-3",
            status=status,
            payable=123_456_750,
            lines=lines,
            near=("6 more and you get 2 free",),
        )
        uuid = site.shelves.order(sample)
    site.shelves.price_alarm(uuid, terminal="shop-3")
    return (*PAGES, f"/orders/{uuid}")


def _unfold(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_each_page_opens_for_each_role_without_an_error(
    open_as: OpenAs, paths: tuple[str, ...], role: Role
) -> None:
    page = open_as("/orders", role=role)

    for path in paths:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        _unfold(page)


@SCREENS
def test_no_page_scrolls_sideways(open_as: OpenAs, paths: tuple[str, ...], screen: Screen) -> None:
    page = open_as("/orders", screen=screen)

    for path in paths:
        page.goto(path)
        _unfold(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= screen.width, path


@SCREENS
def test_all_text_stands_out_from_its_background(
    open_as: OpenAs, paths: tuple[str, ...], screen: Screen
) -> None:
    page = open_as("/orders", screen=screen)

    for path in paths:
        page.goto(path)
        _unfold(page)
        assert page.evaluate(CONTRAST) == [], path


def test_the_system_setting_chooses_light_or_dark_and_may_change(open_as: OpenAs) -> None:
    page = open_as("/orders", screen=DARK)
    theme = page.locator("html")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.emulate_media(color_scheme="light")

    expect(theme).to_have_attribute("data-bs-theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_every_field_and_link_has_a_name_and_only_alerts_speak_up(
    open_as: OpenAs, paths: tuple[str, ...]
) -> None:
    page = open_as("/orders")

    for path in (*paths, "/sign-in"):
        page.goto(path)
        assert page.evaluate(UNNAMED) == [], path


def test_icons_are_drawn(open_as: OpenAs, paths: tuple[str, ...]) -> None:
    page = open_as(paths[0])

    boxes = page.evaluate(
        "[...document.querySelectorAll('svg.icon use')].map(u => u.getBBox().width)"
    )

    assert boxes
    assert all(width > 0 for width in boxes)


def test_everything_can_be_done_by_keyboard(open_as: OpenAs, paths: tuple[str, ...]) -> None:
    page = open_as(paths[-1].replace(paths[-1], "/orders"))

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
    uuid = site.shelves.order(SampleOrder(lines=(SampleLine(hostile),)))

    page = open_as(f"/orders/{uuid}")

    expect(page.get_by_text(hostile, exact=True)).to_be_visible()
    expect(page.locator("td img, td script")).to_have_count(0)
    assert "owned" not in page.title()
