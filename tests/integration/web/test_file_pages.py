"""Files at customers and products by page and by program; products of programs."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from hub.base.kept.kinds import LARGEST
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.returns.model import Back, Taken
from tests.builders.claims import claimed, fund
from tests.builders.market import Market
from tests.builders.money import billed, delivered, paid
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import words
from tests.suites.hub.test_record_files import PDF, PNG
from tests.suites.hub.test_returns import taken_back

SignIn = Callable[[Role], TestClient]


def program(market: Market, client: TestClient) -> TestClient:
    """Give a program that may do what a manager does."""
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("crm", roles=("manager",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


def test_staff_keep_a_file_at_a_customer_open_it_and_take_it_away(sign_in: SignIn) -> None:
    client = sign_in("manager")
    sent = {"file": ("<b>gst</b>.pdf", PDF, "text/html")}

    client.post("/customers/C1/files", files=sent, data={"title": "GST <script>"})
    page = client.get("/customers/C1").text
    given = client.get("/customers/C1/files/1")
    wrong = client.post("/customers/C1/files", files={"file": ("x.pdf", b"<html>", "x/y")})
    large = client.post("/customers/C1/files", files={"file": ("x", bytes(3 * LARGEST), "x/y")})
    of_another = client.get("/customers/C2/files/1")
    read_only = sign_in("auditor")
    refused = read_only.post("/customers/C1/files", files=sent)
    seen = read_only.get("/customers/C1").text
    sign_in("manager").post("/customers/C1/files/1/end", data={"why": "ran out"})
    ended = client.get("/customers/C1")

    assert "GST &lt;script&gt;" in page
    assert "GST <script>" not in page
    assert given.content == PDF
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in given.headers["content-security-policy"]
    assert wrong.status_code == 409
    assert "send a PDF, a JPEG or a PNG" in words(wrong.text)
    assert large.status_code == 413
    assert of_another.status_code == 404
    assert refused.status_code == 403
    assert "/customers/C1/files/1" in seen
    assert "/customers/C1/files/1/end" not in seen
    assert "ran out" in words(ended.text)
    assert client.get("/customers/C1/files/1").status_code == 404


def test_the_newest_picture_of_a_product_is_drawn_beside_its_fields(sign_in: SignIn) -> None:
    client = sign_in("manager")

    client.post("/products/TEA/files", files={"file": ("tea.png", PNG, "image/png")})
    page = client.get("/products/TEA").text
    given = client.get("/products/TEA/files/1")

    assert '<img class="ow-picture" src="/products/TEA/files/1" alt="tea.png">' in page
    assert given.headers["content-disposition"].startswith("inline; ")
    assert given.headers["content-type"] == "image/png"


def test_programs_keep_files_and_add_and_change_products(sign_in: SignIn, market: Market) -> None:
    crm = program(market, sign_in("manager"))
    fields = {"name": "Jam 1 kg", "family": "Jam", "variant": "1 kg"}
    new = {"sku": "JAM-1", "fields": fields}

    added = crm.post("/api/v1/products", json=new)
    twice = crm.post("/api/v1/products", json=new)
    said = {"seen": {"name": "Jam 1 kg"}, "fields": {"name": "Jam, 1 kg"}}
    changed = crm.patch("/api/v1/products/JAM-1", json=said)
    crossed = crm.patch("/api/v1/products/JAM-1", json={**said, "fields": {"name": "Jelly"}})
    bare = {"seen": {"family": "Jam"}, "fields": {"family": ""}}
    orphan = crm.patch("/api/v1/products/JAM-1", json=bare)
    unknown = crm.patch("/api/v1/products/NONE", json=said)
    crm.post("/api/v1/products", json={**new, "sku": "JAM-2"})
    kept = crm.post("/api/v1/products/JAM-1/files", params={"name": "j.png"}, content=PNG)
    listed = crm.get("/api/v1/products/JAM-1/files").json()
    given = crm.get("/api/v1/products/JAM-1/files/1")
    wrong = crm.post("/api/v1/customers/C1/files", params={"name": "x"}, content=b"x")
    ended = crm.post("/api/v1/products/JAM-1/files/1/end", params={"why": "old"})
    gone = crm.get("/api/v1/products/JAM-1/files/1")

    assert (added.status_code, added.headers["location"]) == (201, "/api/v1/products/JAM-1")
    assert (twice.status_code, twice.json()["code"]) == (409, "sku_taken")
    assert changed.json()["changed"] == ["name"]
    assert (crossed.status_code, crossed.json()["code"]) == (409, "field_crossed")
    assert (orphan.status_code, orphan.json()["code"]) == (422, "variant_of_nothing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "product_not_found")
    assert kept.status_code == 201
    assert [one["file"] for one in listed] == [kept.json()["file"]]
    assert given.content == PNG
    assert (wrong.status_code, wrong.json()["code"]) == (422, "file_wrong")
    assert (ended.status_code, gone.status_code) == (200, 404)
    page = words(sign_in("manager").get("/products/JAM-2").text)
    assert "Others of Jam" in page


def test_a_paper_stays_at_its_order_for_the_house_and_not_for_the_shop(
    sign_in: SignIn, market: Market
) -> None:
    order = market.place(("TEA", 1)).order
    client = sign_in("manager")

    client.post(f"/orders/{order}/files", files={"file": ("po.pdf", PDF, "x/y")})
    wrong = client.post(f"/orders/{order}/files", files={"file": ("po.pdf", b"", "x/y")})
    given = client.get(f"/orders/{order}/files/1")

    assert "po.pdf" in client.get(f"/orders/{order}").text
    assert wrong.status_code == 409
    assert given.content == PDF
    assert client.get("/deliveries/x/files/1").status_code == 404


@pytest.mark.parametrize("noun", ["returns", "payments", "claims"])
def test_a_photo_stays_at_a_return_a_payment_and_a_claim_for_the_house_alone(
    sign_in: SignIn, market: Market, noun: str
) -> None:
    fund(market)
    billed(market, delivered(market, ("TEA", 10)))
    back = taken_back(market, Back("TEA", 1, "damaged"))
    assert isinstance(back, Taken)
    rows = {
        "returns": back.id,
        "payments": paid(market, "1.00").payment,
        "claims": claimed(market, "LEAF").id,
    }
    row = rows[noun]
    client = sign_in("admin")
    there = f"/{noun}/{row}"

    kept = client.post(f"{there}/files", files={"file": ("torn.png", PNG, "x/y")})
    wrong = client.post(f"{there}/files", files={"file": ("torn.png", b"", "x/y")})
    page = client.get(there).text
    given = client.get(f"{there}/files/1")
    spelled = [client.get(f"/{noun}/{odd}/files/1") for odd in (f"0{row}", "x", "9" * 30)]
    by_program = program(market, client).get(f"/api/v1{there}/files").json()

    assert (kept.status_code, wrong.status_code) == (303, 409)
    assert "send a PDF, a JPEG or a PNG" in words(wrong.text)
    assert f"{there}/files/1" in page
    assert given.content == PNG
    assert {one.status_code for one in spelled} == {404}
    assert [one["title"] for one in by_program] == ["torn.png"]
