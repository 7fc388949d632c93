"""Entering an order with keys and a scanner alone, in a real Chromium."""

import pytest
from playwright.sync_api import expect

from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("entry in chromium")]


def test_an_order_is_scanned_typed_seen_and_confirmed_without_a_mouse(
    open_as: OpenAs, market: Market
) -> None:
    page = open_as("/orders/new", role="sales")
    keys, rows = page.keyboard, page.locator(".ow-entry-rows input[name=quantity]")
    expect(page.get_by_label("Customer")).to_be_focused()

    keys.type("second")
    keys.press("Enter")
    for code in ("8901234567894", "12*SOAP", "8901234567894", "2*TEA@CASE"):
        keys.type(code)
        keys.press("Enter")
    keys.type("3*ho")
    page.get_by_role("option", name="Honey").wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(rows).to_have_count(4)
    expect(page.locator("#verdict")).to_contain_text("₹3,215.00")
    expect(page.get_by_label("Add a line")).to_be_focused()
    taken = [rows.nth(place).input_value() for place in range(4)]
    keys.press("Control+Enter")
    page.wait_for_url("**/orders/0*")

    assert taken == ["2", "12", "2", "3"]
    assert market.rows("SELECT number, status FROM order_") == [("S-000001", "allocated")]
