"""What axe-core finds wrong with a page: its file stands beside the tests in the browser."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_AXE: Final = Path(__file__).parents[1] / "browser" / "axe-core-4.14.1" / "axe.min.js"
_RUN: Final = "axe.run(document, {resultTypes: ['violations']})"


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """Give the rules that a page breaks once it is there, each with the first place that does."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(_RUN)
    return [
        f"{page.url}: {one['id']} at {one['nodes'][0]['target']}" for one in found["violations"]
    ]
