"""A phone that shows notices by itself, and a leave that is granted, in a real Chromium."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.builders.browsers import WHOLE, open_chromium
from tests.builders.field_team import REP, entry, keep, session_of
from tests.builders.hub_records import Shelves
from tests.builders.late_answers import hear
from tests.builders.market import Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    serve_market,
)
from tests.builders.push_phones import PushPhone, coded
from tests.fixtures.browser import PHONE, OpenAs, enter

pytestmark = [pytest.mark.needs("whole chromium"), pytest.mark.xdist_group("work in chromium")]
WITH_SERVICE = """
([endpoint, point, secret]) => {
  // The browser's maker would give an endpoint: a test machine has no way to its push service.
  const plain = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = (text) => Uint8Array.from(plain(text), (one) => one.charCodeAt(0)).buffer;
  let own = null;
  const made = {
    endpoint,
    getKey: (name) => bytes(name === "auth" ? secret : point),
    unsubscribe: async () => { own = null; },
  };
  PushManager.prototype.subscribe = async () => (own = made);
  PushManager.prototype.getSubscription = async () => own;
}
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser that shows notices."""
    with sync_playwright() as playwright:
        browser = open_chromium(playwright, program=WHOLE)
        yield browser
        browser.close()


def deliver(page: Page, said: dict[str, str]) -> None:
    """Have the browser be told of a notice, as its push service does it."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []

    def note(event: dict[str, list[dict[str, str]]]) -> None:
        found.extend(
            one["registrationId"]
            for one in event["registrations"]
            if urlsplit(one["scopeURL"]).path == "/notices"
        )

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.send("ServiceWorker.enable")
    hear(page.context, lambda: bool(found), "the registration of the page's worker")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[-1], "data": json.dumps(said)},
    )


def test_a_person_has_a_device_show_notices_and_is_shown_one(
    open_as: OpenAs, market: Market
) -> None:
    phone = PushPhone("https://push.test/one")
    page = open_as("/sign-in", role=None, screen=PHONE)
    page.context.grant_permissions(["notifications"])
    enter(page, REP)
    page.goto("/notices")
    page.evaluate(WITH_SERVICE, [phone.endpoint, coded(phone.point), coded(phone.secret)])

    page.get_by_role("button", name="Show notices on this device").click()
    expect(page.get_by_role("button", name="Show none on this device")).to_be_visible()
    kept = market.rows("SELECT endpoint, point FROM push_device")
    deliver(page, {"title": "Corner", "body": "Second Shop: held", "url": "/orders/1", "tag": "1"})
    shown = page.evaluate(
        """async () => {
          const ready = await navigator.serviceWorker.getRegistration("/notices");
          for (let turn = 0; turn < 1000; turn += 1) {
            const [one] = await ready.getNotifications();
            if (one) return [one.title, one.body, one.data.url];
            await new Promise((go) => setTimeout(go, 20));
          }
          return [];
        }"""
    )
    page.get_by_role("button", name="Show none on this device").click()
    expect(page.get_by_role("button", name="Show notices on this device")).to_be_visible()

    assert kept == [(phone.endpoint, coded(phone.point))]
    assert shown == ["Corner", "Second Shop: held", "/orders/1"]
    assert market.rows("SELECT count(*) FROM push_device") == [(0,)]


def test_a_leave_is_granted_on_the_team_s_page_and_the_phone_says_so(
    open_as: OpenAs, phone: Open, market: Market
) -> None:
    Shelves(market.database).user("meena", "manager")
    keep(market, session_of(market, REP), entry("leave", day="2026-11-23", why="wedding"))
    desk = open_as("/sign-in", role=None)
    enter(desk, "meena")
    desk.goto("/field/team?first=2026-11-16&last=2026-11-22")
    row = desk.get_by_role("row").filter(has_text="wedding")
    expect(row).to_contain_text("waits for a word")

    row.get_by_role("button", name="Grant").click()

    expect(desk.get_by_role("row").filter(has_text="wedding")).to_contain_text("granted")
    assert market.rows("SELECT granted, decided_by FROM attendance") == [(1, "meena")]
    page = phone()
    page.goto("/field#/leave")
    expect(page.get_by_text("23 Nov 2026: granted")).to_be_visible()
