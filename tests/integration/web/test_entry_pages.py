"""Orders entered and amended by page: seen before they are confirmed, placed once, scoped."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.hub_records import PASSWORD, Shelves
from tests.builders.market import FILES, Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role

SignIn = Callable[[Role], TestClient]
TYPING = {"HX-Request": "true"}


def words(page: Response) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def fields(page: Response) -> dict[str, list[str]]:
    """Give what the form on a page would send."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', page.text, re.DOTALL
    ):
        options = re.findall(r'<option value="([^"]*)"( selected)?', body)
        chosen = [value for value, selected in options if selected] or [options[0][0]]
        found.setdefault(name, []).append(unescape(chosen[0]))
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', page.text):
        found.setdefault(name, []).append(unescape(body))
    return found


def typed(page: Response, **changed: str | list[str]) -> dict[str, list[str] | str]:
    """Give the fields of a page with some of them changed."""
    return {**{k: v for k, v in fields(page).items() if k not in {"note", "q"}}, **changed}


def entered(client: TestClient, *rows: str, customer: str = "C2") -> Response:
    """Open a new order, type it, and give the form as it then stands."""
    page = client.get("/orders/new?fresh=1")
    given = typed(page, customer=customer, adding="\n".join(rows))
    return client.post("/orders/new", data=given, headers=TYPING)


def orders(market: Market) -> list[tuple[object, ...]]:
    """Read what was placed."""
    return market.rows("SELECT number, status, source, requester FROM order_ ORDER BY id")


def test_what_an_order_comes_to_is_shown_while_it_is_typed_and_nothing_is_placed(
    sign_in: SignIn, market: Market
) -> None:
    page = entered(sign_in("sales"), "25*RICE", "500*TEA", "TEE", customer="C1")

    said = words(page)
    assert "Held" in said
    assert "First Shop" in said
    assert "no product has the code or the name TEE" in said
    assert "1 row was not taken" in said
    assert "Honey" in said
    assert "1 short" in said
    assert orders(market) == []


def test_a_name_is_taken_by_enter_where_it_is_one_product_and_else_chosen(
    sign_in: SignIn,
) -> None:
    client = sign_in("sales")

    whole = entered(client, "honey", "3*Rice", "TEA 2")
    part = entered(client, "hon")
    several = entered(client, "e")

    assert list(zip(fields(whole)["sku"], fields(whole)["quantity"], strict=True)) == [
        ("HONEY", "1"),
        ("RICE", "3"),
        ("TEA", "2"),
    ]
    assert fields(part)["sku"] == ["HONEY"]
    assert "sku" not in fields(several)
    assert "is not one product alone: choose" in words(several)


@pytest.mark.parametrize("typed", ["5*hon", "5 hon", "hon 5", "hon*5", "hon 5 pcs"])
def test_a_part_of_a_name_is_taken_with_how_many_stand_beside_it(
    sign_in: SignIn, typed: str
) -> None:
    page = entered(sign_in("sales"), typed)

    assert (fields(page)["sku"], fields(page)["quantity"]) == (["HONEY"], ["5"])


def test_a_number_that_may_be_of_the_name_or_how_many_is_asked_about(
    sign_in: SignIn, market: Market
) -> None:
    market.load(products=FILES["products.csv"] + "JAM-125,,Plum jam,food,,none,PCS,\n")

    page = entered(sign_in("sales"), "plum 12")

    assert "sku" not in fields(page)
    assert "Plum jam (JAM-125), 12" in words(page)


def test_an_order_is_confirmed_once_it_was_seen_and_the_same_form_makes_it_once(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    shown = entered(client, "2*TEA@CASE", "8901234567894")
    given = typed(shown, po_number="PO-1")

    first = client.post("/orders/new", data=given)
    again = client.post("/orders/new", data=given)
    record = client.get(first.headers["location"])

    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert orders(market) == [("S-000001", "allocated", "staff", "sunil")]
    assert "2,750.00" in words(record)


def test_a_partner_is_not_told_how_much_there_is(
    sign_in: SignIn, client: TestClient, market: Market
) -> None:
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("parvez", "partner")
    account = people.sign_in.find_account("parvez")
    assert account is not None
    people.lines.set_rows(account.id, [("customer", "C2")], by=OPERATOR)

    staff = words(entered(sign_in("sales"), "2*RICE", "500*TEA"))
    client.cookies.clear()
    client.post("/sign-in", data={"name": "parvez", "password": PASSWORD})
    partner = words(entered(client, "2*RICE", "500*TEA"))

    assert "1,000" in staff
    assert "Rice" in partner
    assert "1,000" not in partner


def test_what_nobody_has_seen_is_shown_first(sign_in: SignIn, market: Market) -> None:
    client = sign_in("sales")
    shown = entered(client, "TEA")

    unseen = client.post("/orders/new", data=typed(shown, add="3*SOAP"))
    given = typed(unseen)
    done = client.post("/orders/new", data=given)

    assert "Not confirmed yet" in words(unseen)
    assert given["sku"] == ["TEA", "SOAP"]
    assert done.status_code == 303
    assert len(orders(market)) == 1


def test_lines_can_be_typed_and_checked_without_a_script(sign_in: SignIn, market: Market) -> None:
    client = sign_in("sales")
    page = client.get("/orders/new?fresh=1")

    checked = client.post(
        "/orders/new",
        data=typed(page, customer="C2", add="TEA 3\nRICE 2\nnothing", form_step="check"),
    )
    shown = client.get(checked.headers["location"])
    refused = client.post("/orders/new", data=typed(shown))
    left_out = client.post("/orders/new", data=typed(shown, form_step="forget"))
    placed = client.post("/orders/new", data=typed(client.get(left_out.headers["location"])))

    assert checked.status_code == 303
    assert fields(shown)["quantity"] == ["3", "2"]
    assert "Take them or leave them out" in words(refused)
    assert placed.headers["location"].startswith("/orders/")
    assert len(orders(market)) == 1


def test_the_same_order_again_within_minutes_is_asked_about_once(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    client.post("/orders/new", data=typed(entered(client, "2*RICE")))

    second = entered(client, "2*RICE")
    asked = client.post("/orders/new", data=typed(second))
    sure = re.search(r'type="checkbox" name="form_sure" value="([^"]*)"', asked.text)
    assert sure
    meant = client.post("/orders/new", data=typed(asked, form_sure=unescape(sure[1])))

    assert "S-000001 of a few minutes ago has the very same lines" in words(second)
    assert meant.status_code == 303
    assert len(orders(market)) == 2


def test_an_amendment_shows_the_difference_and_is_refused_where_the_order_changed(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    placed = client.post("/orders/new", data=typed(entered(client, "10*TEA", "SOAP")))
    order = placed.headers["location"]
    page = client.get(f"{order}/amend")
    given = typed(page, quantity=["4", "1"], why="less needed")

    shown = client.post(f"{order}/amend", data=given, headers=TYPING)
    ready = typed(shown, quantity=["4", "1"], why="less needed")
    market.orders.hold(order.removeprefix("/orders/"), by="meena", why="a look")
    late = client.post(f"{order}/amend", data=ready)
    fresh = client.get(f"{order}/amend?fresh=1")
    again = typed(fresh, quantity=["4", "1"], why="less needed")
    seen = client.post(f"{order}/amend", data=again, headers=TYPING)
    done = client.post(f"{order}/amend", data=typed(seen, why="less needed"))

    assert "4 instead of 10 of Tea" in words(shown)
    assert "look at revision 2" in words(late)
    assert done.status_code == 303
    assert market.rows("SELECT cause, status FROM order_revision ORDER BY revision") == [
        ("placed", "allocated"),
        ("held", "held"),
        ("amended", "held"),
    ]


def test_copying_an_order_asks_for_what_it_asked_for(sign_in: SignIn) -> None:
    client = sign_in("sales")
    placed = client.post("/orders/new", data=typed(entered(client, "2*TEA@CASE", "SOAP")))
    order = placed.headers["location"].removeprefix("/orders/")

    copy = client.get(f"/orders/new?copy={order}&fresh=1")
    customer = client.get("/customers/C2")

    assert fields(copy)["sku"] == ["TEA", "SOAP"]
    assert fields(copy)["quantity"] == ["2", "1"]
    assert fields(copy)["customer"] == ["C2"]
    assert f"/orders/new?copy={order}" in customer.text


def test_two_thousand_pasted_rows_are_each_answered(sign_in: SignIn) -> None:
    rows = [f"NOTHING-{n:04d}\t{n}" for n in range(1, 2_000)]

    page = entered(sign_in("sales"), "TEA\t5", *rows)

    assert fields(page)["quantity"] == ["5"]
    assert "1,999 rows were not taken" in words(page)
    assert fields(page)["open"][0].count("\n") == 1_998
