"""What a partner never gets: a row of somebody else, by whatever address, file, search or word."""

import html
import re
from collections import deque
from typing import Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.addresses import MATRIX
from tests.builders.market import Market, new_uuid
from tests.builders.partners import (  # noqa: F401 -- fixtures
    OWN,
    PARTNERS,
    SHOPS,
    STAFF,
    open_client,
    open_partners,
    placed_by,
    sign_in,
)

_EACH: Final = 2
"""So many addresses of one kind are followed, differing in their numbers or their filters."""
INTERNAL: Final = ("PL-BASE", "SCH-HONEY", "SCH-LAUNCH", "AL-ALL", STAFF, "ravi", "margin")
"""Words of the house: rules, who works at the desk, and what goods bring in."""
STAFF_MARK: Final = rf"(?<!-)\b{re.escape(STAFF)}\b"
STARTS: Final = (
    *("/", "/me", "/notices", "/find?q=S-", "/find?q=trade", "/find?q=INV", "/orders?days=0"),
    *("/deliveries", "/invoices", "/payments", "/returns", "/reports", "/accounts/ageing"),
    *("/orders/new", "/partner/schemes", "/ask?q=outstanding+of+each+customer"),
    *("/ask?q=sales+by+customer+this+month", "/ask?q=orders+of+Ekambar+Stores"),
    "/orders?days=0&q=zoya",
)
LISTS: Final = ("orders", "deliveries", "invoices", "payments", "returns")


def marks_of(name: str) -> list[str]:
    """Give the words that no page of a partner may show: of parties that are not the partner's.

    Whom a party buys from is named on its papers.
    """
    sellers = {"nina": {"NORTH"}, "nils": {"NORTH"}}.get(name, set())
    foreign = SHOPS.keys() - OWN[name]
    marks = [mark for one in foreign for mark in (rf"\bof {one}\b", rf"\({one}\)")]
    marks += [re.escape(SHOPS[one]) for one in foreign - sellers]
    return [*marks, *(rf"(?<!-)\b{re.escape(one)}\b" for one in INTERNAL)]


def leaked(text: str, name: str) -> set[str]:
    """Give the marks that a text shows all the same."""
    plain = html.unescape(text)
    return {mark for mark in marks_of(name) if re.search(mark, plain)}


def kind_of(path: str) -> str:
    """Give what addresses of one kind have in common: without numbers, ids and filters' values."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path.partition("&")[0])
    return re.sub(r"=[^&]*", "=", plain)


def text_of(answer: Response) -> str:
    """Give what an answer says; of files of other kinds, nothing."""
    kind = answer.headers.get("content-type", "")
    return answer.text if re.search("html|csv|json|text", kind) else ""


@pytest.mark.parametrize("name", ["nora", "nina"])
def test_nothing_of_another_party_is_on_any_page_that_a_partner_can_click_to(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)
    todo, seen, kinds = deque(STARTS), set[str](), dict[str, int]()
    wrong: dict[str, object] = {}
    while todo:
        path = todo.popleft()
        kind = kind_of(path)
        if path in seen or kinds.get(kind, 0) >= _EACH or path.startswith(("/static", "/live")):
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(path)
        text = text_of(answer)
        found = leaked(
            re.sub(r"Ekambar\+?.Stores|zoya", "", text) if "/ask" in path else text, name
        )
        if answer.status_code >= 400 or found:
            wrong[path] = (int(answer.status_code), found)
        if "html" in answer.headers.get("content-type", ""):
            todo += re.findall(r'\bhref="(/[^"#]*)"', html.unescape(text))
            todo += [f"{path.partition('?')[0]}{q}" for q in re.findall(r'href="(\?[^"]+)"', text)]

    assert wrong == {}
    assert len(kinds) > 60


def test_the_marks_are_on_the_pages_of_who_may_see_them(market: Market, client: TestClient) -> None:
    acts = market.hub.ground.part(PeopleActs)
    acts.add("mira", roles=("manager",), password="correct horse")
    sign_in(market, client, "mira")
    order = ids_of(market, "E1")["uuid"][0]

    assert leaked(client.get("/orders?days=0").text, "nina") >= {
        re.escape("Ekambar Stores"),
        STAFF_MARK,
    }
    assert r"\bof E1\b" in leaked(client.get(f"/orders/{order}").text, "nina")


def ids_of(market: Market, *codes: str) -> dict[str, list[str]]:
    """Give the id of a record of each kind of each customer, by what addresses call them."""
    places = {
        "uuid": "SELECT o.uuid FROM order_ o WHERE o.customer_code = :c",
        "note": "SELECT d.id FROM delivery d JOIN party p ON p.id = d.customer_id "
        "WHERE p.code = :c",
        "invoice": "SELECT i.id FROM invoice i JOIN party p ON p.id = i.customer_id "
        "WHERE p.code = :c",
        "payment": "SELECT y.id FROM payment y JOIN account_document a ON a.id = y.document_id "
        "JOIN party p ON p.id = a.customer_id WHERE p.code = :c",
        "row_id": "SELECT r.id FROM goods_return r JOIN party p ON p.id = r.customer_id "
        "WHERE p.code = :c",
        "trip": "SELECT DISTINCT d.trip_id FROM delivery d JOIN party p ON p.id = d.customer_id "
        "WHERE p.code = :c AND d.trip_id IS NOT NULL",
        "wave": "SELECT DISTINCT d.wave_id FROM delivery d JOIN party p ON p.id = d.customer_id "
        "WHERE p.code = :c",
    }
    found = {
        name: [str(row[0]) for code in codes for row in market.rows(query, c=code)[:1]]
        for name, query in places.items()
    }
    return {**found, "code": list(codes)}


@pytest.mark.parametrize("name", PARTNERS)
def test_no_address_gives_a_partner_a_record_of_another_party(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)
    foreign = ids_of(market, *sorted(SHOPS.keys() - OWN[name]))
    own = ids_of(market, *sorted(OWN[name]))
    assert all(foreign.values())
    assert all(own.values())
    before = market.rows("SELECT count(*), sum(revision) FROM order_")
    wrong = []
    for address in sorted(MATRIX):
        method, path = address.split(" ")
        names = re.findall(r"\{(\w+)(?::\w+)?\}", path)
        if len(names) != 1 or names[0] not in foreign:
            continue
        fields = {"reason": "x", "text": "x", "why": "x", "state": "cleared"}
        for one in foreign[names[0]]:
            answer = client.request(
                method,
                re.sub(r"\{\w+(?::\w+)?\}", one, path),
                data=fields if method == "POST" else None,
            )
            if answer.status_code not in {403, 404, 422}:
                wrong.append(f"{method} {address} {one}: {answer.status_code}")

    assert wrong == []
    assert market.rows("SELECT count(*), sum(revision) FROM order_") == before


@pytest.mark.parametrize("name", ["nora", "nina", "ezra"])
def test_filters_searches_and_files_find_nothing_of_another_party(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)
    wrong = {}
    for code in sorted(SHOPS.keys() - OWN[name]):
        named = SHOPS[code].partition(" ")[0]
        paths = [
            f"/{one}?days=0&{how}={of}{kind}"
            for one in LISTS
            for how, of in (("customer", code), ("q", named), ("q", f"po+of+{code}"))
            for kind in ("", "&as=csv")
        ]
        paths += [f"/find?q={named}", f"/find?q=of+{code}", f"/find?q={code}"]
        paths += [f"/reports/{one}?customer={code}" for one in ("orders", "credit", "payments")]
        paths += [f"/accounts/statement.pdf?customer={code}", f"/orders/new?customer={code}"]
        for path in paths:
            answer = client.get(path)
            text = re.sub(rf"{re.escape(named)}|of {code}", "", html.unescape(text_of(answer)))
            if answer.status_code >= 500 or leaked(text, name):
                wrong[path] = leaked(text, name)
            if answer.headers.get("content-type") == "application/pdf":
                wrong[path] = {"a paper"}

    assert wrong == {}


def test_a_partner_neither_copies_nor_repeats_nor_orders_for_another(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nina")
    other = ids_of(market, "N2")["uuid"][0]
    key = new_uuid()
    form = {
        "form_key": key,
        "customer": "N2",
        "repeat": other,
        "sku": "SOAP",
        "quantity": "3",
        "unit": "",
        "batch": "S1",
        "percent_off": "90",
        "off_each": "9.00",
        "warehouse": "MAIN",
        "payment": "credit",
    }
    copied = client.get(f"/orders/new?copy={other}&fresh=1")
    seen = client.post("/orders/new", data=form, headers={"HX-Request": "true"}).text
    again = client.post(
        "/orders/new", data={**form, "repeat": ""}, headers={"HX-Request": "true"}
    ).text
    mark = re.search(r'name="shown" value="([^"]+)"', again)
    assert mark is not None
    placed = client.post(
        "/orders/new", data={**form, "repeat": "", "shown": html.unescape(mark[1])}
    )
    uuid = placed.headers["location"].rpartition("/")[2]
    row = market.rows(
        "SELECT o.customer_code, o.source, o.requester, r.discount, w.code FROM order_ o "
        "JOIN order_revision r ON r.order_id = o.id JOIN warehouse w ON w.id = o.warehouse_id "
        "WHERE o.uuid = :u",
        u=uuid,
    )

    assert copied.status_code == 404
    assert "Nilgiri" not in seen
    assert row == [("N1", "partner", "nina", 0, "NSTORE")]


def test_the_key_of_one_partner_is_no_key_of_another(market: Market, client: TestClient) -> None:
    key, orders = new_uuid(), []
    for name in ("nina", "nils"):
        sign_in(market, client, name)
        form = {"form_key": key, "sku": "SOAP", "quantity": "2", "unit": "", "payment": "credit"}
        again = client.post("/orders/new", data=form, headers={"HX-Request": "true"}).text
        mark = re.search(r'name="shown" value="([^"]+)"', again)
        assert mark is not None
        sent = {**form, "shown": html.unescape(mark[1])}
        first, second = (client.post("/orders/new", data=sent) for _ in range(2))
        assert first.status_code == 303
        assert first.headers["location"] == second.headers["location"]
        orders.append(first.headers["location"])

    assert len(set(orders)) == 2


def test_a_partner_is_not_told_how_much_there_is_nor_what_a_rule_is_called(
    market: Market, client: TestClient
) -> None:
    sign_in(market, client, "nils")
    form = {"form_key": new_uuid(), "sku": "RICE", "quantity": "50000", "unit": ""}

    page = client.post("/orders/new", data=form, headers={"HX-Request": "true"}).text

    assert "part of it" in page
    assert leaked(page, "nils") == set()


def test_a_partner_of_two_shops_of_two_sellers_sees_both_and_no_third(
    market: Market, client: TestClient
) -> None:
    acts = market.hub.ground.part(PeopleActs)
    acts.add("both", roles=("partner",), password="correct horse")
    account = acts.sign_in.find_account("both")
    assert account is not None
    acts.lines.set_rows(account.id, [("customer", "N1"), ("customer", "E1")], by=OPERATOR)
    placed_by(market, "E1", ("SOAP", 1))
    sign_in(market, client, "both")

    home, orders = client.get("/").text, client.get("/orders?days=0").text

    for page in (home, orders):
        assert "Nagarjuna Kirana" in page
        assert "Ekambar Stores" in page
        assert "Nilgiri Bazaar" not in page
