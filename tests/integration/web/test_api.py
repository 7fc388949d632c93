"""Orders of programs, over HTTP: placed under a key, read back, and told what was wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.exc import OperationalError

from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import PREFIX
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.store.tokens import put_token
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import NOON, Market, open_copy
from tests.builders.page_client import PageClient


@pytest.fixture
def market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides."""
    with open_copy(sqlite_market, tmp_path) as opened:
        yield opened


@pytest.fixture
def client(market: Market) -> Iterator[TestClient]:
    """Give a program that has no token yet."""
    with PageClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
        yield one


@pytest.fixture
def shop(client: TestClient, market: Market) -> TestClient:
    """Give a program that may do what sales does."""
    client.headers["Authorization"] = f"Bearer {token(market, 'webshop')}"
    return client


def token(market: Market, name: str, role: str = "sales") -> str:
    """Let a program in."""
    return market.hub.ground.part(PeopleActs).tokens.add(name, roles=(role,), by=OPERATOR)


def narrow_token(market: Market, role: str) -> str:
    """Let a program in with a role of few rows, which no program is given any more."""
    secret = f"{PREFIX}{role}"
    with market.hub.transactions.open(actor="asha", at_ms=NOON) as t:
        put_token(t, "van", (role,), digest=hash_token(secret), maker=None)
        t.commit()
    return secret


def asked(**changed: Any) -> dict[str, Any]:
    """Write an order of two packs of tea and some rice."""
    lines = [{"sku": "TEA", "quantity": 2, "unit": "CASE"}, {"sku": "RICE", "quantity": 25}]
    return {"key": "spring-1", "customer": "C2", "lines": lines, **changed}


def place(client: TestClient, **changed: Any) -> Response:
    """Place it."""
    return client.post("/api/v1/orders", json=asked(**changed))


def test_a_dry_run_tells_what_would_be_decided_and_makes_no_order(
    shop: TestClient, market: Market
) -> None:
    dry = shop.post("/api/v1/orders?dry_run=1", json=asked())
    unknown = shop.post("/api/v1/orders?dry_run=1", json=asked(customer="C9"))
    orders = market.rows("SELECT count(*) FROM order_")
    then = place(shop).json()

    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    assert "order" not in dry.json()
    assert orders == [(0,)]
    assert [dry.json()[name] for name in ("status", "totals", "lines", "free")] == [
        then[name] for name in ("status", "totals", "lines", "free")
    ]
    assert (unknown.status_code, unknown.json()["code"]) == (404, "customer_unknown")


def test_an_order_is_amended_as_it_was_foreseen_and_not_once_it_has_changed(
    shop: TestClient, market: Market
) -> None:
    order = place(shop).json()["order"]
    change = {"lines": [{"sku": "TEA", "quantity": 1}], "revision": 1, "reason": "less"}

    dry = shop.patch(f"/api/v1/orders/{order}?dry_run=1", json=change)
    unchanged = shop.get(f"/api/v1/orders/{order}").json()["revision"]
    done = shop.patch(f"/api/v1/orders/{order}", json=change)
    late = shop.patch(f"/api/v1/orders/{order}", json=change)

    assert (dry.status_code, unchanged) == (200, 1)
    assert (done.status_code, done.json()["revision"]) == (200, 2)
    assert dry.json()["totals"] == done.json()["totals"]
    assert (late.status_code, late.json()["code"]) == (409, "order_changed")
    assert market.broken() == set()


def test_an_order_is_decided_and_told_whole(shop: TestClient, market: Market) -> None:
    answer = place(shop)
    told = answer.json()

    assert answer.status_code == 201
    assert (told["status"], told["key"], told["source"]) == ("allocated", "spring-1", "api")
    assert [(one["sku"], one["quantity"]) for one in told["lines"]] == [("TEA", 24), ("RICE", 25)]
    assert sum(one["quantity"] for one in told["lines"][0]["batches"]) == 24
    assert [one["sku"] for one in told["free"]] == ["HONEY"]
    assert told["totals"]["payable"] == 389_000
    assert shop.get(answer.headers["location"]).json() == told
    assert market.broken() == set()


def test_a_purchase_order_comes_back_with_the_order_and_in_the_list(shop: TestClient) -> None:
    told = place(shop, po_number="PO-7/26").json()
    other = place(shop, po_number="PO-8/26")

    listed = shop.get("/api/v1/orders").json()["orders"]

    assert told["po_number"] == "PO-7/26"
    assert [one["po_number"] for one in listed] == ["PO-7/26"]
    assert (other.status_code, other.json()["code"]) == (409, "key_used")


def test_a_program_is_told_the_price_that_a_terminal_is_told(
    shop: TestClient, market: Market
) -> None:
    quote = market.quote(("TEA", 24), ("RICE", 25))

    told = place(shop, lines=[{"sku": "TEA", "quantity": 24}, {"sku": "RICE", "quantity": 25}])

    assert told.json()["price_hash"] == quote.price_hash


def test_what_is_sent_twice_is_one_order(shop: TestClient, market: Market) -> None:
    first, again = place(shop), place(shop)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]


@pytest.mark.parametrize(
    "other",
    [
        {"lines": [{"sku": "TEA", "quantity": 1}]},
        {"payment": "cash"},
        {"coupons": ["DIWALI"]},
        {"choices": {"FREE": "HONEY"}},
        {"warehouse": "MAIN"},
        {"warehouse": "NOWHERE"},
        {"customer": "C1"},
        {"customer": "NOBODY"},
    ],
    ids=str,
)
def test_another_order_under_the_same_key_is_told_so_and_not_lost_in_silence(
    shop: TestClient, market: Market, other: dict[str, Any]
) -> None:
    first = place(shop).json()

    answer = place(shop, **other)

    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "key_used")
    assert told["params"] == {"order": first["order"]}
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]


@pytest.mark.parametrize("role", ["partner", "field_rep"])
def test_a_program_takes_no_order_for_a_customer_that_it_does_not_see(
    client: TestClient, market: Market, role: str
) -> None:
    client.headers["Authorization"] = f"Bearer {narrow_token(market, role)}"

    answer = place(client)

    assert (answer.status_code, answer.json()["code"]) == (404, "customer_unknown")
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]
    assert market.broken() == set()


def test_two_programs_have_keys_of_their_own(
    shop: TestClient, client: TestClient, market: Market
) -> None:
    first = place(shop).json()
    client.headers["Authorization"] = f"Bearer {token(market, 'van')}"

    second = place(client)

    assert second.status_code == 201
    assert second.json()["order"] != first["order"]


def test_an_order_that_is_above_the_limit_is_held_and_says_why(shop: TestClient) -> None:
    told = place(shop, customer="C1").json()

    assert told["status"] == "held"
    assert told["reasons"][0]["code"] == "credit_limit_exceeded"
    assert told["reasons"][0]["text"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"customer": "C9"}, 404, "customer_unknown"),
        ({"warehouse": "MOON"}, 404, "warehouse_unknown"),
        ({"lines": []}, 422, "order_lines_invalid"),
        ({"lines": [{"sku": "TEA", "quantity": 0}]}, 422, "order_quantity_invalid"),
        ({"lines": [{"sku": "TEA", "quantity": 10**12}]}, 422, "order_quantity_invalid"),
        ({"lines": [{"sku": "T\x07", "quantity": 1}]}, 422, "order_word_invalid"),
        ({"lines": [{"sku": "T\0", "quantity": 1}]}, 400, "body_invalid"),
        ({"lines": [{"sku": "TEA", "quantity": 1.5}]}, 400, "body_invalid"),
        ({"lines": [{"sku": "TEA", "qty": 1}]}, 400, "body_invalid"),
        ({"payment": "shells"}, 400, "body_invalid"),
        ({"key": ""}, 400, "body_invalid"),
        ({"colour": "red"}, 400, "body_invalid"),
    ],
)
def test_what_cannot_be_decided_is_told_by_a_code_and_keeps_nothing(
    shop: TestClient, market: Market, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = place(shop, **changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["text"]
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'"x"'])
def test_what_is_no_order_is_told_so(shop: TestClient, body: bytes) -> None:
    answer = shop.post("/api/v1/orders", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "body_invalid")


def test_an_order_of_five_hundred_lines_fits_and_a_larger_body_does_not(shop: TestClient) -> None:
    line = {"sku": "S" * 64, "quantity": 1_000_000, "unit": "CASE", "batch": "B" * 64}

    fits = place(shop, lines=[line] * 500)
    large = shop.post("/api/v1/orders", content=json.dumps(asked(lines=[line] * 5000)))

    assert fits.status_code == 201
    assert fits.json()["status"] == "rejected"
    assert large.status_code == 413


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer x", "Basic dXNlcjpwYXNz"])
def test_without_a_token_nothing_is_done(
    client: TestClient, market: Market, given: str | None
) -> None:
    headers = {} if given is None else {"Authorization": given}

    answer = client.post("/api/v1/orders", json=asked(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_unknown")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


def test_a_revoked_token_opens_nothing_and_a_new_one_ends_the_old(
    shop: TestClient, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    old = shop.headers["Authorization"]
    new = f"Bearer {token(market, 'webshop')}"

    by_old = place(shop).status_code
    shop.headers["Authorization"] = new
    by_new = place(shop).status_code
    tokens.revoke("webshop", by=OPERATOR)
    revoked = place(shop).status_code

    assert old != new
    assert (by_old, by_new, revoked) == (401, 201, 401)


def test_a_program_does_what_its_role_may(client: TestClient, market: Market) -> None:
    client.headers["Authorization"] = f"Bearer {token(market, 'reader', 'auditor')}"
    placed = market.place(("TEA", 1)).order

    writing, reading = place(client), client.get(f"/api/v1/orders/{placed}")

    assert (writing.status_code, writing.json()["code"]) == (403, "not_permitted")
    assert (reading.status_code, reading.json()["order"]) == (200, placed)


@pytest.mark.parametrize("uuid", ["nothing", "%00", "0" * 400])
def test_an_order_that_is_not_there_is_told_so(shop: TestClient, uuid: str) -> None:
    answer = shop.get(f"/api/v1/orders/{uuid}")

    assert (answer.status_code, answer.json()["code"]) == (404, "order_unknown")


def is_document(answer: Response) -> bool:
    """See that an answer is the one document that programs are promised of every error."""
    told = answer.json()
    return (
        answer.headers["content-type"] == "application/json"
        and told.keys() == {"code", "text", "params"}
        and isinstance(told["params"], dict)
        and bool(told["code"] and told["text"])
    )


JSON = {"Content-Type": "application/json"}
ERRORS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "no such address": (404, "not_found", {"url": "/api/v2/orders"}),
    "the root": (404, "not_found", {"url": "/api"}),
    "no such order": (404, "order_unknown", {"url": "/api/v1/orders/nothing"}),
    "another method": (405, "method_not_allowed", {"method": "PUT"}),
    "no token": (401, "token_unknown", {"headers": {"Authorization": ""}}),
    "a large body": (413, "body_too_large", {"method": "POST", "content": b"x" * 200_000}),
    "a large body in pieces": (
        413,
        "body_too_large",
        {"method": "POST", "content": iter([b"x" * 200_000])},
    ),
    "a large body to nowhere": (
        413,
        "body_too_large",
        {"method": "POST", "content": b"x" * 200_000, "url": "/api/nothing"},
    ),
    "a NUL": (422, "parameters_invalid", {"url": "/api/v1/orders?customer=%00"}),
    "a form": (415, "body_not_json", {"method": "POST", "data": {"key": "k"}}),
    "packed": (
        415,
        "body_not_json",
        {"method": "POST", "content": b"{}", "headers": JSON | {"Content-Encoding": "gzip"}},
    ),
    "broken JSON": (400, "body_invalid", {"method": "POST", "content": b"{", "headers": JSON}),
    "no sense": (
        422,
        "order_lines_invalid",
        {"method": "POST", "json": {"key": "k", "customer": "C2", "lines": []}},
    ),
    "a strange state": (422, "parameters_invalid", {"url": "/api/v1/orders?status=lost"}),
    "a strange parameter": (422, "parameters_invalid", {"url": "/api/v1/orders?custmer=C2"}),
    "another host": (421, "host_unknown", {"headers": {"Host": "evil.example"}}),
}


@pytest.mark.parametrize("what", ERRORS)
def test_every_error_is_told_to_programs_as_the_one_document(shop: TestClient, what: str) -> None:
    status, code, said = ERRORS[what]

    answer = shop.request(**{"method": "GET", "url": "/api/v1/orders", **said})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert is_document(answer)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("the secret of the house"), 500, "failed"),
        (OperationalError("the secret of the house", {}, Exception()), 503, "database_away"),
    ],
)
def test_a_failure_of_the_hub_is_told_to_programs_without_inner_workings(
    market: Market, error: Exception, status: int, code: str
) -> None:
    app = create_app(frame_of(market.hub))

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise error

    client = TestClient(app, base_url="http://hub.test", raise_server_exceptions=False)
    answer = client.get("/api/v1/broken")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert is_document(answer)
    assert "secret" not in answer.text


def test_a_parameter_that_makes_no_sense_is_named(shop: TestClient) -> None:
    answer = shop.get("/api/v1/orders?since=yesterday&status=held")

    assert answer.json()["params"] == {"parameters": ["since"]}


def test_people_are_told_of_a_large_form_in_words(shop: TestClient) -> None:
    answer = shop.post(
        "/sign-in", content=b"x" * 200_000, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 413
    assert "application/json" not in answer.headers["content-type"]


def numbers(client: TestClient, address: str) -> list[str]:
    """List orders, page after page; gives their numbers."""
    found: list[str] = []
    following: str | None = address
    while following:
        told = client.get(following).json()
        found += [one["number"] for one in told["orders"]]
        following = told["next"]
    return found


def test_orders_are_listed_newest_first_page_after_page(shop: TestClient) -> None:
    line = [{"sku": "SOAP", "quantity": 1}]
    placed = [place(shop, key=f"k-{n}", lines=line).json()["number"] for n in range(53)]

    first = shop.get("/api/v1/orders").json()

    assert len(first["orders"]) == 50
    assert numbers(shop, "/api/v1/orders") == placed[::-1]
    assert first["orders"][0]["customer"] == "C2"


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ("customer=C1", ["shop-1-1"]),
        ("customer=C9", []),
        ("status=held", ["shop-1-1"]),
        ("public=pending", ["shop-1-1"]),
        ("public=processing&customer=C2", ["shop-2-1"]),
        ("since=2026-11-21", ["shop-2-1", "shop-1-1"]),
        ("since=2026-11-22", []),
    ],
)
def test_a_list_holds_what_its_address_asks_for(
    shop: TestClient, market: Market, asked_for: str, found: list[str]
) -> None:
    market.place(("RICE", 30), terminal="shop-1")
    market.place(("TEA", 1), terminal="shop-2")

    assert numbers(shop, f"/api/v1/orders?{asked_for}") == found


def test_a_program_lists_and_reads_nothing_of_what_it_does_not_see(
    client: TestClient, market: Market
) -> None:
    client.headers["Authorization"] = f"Bearer {narrow_token(market, 'partner')}"
    hidden = market.place(("TEA", 1), terminal="shop-2")

    listed = client.get("/api/v1/orders")
    asked_for = [
        client.get(f"/api/v1/orders/{hidden.order}"),
        client.get("/api/v1/orders/shop-2-1"),
        client.get(f"/api/v1/orders?before={hidden.order}"),
    ]

    assert listed.json() == {"orders": [], "next": None}
    assert [one.status_code for one in asked_for] == [404] * 3


def test_an_order_is_read_by_its_number_too(shop: TestClient) -> None:
    told = place(shop).json()

    assert shop.get(f"/api/v1/orders/{told['number']}").json() == told


def test_a_number_that_two_orders_have_is_told_with_their_ids(
    shop: TestClient, market: Market
) -> None:
    both = [market.place(("TEA", 1), number="7-7", seq=seq).order for seq in (1, 2)]

    answer = shop.get("/api/v1/orders/7-7")

    assert (answer.status_code, answer.json()["code"]) == (409, "order_ambiguous")
    assert sorted(answer.json()["params"]["orders"]) == sorted(both)


def test_products_are_found_and_read_by_programs(shop: TestClient) -> None:
    found = shop.get("/api/v1/products", params={"q": "08901234567894"})
    one = shop.get("/api/v1/products/TEA")
    none = shop.get("/api/v1/products/NOTHING")

    assert found.json() == [{"sku": "TEA", "name": "Tea", "active": True}]
    assert one.json()["fields"]["pack_sizes"] == "CASE=12"
    assert (none.status_code, none.json()["code"]) == (404, "product_not_found")
