"""Products of stock documents found by what is typed of their names, as in order entry."""

from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.builders.market import Market
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import words
from tests.integration.web.test_stock_pages import (  # noqa: F401 -- two are fixtures
    lines,
    open_two_warehouses,
    scan,
    serve_two_warehouses,
)

SignIn = Callable[[Role], TestClient]


@pytest.mark.parametrize("address", ["/stock/receive", "/stock/move", "/stock/transfer"])
def test_lines_take_products_by_a_part_of_the_name_as_order_entry_does(
    sign_in: SignIn, address: str
) -> None:
    """What fits several stays in its field, with those to choose from; one is counted by packs."""
    client = sign_in("admin")

    page = scan(client, address, "hon")
    page = scan(client, address, "2*tea@case")
    several = scan(client, address, "12*o")
    sent = {**lines(several), "pick": "SOAP\t12", "form_step": ""}
    client.post(address, data=sent)

    after = lines(client.get(address).text)
    assert after["code"] == ["HONEY", "TEA", "SOAP", ""]
    assert after["quantity"] == ["1", "24", "12", ""]
    assert after["scan"] == ""
    assert lines(several)["scan"] == "12*o"
    assert "12 \u00d7 Oil" in words(several)
    assert "More than one fits" in words(several)
    assert "More than one fits" not in words(page)


def test_goods_that_are_typed_and_not_added_yet_are_never_left_out(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("admin")
    page = scan(client, "/stock/receive", "RICE")

    sent = {**lines(page), "scan": "honey", "form_step": "send"}
    answer = client.post("/stock/receive", data=sent)

    assert answer.headers["location"] == "/stock/receive"
    assert lines(client.get("/stock/receive").text)["code"] == ["RICE", "HONEY", ""]
    assert market.rows("SELECT id FROM stock_document") == []


def test_a_typed_name_is_shown_and_offered_while_nothing_is_kept_of_it(sign_in: SignIn) -> None:
    client = sign_in("admin")
    page = lines(client.get("/stock/receive").text)
    part = {"HX-Request": "true"}

    typed = client.post("/stock/receive", data={**page, "scan": "hon"}, headers=part)
    coded = client.post("/stock/receive", data={**page, "code": "o"}, headers=part)

    assert 'value="HONEY\t1"' in unescape(typed.text)
    assert "Honey (HONEY)" in words(coded.text)
    assert lines(client.get("/stock/receive").text)["scan"] == ""


def test_a_row_that_is_emptied_in_the_middle_keeps_its_place_until_the_form_is_sent(
    sign_in: SignIn,
) -> None:
    client = sign_in("admin")
    page = lines(client.get("/stock/receive").text)
    typed = {**page, "code": ["TEA", "", "o"], "quantity": ["1", "", "x"]}

    part = client.post("/stock/receive", data=typed, headers={"HX-Request": "true"}).text
    sent = client.post("/stock/receive", data={**typed, "form_step": "send"}).text

    assert 'id="code-3-offers"' in part
    assert 'id="code-2-offers"' not in part
    assert 'id="quantity-3"' in part
    assert lines(sent)["code"] == ["TEA", "o", ""]
    assert 'id="code-2-offers"' in sent
