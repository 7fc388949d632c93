"""How the rep's phone opens: bytes of the first open, milliseconds without a line on a slow phone.

A rep with 300 outlets, 40 of them on today's way. The page is opened once over a line, and then
with the line cut, its scripts run at a sixth of this machine's speed. Told are the bytes that came
over the line, and the time from the tap to the first outlet on the screen, the middle of five.
Goals: 150 kB at most, and one second. There is nothing to compare with but these goals.
Run it with: ./orderwire bench phone --json
"""

import argparse
import json
import os
import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from hub.base.access import EVERYTHING
from hub.desk.field.model.fields import BeatFields
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.serving.server import WebServer
from tests.builders.browsers import open_chromium
from tests.builders.field_team import REP, field_of, send_rep
from tests.builders.market import FILES, Market, open_market
from tests.fixtures.browser import enter

OUTLETS: Final = 300
ON_THE_WAY: Final = 40
SLOWER: Final = 6
TIMES: Final = 5
MOST_BYTES: Final = 150_000
MOST_MS: Final = 1_000
_WATCH: Final = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("main a.card")) return;
  window.openedAfter = performance.now();
  watch.disconnect();
}).observe(document, {childList: true, subtree: true});
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        place = Path(folder)
        with open_market(f"sqlite:///{place / 'hub.db'}", place / "files") as market:
            _fill(market)
            figures = _measure(market)
    print(json.dumps(figures) if arguments.json else figures)


def _fill(market: Market) -> None:
    """Give the rep outlets, and a way of some of them today."""
    codes = [f"P{number:03}" for number in range(OUTLETS)]
    rows = [f"{one},Outlet {one} of the bazaar,retailer,IN/KA,active,none,," for one in codes]
    market.load(customers=FILES["customers.csv"] + "\n".join([*(r[:-1] for r in rows), ""]))
    send_rep(market, beat=tuple(codes[:ON_THE_WAY]))
    customers = market.hub.ground.part(CustomerActs)
    for code in codes:
        customers.map(code, "rep", Span(REP, date(2026, 11, 1)), by="asha", scope=EVERYTHING)
    beat = BeatFields("B-2", "Bazaar", tuple(codes[:ON_THE_WAY]))
    field_of(market).plan.add(beat, by="asha", scope=EVERYTHING)


def _measure(market: Market) -> dict[str, Any]:
    server = WebServer(create_app(frame_of(market.hub)), host="127.0.0.1", port=0)
    address = server.start()
    try:
        with sync_playwright() as playwright:
            browser = open_chromium(playwright)
            told = _open(browser, address)
            browser.close()
    finally:
        server.stop()
    bytes_, opened = told
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        "outlets": OUTLETS,
        "first_open_bytes": bytes_,
        "offline_open_ms": [round(one) for one in opened],
        "offline_open_p50_ms": round(statistics.median(opened)),
        "goals": {
            "most_bytes": MOST_BYTES,
            "most_ms": MOST_MS,
            "kept": bytes_ <= MOST_BYTES and statistics.median(opened) <= MOST_MS,
        },
    }


def _open(browser: Browser, address: str) -> tuple[int, list[float]]:
    """Open the page over a line, then without one; gives the bytes and each time in ms."""
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/sign-in")
    enter(page, REP)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: list[int] = []
    client.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))
    page.goto("/field")
    page.locator("main a.card").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    first = sum(sizes)
    page.reload()  # from now on the worker answers
    page.locator("main a.card").first.wait_for()
    context.set_offline(True)
    page.add_init_script(_WATCH)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return first, [_opened_after(page) for _ in range(TIMES)]


def _opened_after(page: Page) -> float:
    page.goto("about:blank")
    page.goto("/field")
    page.locator("main a.card").first.wait_for()
    return float(page.evaluate("window.openedAfter"))


if __name__ == "__main__":
    main()
