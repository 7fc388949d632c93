"""Answers of the hub that are long on their way to a page, and what a browser tells by itself."""

import re
import time
from collections.abc import Callable
from typing import Final

from playwright.sync_api import APIResponse, BrowserContext, Page, Route

from tests.fixtures.browser import WAIT_MS


def hear(context: BrowserContext, is_heard: Callable[[], bool], what: str) -> None:
    """Wait until a browser has told something; fails with what was waited for.

    What it tells by itself comes in between two questions to it.
    """
    end = time.monotonic() + WAIT_MS / 1_000
    while not is_heard():
        assert time.monotonic() < end, f"waited in vain: {what}"
        context.cookies()


class LateAnswer:
    """The hub's answer to what a page asks next of an address; all that it asks later is let go on.

    `await_hub` asks the hub, and no handler does: in the middle of one the page may ask again.
    """

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self._context: Final = page.context
        self._kept: list[Route] = []
        self._answer: APIResponse | None = None
        self._context.route(address, self._keep)

    def _keep(self, route: Route) -> None:
        if self._kept:
            route.continue_()
        else:
            self._kept.append(route)

    def await_hub(self) -> None:
        """Wait until the page has asked, and have the hub answer: of what it knows by now."""
        hear(self._context, lambda: bool(self._kept), "what the page asks")
        self._answer = self._kept[0].fetch(max_redirects=0)

    def arrive(self) -> None:
        """Have the answer come to the page."""
        self._kept[0].fulfill(response=self._answer)
