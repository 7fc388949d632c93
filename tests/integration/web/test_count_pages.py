"""Counts by page: what cannot be counted, and what who decides one sees first."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from tests.builders.market import Market, new_uuid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.builders.stock_moves import posted, stock_of
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


def test_a_count_of_a_category_that_is_not_there_says_what_to_look_at(sign_in: SignIn) -> None:
    client = sign_in("manager")
    form = fields(client.get("/stock/count").text)

    sent = client.post("/stock/count", data={**form, "category": "homme", "form_step": "send"})

    assert "warehouse MAIN has no batch of this category" in words(sent.text)


def test_a_count_of_all_of_a_warehouse_without_goods_is_not_sent_to_look_at_categories(
    sign_in: SignIn, market: Market
) -> None:
    stock_of(market)
    client = sign_in("manager")
    form = {**fields(client.get("/stock/count").text), "warehouse": "SIDE", "form_step": "send"}

    sent = words(client.post("/stock/count", data=form).text)

    assert "warehouse SIDE has no stock: there is nothing to count" in sent
    assert "category of a product" not in sent


def test_what_differs_stands_first_for_who_decides_a_count_and_no_refusal_is_without_a_reason(
    sign_in: SignIn, market: Market
) -> None:
    acts = stock_of(market)
    head = {"warehouse": "MAIN"}
    document = posted(
        acts.count.freeze(head, key=new_uuid(), by="ravi", scope=EVERYTHING), "counting"
    )
    rows = market.rows(
        "SELECT line, quantity FROM stock_document_line WHERE document_id = :one ORDER BY line",
        one=document,
    )
    counted = {str(line): str(count) for line, count in rows}
    counted[str(rows[-1][0])] = "0"
    posted(acts.count.enter(document, counted, by="ravi", scope=EVERYTHING), "counting")
    posted(acts.count.hand_over(document, by="ravi", scope=EVERYTHING), "counted")

    client, address = sign_in("manager"), f"/stock/documents/{document}"
    page = client.get(address).text
    unreasoned = [client.post(f"{address}/refuse", data=one) for one in ({}, {"why": " "})]

    first = words(page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))])
    assert "0 ravi \N{MINUS SIGN}" in first
    assert 'name="why" rows="2"' in page[page.index('id="refuse-document"') :]
    assert [one.status_code for one in unreasoned] == [422, 422]
    assert market.rows("SELECT state FROM stock_document") == [("counted",)]
