"""Products by page: found by their codes, with their stock, changed and stopped."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


def test_a_product_is_found_by_its_bar_code_also_with_a_zero_before_it(sign_in: SignIn) -> None:
    client = sign_in("manager")

    found = client.get("/products", params={"q": "08901234567894"}).text

    assert "/products/TEA" in found
    assert "/products/SOAP" not in found


def test_a_products_page_tells_its_codes_and_its_stock_by_batch(
    sign_in: SignIn, market: Market
) -> None:
    market.place(("TEA", 4))

    page = words(sign_in("manager").get("/products/TEA").text)

    assert "8901234567894" in page
    assert re.search(r"MAIN T-EARLY .*? 6 4 ", page)


def test_selling_is_stopped_by_page_and_the_history_says_who_did(sign_in: SignIn) -> None:
    client = sign_in("manager")
    sent = fields(client.get("/products/SOAP/change").text)

    answer = client.post(
        "/products/SOAP/change",
        data={**sent, "active": "no", "mrp": "1250.50", "why": "not made any more"},
    )
    page = words(client.get("/products/SOAP").text)

    assert answer.status_code in {200, 303}
    assert "not sold" in page
    assert "not made any more" in page
    assert "On sale → Not sold any more" in page
    assert re.search(r"MRP\b.{0,20}→ 1,250\.50", page)
    assert "12505000" not in page
    assert "/products/SOAP" in unescape(client.get("/products?status=stopped").text)


def test_a_product_is_added_by_page_and_a_wrong_bar_code_stands_at_its_field(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")
    sent = {**fields(client.get("/products/new").text), "sku": "JAM", "name": "Jam"}

    wrong = client.post("/products/new", data={**sent, "gtins": "8901230000000"})
    done = client.post(
        "/products/new", data={**sent, "gtins": "8901230000001"}, follow_redirects=False
    )

    assert wrong.status_code == 422
    assert "8901230000001" in words(wrong.text)
    assert done.headers["location"] == "/products/JAM"


def test_who_sells_looks_and_does_not_change(sign_in: SignIn) -> None:
    client = sign_in("sales")

    assert client.get("/products/TEA").status_code == 200
    assert client.get("/products/TEA/change").status_code == 403
    assert client.get("/products/NOTHING").status_code == 404


@pytest.mark.parametrize("path", ["/products", "/products/TEA"])
def test_the_pages_are_there_in_hindi(sign_in: SignIn, path: str) -> None:
    client = sign_in("manager")
    client.cookies.set("orderwire_language", "hi")

    assert "माल" in words(client.get(path).text)


def test_a_products_labels_have_the_bars_of_each_of_its_codes(sign_in: SignIn) -> None:
    client = sign_in("auditor")

    page = client.get("/products/TEA/labels?copies=3&paper=label").text

    assert page.count('aria-label="8901234567894"') == 3
    assert "has no bar code" in client.get("/products/SOAP/labels").text
    assert client.get("/products/NOTHING/labels").status_code == 404
