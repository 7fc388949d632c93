"""A partner's claims: what the partner's seller asks of funders, and nothing of another one."""

from datetime import date

from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.base.money import money
from hub.desk.claims.model import Made, ToMake
from hub.desk.deliveries.model.asked import AskedOutcome
from tests.builders.claims import BY, claims_of, fund
from tests.builders.delivered import recorded, sent
from tests.builders.market import Market, new_uuid
from tests.builders.money import billed
from tests.builders.partners import (  # noqa: F401 -- fixtures
    open_client,
    open_partners,
    placed_by,
    sign_in,
)
from tests.integration.web.test_partner_pages import words


def claim(market: Market, shop: str, *, seller: str, count: int) -> str:
    """Bill a shop for what a funder pays for, and claim that for its seller; gives the amount."""
    order = placed_by(market, shop, ("TEA", count))
    recorded(market, sent(market, order).notes[0], AskedOutcome(receiver="Asha"))
    billed(market, order)
    asked = ToMake("LEAF", date(2026, 11, 21), seller)
    made = claims_of(market).make(asked, key=new_uuid(), by=BY, scope=EVERYTHING)
    assert isinstance(made, Made), made
    ((amount,),) = market.rows("SELECT amount FROM claim WHERE id = :id", id=made.id)
    return money(amount, "INR", 2)


def test_who_sells_sees_the_own_seller_s_claims_and_a_shop_none(
    market: Market, client: TestClient
) -> None:
    fund(market)
    sign_in(market, client, "nora")
    before = client.get("/").text
    north = claim(market, "N2", seller="NORTH", count=10)
    east = claim(market, "E1", seller="EAST", count=7)
    counted = {}

    for name in ("nora", "ezra", "nina"):
        sign_in(market, client, name)
        page = client.get("/partner/claims")
        counted[name] = (page.status_code, "/partner/claims" in client.get("/").text)
        assert BY not in page.text
        if name == "nora":
            shown, file = words(page.text), client.get("/partner/claims?as=csv").text

    assert "/partner/claims" not in before
    assert counted == {"nora": (200, True), "ezra": (200, True), "nina": (404, False)}
    assert shown.count("Leaf Company") == 1
    assert north in shown
    assert east not in shown
    assert file.count("Leaf Company") == 1
    assert client.get("/claims").status_code == 403
