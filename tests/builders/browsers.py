"""The browser that pages are opened in: Chromium without a window.

Debian's `chromium-headless-shell` is Chromium's own engine without the windows, tabs and bars
around it: pages are the same, for half the processor time. A machine that has the whole program
alone uses that one.
"""

import shutil
from typing import Final

from playwright.sync_api import Browser, Playwright

_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Give the path of the installed program, or None."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def open_chromium(playwright: Playwright, *options: str) -> Browser:
    """Start it, asking nobody on the net for anything; `options` are for it alone."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=[*_QUIET, *options])
