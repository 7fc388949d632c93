"""Renew the README's pictures from the running demo: the bench, the hub's pages and a slip.

Run it from the project's folder, with the tests' environment set up:
.venv/bin/python docs/renew_pictures.py
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
SIZE = {"width": 1440, "height": 900}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE_MS = 60_000
SCANS = ("biscuits", "tea", "chocolate")


def main() -> None:
    """Start a demo, be its shopkeeper and its staff for a minute, and take the pictures."""
    with tempfile.TemporaryDirectory(prefix="orderwire-pictures-") as folder:
        command = [sys.executable, "-m", "simulators", "demo", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
            lines = demo.stdout or ()
            ready = next(line for line in lines if line.startswith("ready "))
            try:
                _take(json.loads(ready.removeprefix("ready ")))
            finally:
                demo.terminate()


def _take(where: Mapping[str, str]) -> None:
    with sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        _order_at_the_bench(browser, where["bench"])
        _look_at_the_hub(browser, where)
        browser.close()


def _order_at_the_bench(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.goto(url)
    for words, quantity in zip(SCANS, ("12", "3", "24"), strict=True):
        page.get_by_role("searchbox").fill(words)
        page.locator(".tile:visible").first.click()
        page.get_by_role("button", name=quantity, exact=True).click()
    page.locator("[data-scan=OW-SUBMIT]").click()
    expect(page.locator("#s-last")).to_contain_text("CONFIRMED", timeout=PATIENCE_MS)
    page.locator(".slip.cut").first.wait_for(timeout=PATIENCE_MS)
    with urlopen(urljoin(url, "/paper/1.png")) as slip:  # noqa: S310  # the bench's own address
        (PICTURES / "slip.png").write_bytes(slip.read())
    page.screenshot(path=PICTURES / "bench.png")


def _look_at_the_hub(browser: Browser, where: Mapping[str, str]) -> None:
    page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
    page.goto(where["hub"])
    page.get_by_label("Name").fill(where["user"])
    page.get_by_label("Password").fill(where["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/orders*")
    page.locator("tbody tr").nth(12).wait_for(timeout=PATIENCE_MS)
    page.screenshot(path=PICTURES / "orders.png")
    _open(page, where["hub"] + "/orders?q=counter-1")
    page.locator("tbody tr a").first.click()
    page.get_by_text("Why: every step of the decision").click()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.screenshot(path=PICTURES / "order.png")
    _open(page, where["hub"] + "/terminals")
    page.screenshot(path=PICTURES / "terminals.png")


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("tbody tr").first.wait_for()


if __name__ == "__main__":
    main()
