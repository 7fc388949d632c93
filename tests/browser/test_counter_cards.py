"""An operator's card from the hub's page to an order: printed, scanned off the screen, named."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_enrolment import signed_in
from tests.builders.accessible import barriers
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.new_device import NewDevice
from tests.scenarios.test_enrolment import claim

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("enrolment in chromium")]


def test_an_operator_gets_a_card_at_the_hub_and_orders_with_it(
    chromium: Browser, hub_process: HubProcess, new_device: NewDevice
) -> None:
    page = signed_in(chromium, hub_process)
    slip = claim(hub_process, "shop-9")
    page.goto("/terminals/shop-9")
    page.get_by_role("link", name="Operators and cards").click()
    page.locator("#name").fill("Asha Rao")
    page.get_by_role("button", name="Add an operator").click()
    pin = page.locator(".ow-secret").inner_text()
    page.get_by_label("Every order needs an operator").select_option("true")
    page.get_by_role("button", name="Keep").click()
    page.locator("#customer").fill("C1")
    page.get_by_role("button", name="Add a customer").click()
    expect(page.locator("#content")).to_contain_text("An operator is needed: yes")
    found = barriers(page)
    page.get_by_role("link", name="Print the cards").click()
    expect(page.locator(".ow-label svg").nth(2)).to_be_visible()
    labels = [str(one.get_attribute("aria-label")) for one in page.locator(".ow-label svg").all()]
    found += barriers(page)
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(slip)
    new_device.until_ready()
    new_device.until_selling()
    for code in (labels[2], "TEA", "OW-SUBMIT", labels[0], pin, "OW-SUBMIT"):
        new_device.scanner.scan(code)
    printed = new_device.until_printed("CONFIRMED", "Tea")
    page.goto("/orders")
    page.locator("tbody a").first.click()

    assert "Ordered by Asha Rao (ASHA-1)" in printed
    assert "(C1)" in printed
    expect(page.locator("#record")).to_contain_text("Asha Rao (ASHA-1)")
    assert found == []
    page.context.close()
