"""Goods that come back: found, taken back and refused by page."""

import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from tests.builders.market import Market
from tests.builders.money import billed, delivered, paid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


def test_goods_that_come_back_are_found_by_name_bar_code_and_sku(
    sign_in: SignIn, market: Market
) -> None:
    """What is typed for others stays in sight."""
    billed(market, delivered(market, ("TEA", 5), ("SOAP", 2), ("RICE", 3)))
    client = sign_in("admin")
    form = fields(client.get("/returns/new?customer=C2").text)

    def found(text: str, **typed: str) -> list[str]:
        asked = {**form, **typed, "goods": text}
        page = client.post("/returns/new", data=asked, headers={"HX-Request": "true"}).text
        return re.findall(r'name="good\.(\w+)"', page)

    assert found("") == ["TEA", "SOAP", "RICE"]
    assert found("so") == found("soap") == ["SOAP"]
    assert found("8901234567894") == ["TEA"]
    assert found("a") == ["TEA", "SOAP"]
    assert found("soap", **{"good.TEA": "2"}) == ["TEA", "SOAP"]
    assert found("honey") == []


def test_goods_are_taken_back_and_a_payment_is_voided_by_page(
    sign_in: SignIn, market: Market
) -> None:
    billed(market, delivered(market, ("TEA", 5)))
    payment = paid(market, "100.00").payment
    client = sign_in("admin")
    form = fields(client.get("/returns/new?customer=C2").text)
    asked = {**form, "damaged.TEA": "2", "why": "torn", "form_step": "send"}

    wrong = client.post("/returns/new", data={**asked, "damaged.TEA": "9"}, follow_redirects=False)
    note = client.post("/returns/new", data={**asked, "delivery": "DN-0"}, follow_redirects=False)
    (number,) = market.rows("SELECT number FROM delivery")[0]
    asked["delivery"] = number
    taken = client.post("/returns/new", data=asked, follow_redirects=False)
    again = client.post("/returns/new", data=asked, follow_redirects=False)
    void = {"reason": "typed twice"}
    voided = client.post(f"/payments/{payment}/void", data=void, follow_redirects=False)

    assert "only 5 can come back" in words(wrong.text)
    assert "there is no delivery note DN-0" in words(note.text)
    assert (taken.status_code, again.status_code) == (303, 303), words(taken.text)
    assert again.headers["location"] == taken.headers["location"]
    shown = words(client.get(taken.headers["location"]).text)
    assert "₹220.00" in shown
    assert "Damaged: 2, T-EARLY" in shown
    assert number in shown
    assert voided.status_code == 303
    assert "typed twice" in words(client.get(f"/payments/{payment}").text)
    assert market.broken() == set()


def test_that_nothing_came_back_is_said_once_the_form_is_sent(
    sign_in: SignIn, market: Market
) -> None:
    billed(market, delivered(market, ("TEA", 5)))
    client = sign_in("admin")
    form = {**fields(client.get("/returns/new?customer=C2").text), "why": "torn"}

    typing = client.post("/returns/new", data=form, headers={"HX-Request": "true"})
    sent = client.post("/returns/new", data={**form, "form_step": "send"})

    said = "say how many of which product came back"
    assert said not in words(typing.text)
    assert (sent.status_code, words(sent.text).count(said)) == (409, 1)
    assert words(sent.text).index("What came back") < words(sent.text).index(said)
    assert market.rows("SELECT id FROM goods_return") == []


def test_goods_of_a_credit_note_that_was_cancelled_are_not_told_to_lie_in_stock(
    sign_in: SignIn, market: Market
) -> None:
    billed(market, delivered(market, ("TEA", 5)))
    client = sign_in("admin")
    form = fields(client.get("/returns/new?customer=C2").text)
    asked = {**form, "damaged.TEA": "2", "why": "torn", "form_step": "send"}
    taken = client.post("/returns/new", data=asked, follow_redirects=False).headers["location"]
    note = market.rows("SELECT id FROM invoice WHERE of_id IS NOT NULL")[0][0]
    addresses = (taken, f"/invoices/{note}")
    before = [words(client.get(one).text) for one in addresses]

    client.post(f"/invoices/{note}/cancel", data={"reason": "wrong shop"})

    after = [words(client.get(one).text) for one in addresses]
    assert all("Damaged: 2, T-EARLY" in one for one in before)
    assert [one for one in after if "Damaged: 2" in one] == []
    assert market.rows("SELECT sum(damaged) FROM batch") == [(0,)]
