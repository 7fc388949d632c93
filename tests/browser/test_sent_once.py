"""A form whose answer is shown once is sent once, however often its button is pressed."""

import pytest
from playwright.sync_api import Page

from tests.fixtures.browser import OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
SHOWN = "(persisted) => dispatchEvent(new PageTransitionEvent('pageshow', {persisted}))"


def press_twice(page: Page, *, persisted: bool) -> list[str]:
    """Press Enter again after the page was shown, and give what was sent."""
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.route("**/programs", lambda route: route.fulfill(status=204))  # the page stays
    page.get_by_label("Program", exact=True).fill("Till")
    with page.expect_request("**/programs"):
        page.keyboard.press("Enter")
    page.evaluate(SHOWN, persisted)
    page.keyboard.press("Enter")
    page.evaluate("fetch('/sign-in').then(() => null)")  # asked after whatever the key has sent
    return sent


def test_a_form_on_its_way_is_not_sent_again_once_its_page_has_been_loaded(
    open_as: OpenAs,
) -> None:
    sent = press_twice(open_as("/programs", role="admin"), persisted=False)

    assert len(sent) == 1


def test_who_comes_back_to_a_page_as_it_was_left_may_send_its_form_again(open_as: OpenAs) -> None:
    sent = press_twice(open_as("/programs", role="admin"), persisted=True)

    assert len(sent) == 2
