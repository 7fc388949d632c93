"""A partner's pages: what waits in plain words, ordering, taking back, and being let in."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from tests.builders.market import Market, new_uuid
from tests.builders.partners import (  # noqa: F401 -- fixtures
    PASSWORD,
    open_client,
    open_partners,
    placed_by,
    sign_in,
)

PART = {"HX-Request": "true"}


def words(text: str) -> str:
    """Give what a page says, without its marks."""
    plain = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def uuid_of(market: Market, customer: str, status: str) -> str:
    """Give the newest order of a customer in a state."""
    return str(
        market.rows(
            "SELECT uuid FROM order_ WHERE customer_code = :c AND status = :s ORDER BY id DESC",
            c=customer,
            s=status,
        )[0][0]
    )


def ordered(client: TestClient, **fields: str) -> str:
    """Enter an order, look at what it comes to, confirm it, and give its address."""
    form = {"form_key": new_uuid(), "unit": "", "payment": "credit", **fields}
    seen = client.post("/orders/new", data=form, headers=PART).text
    mark = re.search(r'name="shown" value="([^"]+)"', seen)
    assert mark is not None, seen
    done = client.post("/orders/new", data={**form, "shown": html.unescape(mark[1])})
    assert done.status_code == 303, done.text
    return done.headers["location"]


def test_the_first_page_says_what_waits_why_and_who_decides(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nina")

    page = client.get("/").text
    said = words(page)

    assert "Held by the distributor: hold of N1" in said
    assert "North Trade looks at it and decides" in said
    ((word,),) = market.rows(
        "SELECT d.word FROM delivery d JOIN party p ON p.id = d.customer_id "
        "WHERE p.code = 'N1' AND d.state = 'dispatched'"
    )
    assert f"Say {word} to the driver" in said
    assert "You owe ₹560.00" in said
    assert "Credit limit ₹2,000.00" in said
    assert f"/orders/new?copy={uuid_of(market, 'N1', 'allocated')}" in html.unescape(page)
    assert "Orders today" not in said
    assert "to pick" not in said


def test_what_is_on_order_is_not_called_owed_beside_a_new_order(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nina")
    owed = re.search(r"You owe (₹[\d,.]+)", words(client.get("/").text))

    said = words(client.get("/orders/new").text)

    named = re.search(r"owes or will owe (₹[\d,.]+)", said)
    assert owed is not None
    assert named is not None
    assert owed[1] != named[1]  # orders that are not billed yet are in the second alone


def test_who_sells_sees_shops_and_stock_and_a_shop_has_none(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nora")
    home, stock = words(client.get("/").text), words(client.get("/partner/stock").text)
    sign_in(market, client, "nina")
    shop = client.get("/").text

    assert "Your shops" in home
    assert "Nagarjuna Kirana N1" in home
    assert "Nilgiri Bazaar N2" in home
    assert "NSTORE" in stock
    assert "ESTORE" not in stock
    assert "MAIN" not in stock
    assert "Your shops" not in words(shop)
    assert "/partner/stock" not in shop
    assert client.get("/partner/claims").status_code == 404
    assert client.get("/partner/stock").status_code == 404


def test_a_shop_that_sells_nothing_is_offered_no_return_of_sales(
    market: Market, client: TestClient
) -> None:
    offered = {}
    for name in ("nora", "nina"):
        sign_in(market, client, name)
        offered[name] = "/invoices/gstr1" in client.get("/invoices").text

    assert offered == {"nora": True, "nina": False}


def test_an_order_over_the_limit_is_held_and_says_by_how_much_and_what_helps(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nina")

    address = ordered(client, sku="TEA", quantity="20")
    record, home = words(client.get(address).text), words(client.get("/").text)
    client.post(f"{address}/cancel", data={"reason": "too much"})

    assert re.search(r"of a limit of 2,000\.00, [\d,.]+ too much", record)
    assert "North Trade decides. What you pay now frees credit for it." in home
    assert "PL-BASE" not in record


def test_what_is_typed_shows_price_scheme_stock_and_credit_beside_the_lines(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nina")
    form = {"form_key": new_uuid(), "unit": ["", ""], "sku": ["RICE", "SOAP"]}
    lines = {**form, "quantity": ["10", "9999"]}

    page = client.post("/orders/new", data=lines, headers=PART).text
    said = words(page)

    assert "Nagarjuna Kirana" in said
    assert 'name="warehouse"' not in page
    assert 'name="percent_off" id' not in page
    assert re.findall(r'data-label="In stock">([^<]+)<', page) == ["yes", "part of it"]
    assert "part of it" in said
    assert "Honey" in said
    assert "SCH-HONEY" not in page
    assert "Credit left" in said


def test_the_last_order_is_ordered_again_with_its_lines(market: Market, client: TestClient) -> None:
    sign_in(market, client, "nina")
    past = uuid_of(market, "N1", "dispatched")

    page = client.get(f"/orders/new?copy={past}&fresh=1").text

    assert re.search(r'name="sku" value="RICE"', page)
    assert re.search(r'name="quantity" value="5"', page)


def test_a_partner_orders_for_a_shop_below_and_upwards_at_each_ones_seller(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nora")

    for_shop = ordered(client, customer="N2", sku="SOAP", quantity="7")
    upwards = ordered(client, customer="NORTH", sku="SOAP", quantity="6")
    rows = market.rows(
        "SELECT o.uuid, s.code, o.source, o.requester FROM order_ o "
        "JOIN party s ON s.id = o.seller_id WHERE o.requester = 'nora'"
    )

    assert {(f"/orders/{uuid}", *rest) for uuid, *rest in rows} == {
        (for_shop, "NORTH", "partner", "nora"),
        (upwards, "@house", "partner", "nora"),
    }


def test_a_partner_takes_an_order_back_until_it_is_picked(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nils")
    placed = placed_by(market, "N2", ("SOAP", 3))
    ((picking,),) = market.rows(
        "SELECT o.uuid FROM order_ o JOIN delivery d ON d.order_id = o.id "
        "WHERE o.customer_code = 'N2' AND d.state = 'picking'"
    )
    page = client.get(f"/orders/{placed}").text

    done = client.post(f"/orders/{placed}/cancel", data={"reason": "ordered twice"})
    late = client.post(f"/orders/{picking}/cancel", data={"reason": "changed my mind"})
    own = words(client.get(f"/orders/{placed}").text)
    acts = market.hub.ground.part(PeopleActs)
    acts.add("meera", roles=("manager",), password=PASSWORD)
    sign_in(market, client, "meera")
    desk = words(client.get(f"/orders/{placed}").text)

    assert "Reason, as the distributor will read it" in page
    assert done.status_code == 303
    assert late.status_code == 409
    assert "cancelled by the customer: ordered twice" in own
    assert "cancelled by the customer: ordered twice" in desk
    assert market.broken() == set()


def test_schemes_tell_what_they_gave_and_what_was_near(market: Market, client: TestClient) -> None:
    sign_in(market, client, "nina")

    said = words(client.get("/partner/schemes").text)

    assert "1 Honey free" in said
    assert "more of Soap and you get" in said
    assert "SCH-" not in said


def test_the_pages_speak_hindi(market: Market, client: TestClient) -> None:
    sign_in(market, client, "nils")
    client.post("/language", data={"language": "hi"})

    home, schemes = words(client.get("/").text), words(client.get("/partner/schemes").text)
    client.post("/language", data={"language": "en"})

    assert "क्या बाकी है" in home
    assert "फिर से ऑर्डर करें" in home
    assert "स्कीमों से क्या मिला" in schemes


def test_a_reload_ends_no_link_that_a_partner_was_sent(market: Market, client: TestClient) -> None:
    market.hub.ground.part(PeopleActs).add("manu", roles=("manager",), password=PASSWORD)
    sign_in(market, client, "manu")
    client.post("/partners/new", data={"customer": "N2", "name": "nishi", "shown": "Nishi Rao"})
    page = client.get("/customers/N2").text
    key, form = (
        re.search(one, page) for one in (r'name="once" value="(.+?)"', r"/partners/\d+/link")
    )
    assert key is not None
    assert form is not None
    anew = {"customer": "N2", "once": key[1]}

    link = re.search(r"/welcome/[\w-]{43}", client.post(form[0], data=anew).text)
    reloaded = client.post(form[0], data=anew)

    assert link is not None
    assert reloaded.headers["location"] == "/customers/N2"
    client.cookies.clear()
    assert client.get(link[0]).status_code == 200


def test_staff_let_somebody_of_a_customer_in_and_the_link_signs_in_once(
    market: Market, client: TestClient
) -> None:
    acts = market.hub.ground.part(PeopleActs)
    acts.add("manu", roles=("manager",), password=PASSWORD)
    sign_in(market, client, "manu")
    form = client.get("/partners/new?customer=N1").text
    fields = {"customer": "N1", "name": "nutan", "shown": "Nutan Rao"}
    sheet = client.post("/partners/new", data=fields)
    twice = client.post("/partners/new", data=fields)
    link = re.search(r"/welcome/[\w-]{43}", sheet.text)
    assert link is not None
    panel = words(client.get("/customers/N1").text)

    client.cookies.clear()
    looks = [client.get(link[0]).text for _ in range(3)]
    differs = client.post(link[0], data={"given": "one password", "again": "other password"})
    short = client.post(link[0], data={"given": "short", "again": "short"})
    entered = client.post(link[0], data={"given": "a long word", "again": "a long word"})
    home = client.get(entered.headers["location"])
    again = client.post(link[0], data={"given": "another word", "again": "another word"})

    assert "Nagarjuna Kirana" in form
    assert "<svg" in sheet.text
    assert twice.status_code == 409
    assert "Nutan Rao nutan Invited" in panel
    assert all("Welcome, Nutan Rao" in words(one) for one in looks)
    assert (differs.status_code, short.status_code) == (422, 422)
    assert entered.status_code == 303
    assert "Add this page to the home screen" in words(home.text)
    assert "North Trade looks at it" in words(home.text)
    assert again.status_code == 404
    assert "This link lets nobody in any more" in words(again.text)


@pytest.mark.parametrize("name", ["nora", "nina"])
def test_what_belongs_to_administrators_is_not_a_partners(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)

    answers = {
        path: client.get(path).status_code
        for path in ("/users", "/partners/new?customer=N1", "/customers", "/products", "/packs")
    }

    assert set(answers.values()) == {403}
    assert client.post("/partners/new", data={"customer": "N1", "name": "x"}).status_code == 403
