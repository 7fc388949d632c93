"""Where the company alone sells, no page says a word of sellers."""

import re
from collections.abc import Callable
from html import unescape

from fastapi.testclient import TestClient

from tests.fixtures.browser import Role

SignIn = Callable[[Role], TestClient]
PAGES = (
    "/",
    "/orders",
    "/customers",
    "/stock",
    "/users",
    "/reports",
    "/reports/sales",
    "/workdays",
)


def words(text: str) -> str:
    """Give what people read of a page."""
    shown = re.sub(r"(?s)<(script|style|template)\b.*?</\1>|<[^>]*>", " ", text)
    return " ".join(unescape(shown).split())


def test_pages_of_a_house_with_one_seller_say_no_word_of_sellers(sign_in: SignIn) -> None:
    client = sign_in("admin")
    pages = {path: client.get(path) for path in PAGES}

    telling = [path for path, page in pages.items() if "seller" in words(page.text).lower()]

    assert {page.status_code for page in pages.values()} == {200}
    assert telling == []
    assert 'name="seller"' not in client.get("/targets/new").text
