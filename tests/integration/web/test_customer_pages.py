"""Customers by page and by API: found, added, changed by two, let pass by a second."""

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.parties.acts import CustomerActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import USERS, Role

CHOICES = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
SignIn = Callable[[Role], TestClient]


def words(page: str) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def fields(page: str) -> dict[str, str]:
    """Give what a form would send as it stands."""
    form = page[page.index('id="form"') :]
    pairs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', form)
    found = {name: unescape(value) for name, value in pairs}
    for name, inside in CHOICES.findall(form):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


def test_staff_finds_a_customer_by_its_phone_and_reads_whether_it_can_order(
    sign_in: SignIn, market: Market
) -> None:
    changes = {"phone": Change("", "98450 12345"), "city": Change("", "Pune")}
    market.hub.ground.part(CustomerActs).change("C1", changes, by="x", scope=EVERYTHING)
    client = sign_in("manager")

    found = client.get("/customers", params={"q": "45012345"})
    page = words(client.get("/customers/C1").text)
    blocked = words(client.get("/customers/C3").text)

    assert "First Shop" in found.text
    assert "Second Shop" not in found.text
    assert "Can order" in page
    assert "Credit limit ₹1,000.00" in page
    assert "Cannot order: blocked" in blocked


def test_a_customer_added_by_page_waits_until_another_one_lets_it_pass(
    sign_in: SignIn,
) -> None:
    sales = sign_in("sales")
    sent = {
        **fields(sales.get("/customers/new").text),
        "code": "N1",
        "name": "नई दुकान",
        "credit_limit": "5000.00",
    }

    added = sales.post("/customers/new", data=sent, follow_redirects=False)
    own = words(sales.get("/customers/N1").text)
    manager = sign_in("manager")
    answer = {"answer": "grant", "why": "known to me"}
    manager.post("/customers/N1/requests/1", data=answer)

    assert added.headers["location"] == "/customers/N1"
    assert "नई दुकान" in own
    assert "A second person" in own
    assert "Credit limit ₹5,000.00" in words(manager.get("/customers/N1").text)


def test_what_a_program_asked_for_waits_for_another_person_than_its_user(
    sign_in: SignIn,
) -> None:
    admin = sign_in("admin")
    shown = admin.post("/programs", data={"name": "webshop", "role": ["sales"]}).text
    token = re.findall(r"ow_[\w-]+", shown)[0]
    asked = {"code": "N1", "fields": {"name": "New Shop"}}
    added = admin.post(
        "/api/v1/customers", json=asked, headers={"Authorization": f"Bearer {token}"}
    )

    page = admin.get("/customers/N1").text
    own = admin.post("/customers/N1/requests/1", data={"answer": "grant", "why": "seen"})
    other = sign_in("manager")
    offered = other.get("/customers/N1").text
    other.post("/customers/N1/requests/1", data={"answer": "grant", "why": "seen"})

    assert added.status_code == 201
    assert "/customers/N1/requests/1" not in page
    assert own.status_code == 409
    assert "/customers/N1/requests/1" in offered
    assert "/customers/N1/requests/1" not in other.get("/customers/N1").text


def test_what_is_wrong_stands_at_its_field(sign_in: SignIn) -> None:
    client = sign_in("manager")
    sent = {**fields(client.get("/customers/new").text), "code": "N1", "name": "X", "pin": "05"}

    answer = client.post("/customers/new", data=sent)

    assert answer.status_code == 422
    assert "six digits, the first not 0" in words(answer.text)


def test_the_second_of_two_reads_what_the_first_changed_and_then_keeps_both(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("manager")
    sent = fields(client.get("/customers/C1/change").text)
    first = {"city": Change("", "Pune")}
    market.hub.ground.part(CustomerActs).change("C1", first, by="ravi", scope=EVERYTHING)

    told = client.post("/customers/C1/change", data={**sent, "city": "Mumbai", "contact": "Meena"})
    again = {**fields(told.text), "form_key": str(uuid4()), "city": "Pune"}
    client.post("/customers/C1/change", data=again)

    page = words(client.get("/customers/C1").text)
    assert told.status_code == 409
    assert "meanwhile ravi made it" in words(told.text)
    assert "Meena" in page
    assert "Pune" in page


def test_duplicates_are_shown_before_a_customer_is_added(sign_in: SignIn) -> None:
    client = sign_in("manager")
    sent = {**fields(client.get("/customers/new").text), "code": "N1", "name": "first  SHOP"}

    told = client.post("/customers/new", data=sent)
    anyway = {**sent, "anyway": "true", "form_key": str(uuid4())}
    added = client.post("/customers/new", data=anyway, follow_redirects=False)

    assert told.status_code == 409
    assert "First Shop" in told.text
    assert added.headers["location"] == "/customers/N1"


@pytest.mark.parametrize(("noun", "key"), [("customers", "code"), ("products", "sku")])
def test_every_code_that_is_taken_has_a_page_and_every_link_leads_there(
    sign_in: SignIn, noun: str, key: str
) -> None:
    client = sign_in("manager")
    unit = {"base_unit": "pc"} if noun == "products" else {}

    for code in ("KA/001", "../x", "q?x=1#f", "a b/../c", "new/1"):
        form, name = fields(client.get(f"/{noun}/new?fresh").text), f"Quite new {code}"
        sent = {**form, **unit, key: code, "name": name}
        added = client.post(f"/{noun}/new", data=sent, follow_redirects=False)
        address = added.headers["location"]
        changed = {**fields(client.get(f"{address}/change").text), "name": f"Renamed {code}"}
        kept = client.post(f"{address}/change", data=changed, follow_redirects=False)

        assert kept.headers["location"] == address
        assert f"Renamed {code}" in words(client.get(address).text)
        assert f'href="{address}"' in client.get(f"/{noun}", params={"q": code}).text
        assert address in client.get("/find", params={"q": code}).text


def test_a_code_that_no_page_could_have_is_refused_in_words(sign_in: SignIn) -> None:
    client = sign_in("manager")

    for code in (".", "..", "new", "KA/change"):
        sent = {**fields(client.get("/customers/new").text), "code": code, "name": "New"}
        answer = client.post("/customers/new", data=sent)

        assert answer.status_code == 422
        assert "is a word of the hub" in words(answer.text)


def test_who_may_only_look_neither_adds_nor_changes(sign_in: SignIn) -> None:
    client = sign_in("auditor")

    assert client.get("/customers/new").status_code == 403
    assert client.get("/customers/C1/change").status_code == 403
    assert client.post("/customers/C1/requests/1", data={"answer": "grant"}).status_code == 403
    assert client.get("/customers/NOBODY").status_code == 404


@pytest.mark.parametrize("path", ["/customers", "/customers/C1", "/customers/new"])
def test_the_pages_are_there_in_hindi(sign_in: SignIn, path: str) -> None:
    client = sign_in("manager")
    client.cookies.set("orderwire_language", "hi")

    page = client.get(path)

    assert page.status_code == 200
    assert "ग्राहक" in words(page.text)


def test_the_list_is_a_file_with_the_same_rows(sign_in: SignIn) -> None:
    answer = sign_in("manager").get("/customers", params={"as": "csv", "q": "C1"})

    assert "First Shop" in answer.text
    assert "Second Shop" not in answer.text


def test_programs_add_find_and_change_customers(sign_in: SignIn, market: Market) -> None:
    token = market.hub.ground.part(PeopleActs).tokens.add("crm", roles=("sales",), by=OPERATOR)
    shop = sign_in("auditor")
    shop.headers["Authorization"] = f"Bearer {token}"
    new = {"code": "N1", "fields": {"name": "New", "phone": "9845012345"}}

    added = shop.post("/api/v1/customers", json=new)
    found = shop.get("/api/v1/customers", params={"q": "98450"})
    changed = shop.patch(
        "/api/v1/customers/N1", json={"seen": {"city": ""}, "fields": {"city": "Pune"}}
    )
    crossed = shop.patch(
        "/api/v1/customers/N1", json={"seen": {"city": ""}, "fields": {"city": "Delhi"}}
    )
    wrong = shop.post("/api/v1/customers", json={"code": "N2", "fields": {"name": "", "pin": "1"}})

    assert added.status_code == 201
    assert added.json()["pending"]
    assert [one["code"] for one in found.json()] == ["N1"]
    assert changed.json()["changed"] == ["city"]
    assert (crossed.status_code, crossed.json()["code"]) == (409, "field_crossed")
    assert set(wrong.json()["params"]["fields"]) == {"name", "pin"}


def test_a_customers_page_tells_its_credit_its_open_orders_and_what_it_would_pay(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    placed = market.place(("TEA", 2), terminal="shop-1")

    page = words(client.get("/customers/C1").text)
    asked = {"customer": "C1", "product": "12*soap"}
    priced = words(client.get("/orders/price", params=asked).text)
    nothing = words(client.get("/orders/price", params={**asked, "product": "nothing"}).text)

    assert "Credit limit ₹1,000.00 Owes or will owe ₹320.00" in page
    assert "Left to order ₹680.00" in page
    assert f'href="/orders/{placed.order}"' in client.get("/customers/C1").text
    assert "Soap SOAP Price of one PCS 10.00 Total for 12 ₹115.00" in priced
    assert "SCH-LAUNCH" in priced
    assert nothing == "No product matches."


def test_nobody_is_told_the_prices_of_a_customer_that_is_not_there(sign_in: SignIn) -> None:
    client = sign_in("sales")

    assert client.get("/orders/price?customer=NOBODY&product=TEA").status_code == 404


def test_orders_are_found_by_the_shops_phone_number(sign_in: SignIn, market: Market) -> None:
    change = market.hub.ground.part(CustomerActs).change
    change("C1", {"phone": Change("", "98450 12345")}, by="asha", scope=EVERYTHING)
    placed = market.place(("TEA", 2), terminal="shop-1")

    found = sign_in("sales").get("/find", params={"q": "98450 12345"}).text

    assert f"/orders/{placed.order}" in found


def test_all_customers_of_one_go_to_another_by_page(sign_in: SignIn) -> None:
    client = sign_in("manager")
    for code in ("C1", "C2"):
        client.post(
            f"/customers/{code}/served-by",
            data={"role": "rep", "who": "sunil", "from_day": "2026-11-01"},
        )
    page = client.get("/customers/hand-over?role=rep&leaving=sunil").text
    sent = {**fields(page), "who": "meena", "form_step": "send"}

    wrong = client.post("/customers/hand-over", data={**sent, "who": "nobody"})
    done = client.post("/customers/hand-over", data=sent)
    listed = words(client.get("/customers?served_by=meena").text)

    assert "nobody" in words(wrong.text)
    assert done.headers["location"] == "/customers?served_by=meena"
    assert "First Shop" in listed
    assert "Second Shop" in listed
    assert "Third Shop" not in listed


def test_a_code_with_signs_of_addresses_has_its_pages_and_scripts_stay_text(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")
    code, name = "A/7?x#y", "दुकान 🍵 <script>alert(1)</script>"
    sent = {**fields(client.get("/customers/new").text), "code": code, "name": name}

    address = client.post("/customers/new", data={**sent, "form_step": "send"}).headers["location"]
    client.post(f"{address}/notes", data={"text": "<b>नोट</b>"})
    page = client.get(address).text

    assert client.get(f"{address}/change").status_code == 200
    assert "दुकान 🍵 &lt;script&gt;" in page
    assert "&lt;b&gt;नोट&lt;/b&gt;" in page
    assert address in client.get("/customers?q=A%2F7").text


def test_who_loses_the_role_in_the_middle_of_a_form_keeps_nothing_and_is_told(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")
    sent = {**fields(client.get("/customers/C2/change").text), "city": "Pune"}
    people = market.hub.ground.part(PeopleActs)
    account = people.sign_in.find_account(USERS["sales"])
    assert account is not None

    people.change.set_roles(account.id, roles=("auditor",), by=OPERATOR)
    answer = client.post("/customers/C2/change", data={**sent, "form_step": "send"})

    assert answer.status_code in {303, 403}
    assert market.rows("SELECT count(*) FROM history WHERE ref = 'C2' AND field = 'city'") == [(0,)]


def test_a_draft_is_said_above_the_first_field_with_a_way_to_start_afresh(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")
    first = client.get("/customers/new").text
    typed = {**fields(first), "name": "Half a shop", "pin": "560001"}
    client.post("/customers/new", data=typed, headers={"HX-Request": "true"})

    again = client.get("/customers/new").text
    fresh = client.get("/customers/new?fresh=1").text

    assert "You have not sent this yet" not in words(first)
    assert "560001" in again
    assert again.index("You have not sent this yet") < again.index('name="code"')
    assert again.index("/customers/new?fresh=1") < again.index('name="code"')
    assert "560001" not in fresh
    assert "You have not sent this yet" not in words(fresh)


def test_customers_that_wait_are_counted_once_and_let_pass_together(
    sign_in: SignIn, market: Market
) -> None:
    parties = market.hub.ground.part(CustomerActs)
    for code, limit in (("C1", "1000.00"), ("C2", "none")):
        change = {"minimum_order": Change("", "500"), "credit_limit": Change(limit, "50000")}
        parties.change(code, change, by="ravi", scope=EVERYTHING)
    own = {"credit_limit": Change("none", "7000")}
    parties.change("C3", own, by="meena", scope=EVERYTHING)
    client = sign_in("manager")

    home = words(client.get("/").text)
    waiting = words(client.get("/customers", params={"status": "waiting"}).text)
    chosen = {"key": ["C1", "C2", "C3", "C4"], "back": "/customers"}
    asked = client.post("/bulk/customers/pass", data=chosen, follow_redirects=True)
    sent = re.findall(r'name="(key|token)" value="([^"]*)"', asked.text)
    pairs = {name: [text for key, text in sent if key == name] for name in ("key", "token")}
    done = client.post(
        "/bulk/customers/pass/do", data={**pairs, "back": "/customers"}, follow_redirects=True
    )
    page = words(client.get("/customers/C1").text)

    assert "3 customers wait for a second person" in home
    assert "waits for a decision 3" in waiting
    assert pairs["key"] == ["C1", "C2"]
    assert "Credit limit: ₹1,000.00 → ₹50,000.00, asked by ravi" in words(asked.text)
    assert "You asked for it" in words(asked.text)
    assert "Nothing waits" in words(asked.text)
    assert done.status_code == 200
    limits = market.rows("SELECT credit_limit FROM party WHERE code IN ('C1', 'C2')")
    assert limits == [(5_000_000,), (5_000_000,)]
    assert "₹1,000.00 → ₹50,000.00" in page
    assert "₹500.00" in page
    assert "50000" not in page.replace("₹50,000.00", "")


def test_a_customers_price_list_is_as_the_rules_have_it_and_its_file_is_the_same(
    sign_in: SignIn, market: Market
) -> None:
    said = {"assortment": Change("", "category=drinks;category=food")}
    market.hub.ground.part(CustomerActs).change("C1", said, by="x", scope=EVERYTHING)
    client = sign_in("sales")

    page = words(client.get("/orders/prices/C1").text)
    file = client.get("/orders/prices/C1", params={"as": "csv", "q": "TEA"}).text
    unseen = client.get("/orders/prices/C9")

    assert "First Shop" in page
    assert re.search(r"Tea TEA Leaf PCS ₹100\.00 ₹110\.00", page)
    assert "Oil OIL KG no price" in page or re.search(r"Oil OIL \S* ?PCS no price", page)
    assert re.search(r"Soap SOAP \S* ?PCS not in its assortment", page)
    assert re.search(r"^Tea,TEA,Leaf,PCS,100\.00,110\.00", file, re.MULTILINE)
    assert unseen.status_code == 404
