"""A rep's phone in a real Chromium, on the page of a market's hub; and what the phone keeps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.builders.field_team import REP, send_rep
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.market import NOON, Market, open_copy
from tests.fixtures.browser import PHONE, OpenAs, Site

Open = Callable[..., Page]


@pytest.fixture(name="market")
def open_phones_market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a rep on a beat."""
    with open_copy(sqlite_market, tmp_path) as opened:
        send_rep(opened)
        yield opened


@pytest.fixture(name="site")
def serve_market(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


@pytest.fixture(name="phone")
def open_phones(open_as: OpenAs) -> Open:
    """Open the phone's page as the rep, with the page kept for when there is no line."""

    def open_phone(locale: str = "en-US") -> Page:
        page = open_as("/field", user=REP, screen=PHONE, locale=locale)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 12.9716, "longitude": 77.5946, "accuracy": 10})
        expect(page.locator("a.card").first).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return page

    return open_phone


def states(page: Page) -> list[str]:
    """Give the states of all that the phone keeps."""
    found: list[str] = page.evaluate(
        "fieldStore.all().then((rows) => rows.map((row) => row.state))"
    )
    return found


def sent(page: Page, count: int) -> None:
    """Wait until the hub has so many entries of the phone."""
    page.evaluate(
        """async (count) => {
          for (let turn = 0; turn < 1000; turn += 1) {
            const rows = await fieldStore.all();
            if (rows.filter((row) => row.state === "done").length === count) return;
            await new Promise((go) => setTimeout(go, 20));
          }
          throw new Error("they do not reach the hub");
        }""",
        count,
    )


def typed(page: Page) -> None:
    """Wait until the phone has written down what was typed by now."""
    page.evaluate("fieldStore.kept('etag').then(() => true)")  # it waits for what is being written


class BadLine:
    """A line that loses an upload, then an answer, then answers with a page; each fourth comes."""

    def __init__(self, page: Page, *paths: str, status: int, body: str) -> None:
        self.cuts = 0
        self._status, self._body = status, body
        for path in paths:
            page.context.route(path, self._cut)

    def _cut(self, route: Route) -> None:
        self.cuts += 1
        if self.cuts % 4 == 1:
            route.abort("connectionreset")
        elif self.cuts % 4 == 2:
            route.fetch()
            route.abort("connectionreset")
        elif self.cuts % 4 == 3:
            route.fetch()
            route.fulfill(status=self._status, body=self._body)
        else:
            route.continue_()


def told(page: Page) -> None:
    """Wait until the phone has asked the hub at the time that its clock shows, which stands."""
    page.evaluate(
        """async () => {
          for (let turn = 0; turn < 1000; turn += 1) {
            if (await fieldStore.kept("told_at") === Date.now()) return;
            await new Promise((go) => setTimeout(go, 20));
          }
          throw new Error("the hub tells it nothing");
        }"""
    )


def told_again(page: Page) -> None:
    """Have the phone ask the hub in the midst of what its person does, and the view hear of it."""
    page.evaluate(
        """async () => {
          const isHeard = new Promise((go) => fieldSync.hear(go));
          await fieldSync.again();
          await isHeard;
          // What was told is read by then.
          for (let turn = 0; turn < 20; turn += 1) await fieldStore.all();
        }"""
    )
