"""The bench as a tester uses it, in Chromium: shelf, sheet, screen, paper, switches."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from simulators.devices import Fault
from tests.fixtures.benches import NEXT_DOOR, Bench
from tests.fixtures.printers import eventually

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("bench in chromium")]


@pytest.fixture
def page(chromium: Browser, bench: Bench) -> Iterator[Page]:
    """Open the bench; the page must log no error and ask nobody else for anything."""
    faults: list[str] = []

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(message.text)

    def note_request(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(bench.url).netloc:
            faults.append(request.url)

    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", note_console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", note_request)
    page.goto(bench.url)
    yield page
    context.close()
    assert faults == []


def test_a_click_on_a_tile_scans_it_and_the_terminal_shows_the_line(
    page: Page, bench: Bench
) -> None:
    page.get_by_role("button", name="Maggi masala noodles").click()

    expect(page.locator("#s-said")).to_have_text("1 x Maggi masala noodles 70 g")
    expect(page.locator("#s-lines tr")).to_have_text(
        [re.compile("^1 .Maggi masala noodles 70 g85.00$")]
    )
    expect(page.get_by_label("Find a product")).to_be_focused()
    assert bench.counter.codes == ["8901058000290"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8901719101038", "8901719101038"),
        ("(01)08901719101038(10)AB-1", "(01)08901719101038(10)AB-1"),
        ("OW-STATUS", "OW-STATUS"),
        ("coffee", "8901030865278"),
        ("no such thing", "no such thing"),
    ],
)
def test_enter_scans_a_code_as_typed_and_words_as_the_first_product_found(
    page: Page, bench: Bench, typed: str, code: str
) -> None:
    page.get_by_label("Find a product").fill(typed)
    page.keyboard.press("Enter")

    eventually(lambda: bench.counter.codes == [code], f"{code} to be scanned")
    expect(page.get_by_label("Find a product")).to_have_value("")


def test_typing_narrows_the_shelf(page: Page) -> None:
    page.get_by_label("Find a product").fill("bis par")

    expect(page.locator(".tile b")).to_have_text(["Parle-G biscuit 800 g"])
    expect(page.locator("#count")).to_contain_text("1 of 3 products")


def test_a_group_shows_its_products_alone_until_it_is_let_go(page: Page) -> None:
    noodles = page.locator("#groups").get_by_role("button", name="Noodles")
    noodles.click()
    expect(page.locator(".tile b")).to_have_text(["Maggi masala noodles 70 g"])

    noodles.click()

    expect(page.locator(".tile")).to_have_count(3)


def test_the_keys_of_the_sheet_scan_their_commands(page: Page, bench: Bench) -> None:
    for key in ("UNDO", "CANCEL", "REPRINT", "STATUS"):
        page.get_by_role("button", name=key).click()
    for quantity in (2, 3, 5, 6, 10, 12, 24, 100):
        page.get_by_role("button", name=str(quantity), exact=True).click()
    page.get_by_label("Other quantity").fill("144")
    page.get_by_role("button", name="QTY").click()

    commands = ["UNDO", "CANCEL", "REPRINT", "STATUS"]
    commands += [f"QTY-{n}" for n in (2, 3, 5, 6, 10, 12, 24, 100, 144)]
    expected = [f"OW-{command}" for command in commands]
    expect(page.locator("#s-said")).to_have_text("read OW-QTY-144")
    assert bench.counter.codes == expected


def test_a_submitted_order_prints_its_slip_line_by_line_down_to_the_cut(
    page: Page, bench: Bench
) -> None:
    page.get_by_role("button", name="SUBMIT").click()

    slip = page.locator(".slip.cut")
    expect(slip).to_be_visible()
    alts = [strip.get_attribute("alt") or "" for strip in slip.locator("img").all()]
    printed = [line for line in bench.printer.slips()[0].text.split("\n") if line.strip()]
    assert [alt.rstrip() for alt in alts] == printed
    first = slip.locator("img").first
    expect(first).to_have_js_property("complete", value=True)
    expect(first).to_have_js_property("naturalWidth", 576)


def test_a_page_opened_later_shows_the_same_slips(page: Page) -> None:
    page.get_by_role("button", name="SUBMIT").click()
    expect(page.locator(".slip.cut")).to_have_count(1)
    strips = page.locator(".slip .strip").count()

    page.reload()

    expect(page.locator(".slip.cut")).to_have_count(1)
    expect(page.locator(".slip .strip")).to_have_count(strips)


def test_an_open_cover_holds_the_slip_until_it_is_closed(page: Page, bench: Bench) -> None:
    cover = page.locator(".switches").get_by_text("Cover open")
    cover.click()
    expect(page.locator("#p-words")).to_have_text("Cover open")
    page.get_by_role("button", name="SUBMIT").click()
    expect(page.locator("#s-said")).to_have_text("Sent")
    held = bench.printer.slips()

    cover.click()

    expect(page.locator(".slip.cut")).to_have_count(1)
    expect(page.locator("#p-words")).to_have_text("Ready")
    assert held == ()


def test_a_fault_made_elsewhere_shows_on_the_switch_and_the_lamps(page: Page, bench: Bench) -> None:
    expect(page.locator("#p-words")).to_have_text("Ready")

    bench.printer.fail(Fault.PAPER_OUT)

    expect(page.get_by_label("Paper out")).to_be_checked()
    expect(page.locator("#p-paper")).to_have_attribute("data-on", "red")


def test_the_network_switch_cuts_and_restores(page: Page, bench: Bench) -> None:
    switch = page.locator(".switches").get_by_text("Network cut")

    with page.expect_response("**/network/on"):
        switch.click()
    cut = bench.network.is_cut
    with page.expect_response("**/network/off"):
        switch.click()

    assert cut
    assert not bench.network.is_cut
    expect(page.get_by_label("Network cut")).not_to_be_checked()


def test_slips_can_be_taken_away_and_zoomed(page: Page) -> None:
    page.get_by_role("button", name="SUBMIT").click()
    slip = page.locator(".slip.cut")
    expect(slip).to_be_visible()
    before = slip.bounding_box()

    page.get_by_role("button", name="Larger paper").click()
    after = slip.bounding_box()
    page.get_by_role("button", name="Clear slips").click()

    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]
    expect(page.locator(".slip")).to_have_count(0)
    expect(page.get_by_text("Slips come out here.")).to_be_visible()


def test_the_way_to_the_hub_is_shown_with_its_sign_in(page: Page) -> None:
    link = page.get_by_role("link", name="Orders at the hub")

    expect(link).to_have_attribute("href", "http://127.0.0.1:8123/orders")
    expect(page.locator("#sign-in")).to_have_text(re.compile("asha / correct horse"))


def test_a_terminal_that_is_off_says_so(page: Page, bench: Bench) -> None:
    expect(page.locator("#s-terminal")).to_have_text("counter-1")

    bench.counter.close_page()

    expect(page.locator("#s-said")).to_have_text("The terminal does not answer.")


def test_another_counter_is_one_click_away(page: Page) -> None:
    others = page.get_by_role("navigation", name="Other counters")

    expect(others.get_by_role("link")).to_have_text(["the counter next door"])
    expect(others.get_by_role("link")).to_have_attribute("href", NEXT_DOOR)
