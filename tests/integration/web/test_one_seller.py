"""Where the company alone sells, no page says a word of sellers."""

import re
from collections.abc import Callable
from html import unescape

from fastapi.testclient import TestClient

from tests.fixtures.browser import Role

SignIn = Callable[[Role], TestClient]

FORMS = ("/targets/new", "/workdays", "/customers/new", "/users/new", "/reports/sales")


def words(text: str) -> str:
    """Give what people read of a page."""
    shown = re.sub(r"(?s)<(script|style|template)\b.*?</\1>|<[^>]*>", " ", text)
    return " ".join(unescape(shown).split())


def test_no_page_of_a_house_with_one_seller_says_a_word_of_sellers(sign_in: SignIn) -> None:
    client = sign_in("admin")
    menu = re.findall(r'<a class="nav-link[^>]*href="(/[^"#?]*)"', client.get("/").text)
    pages = {path: client.get(path) for path in (*menu, *FORMS)}

    telling = {
        path: [words(page.text)[one.start() - 60 : one.end() + 20] for one in found]
        for path, page in pages.items()
        if (found := list(re.finditer(r"[Ss]eller", words(page.text))))
    }

    assert len(menu) > 10
    assert {page.status_code for page in pages.values()} == {200}
    assert telling == {}
