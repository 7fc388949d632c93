"""What people at the order desk do by keyboard and scanner alone, key by key, in a real browser."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Page, expect

GS: Final = "\x1d"


class Keys:
    """A keyboard that counts what a person presses; a scanner's keys are nobody's."""

    def __init__(self, page: Page) -> None:
        self.page: Final = page
        self.pressed = 0
        self.typed = 0
        self.scans = 0

    def press(self, key: str) -> None:
        """Press one key, or several together."""
        self.pressed += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text; `typed` counts its letters among the keys that were pressed."""
        self.pressed += len(text)
        self.typed += len(text)
        self.page.keyboard.type(text)

    def scan(self, code: str) -> None:
        """Have a scanner type a code and end it with Enter."""
        self.scans += 1
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")


def approve_first(keys: Keys) -> None:
    """Approve the most urgent order of the inbox, which is open."""
    keys.press("a")
    keys.press("Enter")
    expect(keys.page.locator("[id^=first-]")).to_have_count(0)


def choose_customer(keys: Keys, name: str) -> Keys:
    """Say at the open page of a new order for whom it is; gives the keys to go on with."""
    expect(keys.page.get_by_label("Customer")).to_be_focused()
    keys.type(name)
    keys.press("Enter")
    expect(keys.page.locator("#add")).to_be_focused()
    return keys


def order_by_names(keys: Keys, products: Sequence[tuple[str, str]]) -> None:
    """Add three of each product by what is typed of its name, and confirm the order."""
    rows = keys.page.locator(".ow-entry-rows input[name=quantity]")
    for place, (typed, name) in enumerate(products, 1):
        keys.type(f"3*{typed}")
        keys.page.get_by_role("option", name=name).first.wait_for()
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(rows).to_have_count(place)
    _confirm(keys)


def order_by_scanner(keys: Keys, codes: Sequence[str]) -> None:
    """Scan a piece of each product, and confirm the order."""
    rows = keys.page.locator(".ow-entry-rows input[name=quantity]")
    for code in codes:
        keys.scan(code)
    expect(rows).to_have_count(len(codes))
    _confirm(keys)


def _confirm(keys: Keys) -> None:
    keys.press("Control+Enter")
    keys.page.wait_for_url("**/orders/0*")


def count_by_scanner(keys: Keys, gtin: str, batches: Sequence[str], *, document: int) -> None:
    """Count twelve pieces of each batch at the open page of a count, and hand it over."""
    for place, code in enumerate(batches, 1):
        keys.type("12*")
        keys.scan(f"]C1010{gtin}1727063010{code}")
        expect(keys.page.locator(f"#batch-{place}")).to_have_value(code)
        expect(keys.page.locator("#scan")).to_be_focused()
    keys.press("Control+Enter")
    keys.page.wait_for_url(f"**/stock/documents/{document}")


def find_order_by_phone(keys: Keys, phone: str) -> None:
    """Open the order of a shop that gave its phone number, from any page."""
    keys.press("Control+k")
    keys.type(phone)
    keys.page.locator(f"#found [data-of='{phone}'] a[href^='/orders/0']").first.wait_for()
    while keys.page.locator("#found [aria-selected=true][href^='/orders/0']").count() == 0:
        keys.press("ArrowDown")
    with keys.page.expect_navigation(url="**/orders/0*"):
        keys.press("Enter")


def read_customer(keys: Keys, name: str, product: str) -> None:
    """Read a customer's limit, open orders, and the price of a product, from any page."""
    keys.press("Control+k")
    keys.type(name)
    keys.page.locator(f"#found [data-of='{name}'] a[href^='/customers/']").first.wait_for()
    with keys.page.expect_navigation(url="**/customers/*"):
        keys.press("Enter")
    expect(keys.page.get_by_text("Credit limit").first).to_be_visible()
    expect(keys.page.get_by_role("heading", name="Open orders")).to_be_visible()
    keys.press("p")
    keys.type(product)
    keys.page.locator("#price-told dd").first.wait_for()
