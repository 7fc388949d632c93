"""A form whose answer is shown once is sent once, however often its button is pressed."""

import pytest
from playwright.sync_api import Page

from tests.fixtures.browser import OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
SHOWN = "(persisted) => dispatchEvent(new PageTransitionEvent('pageshow', {persisted}))"
# Every press that reaches the form, and whether the page lets it be sent: asked of the page itself,
# as a request that Chromium has not begun yet would be missed by who counts requests.
NOTED = """() => {
  window.lets = [];
  addEventListener("submit", (event) => window.lets.push(!event.defaultPrevented));
}"""


def press_twice(page: Page, *, persisted: bool) -> list[bool]:
    """Press Enter again after the page was shown, and give which presses the page lets be sent."""
    page.route("**/programs", lambda route: route.fulfill(status=204))  # the page stays
    page.evaluate(NOTED)
    page.get_by_label("Program", exact=True).fill("Till")
    with page.expect_request("**/programs"):
        page.keyboard.press("Enter")
    page.evaluate(SHOWN, persisted)
    page.keyboard.press("Enter")
    lets: list[bool] = page.evaluate("window.lets")
    return lets


def test_a_form_on_its_way_is_not_sent_again_once_its_page_has_been_loaded(
    open_as: OpenAs,
) -> None:
    assert press_twice(open_as("/programs", role="admin"), persisted=False) == [True, False]


def test_who_comes_back_to_a_page_as_it_was_left_may_send_its_form_again(open_as: OpenAs) -> None:
    assert press_twice(open_as("/programs", role="admin"), persisted=True) == [True, True]
