"""The browser that pages are opened in: Chromium without a window.

Debian's `chromium-headless-shell` is Chromium's own engine without the windows, tabs and bars
around it: pages are the same, for half the processor time. A machine that has the whole program
alone uses that one, and what needs a device's notices does so everywhere.
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
WHOLE: Final = "chromium"
"""Chromium with its windows, also where nobody sees them: of the two it alone shows notices."""


def find_chromium() -> str | None:
    """Give the path of the installed program, or None."""
    return shutil.which("chromium-headless-shell") or shutil.which(WHOLE)


def open_chromium(playwright: Playwright, *options: str, program: str | None = None) -> Browser:
    """Start it, or another program, asking nobody on the net for anything; with more `options`."""
    path = shutil.which(program) if program else find_chromium()
    return playwright.chromium.launch(executable_path=path, args=[*_QUIET, *options])
