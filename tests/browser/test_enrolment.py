"""A new shop's terminal in a real Chromium: added, its slip scanned off the screen, approved."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders.accessible import barriers
from tests.fixtures.browser import WAIT_MS
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.new_device import NewDevice
from tests.fixtures.printers import codes_in

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("enrolment in chromium")]
PASSWORD = "a sentence that nobody guesses"


def signed_in(chromium: Browser, hub: HubProcess) -> Page:
    """Open the hub's pages as its owner."""
    added = hub.command(
        "user", "add", "asha", "--role", "owner", "--password-stdin", typed=f"{PASSWORD}\n"
    )
    assert added.returncode == 0, added.stderr
    context = chromium.new_context(
        base_url=hub.ready["http"], viewport={"width": 1280, "height": 900}, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto("/sign-in")
    page.locator("#name").fill("asha")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def test_a_terminal_is_added_enrolled_approved_and_sells(
    chromium: Browser, hub_process: HubProcess, new_device: NewDevice
) -> None:
    page = signed_in(chromium, hub_process)
    new_device.start()
    new_device.until_asking()

    page.goto("/terminals")
    page.get_by_role("link", name="Add a terminal").click()
    page.locator("#f-terminal").fill("shop-9")
    page.locator("#f-customer").fill("C2")
    page.locator("#f-warehouse").select_option("MAIN")
    page.locator("button[type=submit]", has_text="Add a terminal").click()
    page.wait_for_url("**/terminals/shop-9")
    expect(page.locator("#record")).to_contain_text("No machine has this terminal's access yet")
    page.get_by_role("button", name="Make an enrolment slip").first.click()
    page.get_by_label("Have a person here approve the machine").check()
    page.locator("#claim button[type=submit]").click()
    expect(page.get_by_role("heading", name="Enrolment slip of shop-9")).to_be_visible()
    code = codes_in(page.locator(".ow-claim").screenshot())["QR Code"]
    slip_barriers = barriers(page)

    new_device.scanner.scan(code)
    said = new_device.until_printed("has to approve this machine")
    expect(page.locator("#progress")).to_contain_text("A machine waits for approval")
    number = page.locator("#progress strong").inner_text()
    slip_barriers += barriers(page)
    page.locator("#progress").get_by_role("button", name="Approve the machine").click()
    expect(page.locator("#record")).to_contain_text("was enrolled with the slip")
    new_device.until_ready()
    expect(page.locator("#record")).to_contain_text("Online")
    new_device.until_selling()
    new_device.scanner.scan("TEA")
    new_device.scanner.scan("OW-SUBMIT")
    new_device.until_printed("CONFIRMED", "Tea")

    assert re.search(rf"\b{number}\b", said)
    assert [*slip_barriers, *barriers(page)] == []
    page.goto("/orders")
    expect(page.locator("#content")).to_contain_text("Second Shop")
    page.context.close()
