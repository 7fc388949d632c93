"""Orders of programs, over HTTP: placed under a key, read back, and told what was wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import Market, open_market


@pytest.fixture
def market(sqlite_template: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that really decides."""
    path = tmp_path / "hub.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{path}", tmp_path / "files") as opened:
        yield opened


@pytest.fixture
def client(market: Market) -> Iterator[TestClient]:
    """Give a program that has no token yet."""
    with TestClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
        yield one


@pytest.fixture
def shop(client: TestClient, market: Market) -> TestClient:
    """Give a program that may do what sales does."""
    client.headers["Authorization"] = f"Bearer {token(market, 'webshop')}"
    return client


def token(market: Market, name: str, role: str = "sales") -> str:
    """Let a program in."""
    return market.hub.ground.part(PeopleActs).tokens.add(name, roles=(role,), by=OPERATOR)


def asked(**changed: Any) -> dict[str, Any]:
    """Write an order of two packs of tea and some rice."""
    lines = [{"sku": "TEA", "quantity": 2, "unit": "CASE"}, {"sku": "RICE", "quantity": 25}]
    return {"key": "spring-1", "customer": "C2", "lines": lines, **changed}


def place(client: TestClient, **changed: Any) -> Response:
    """Place it."""
    return client.post("/api/v1/orders", json=asked(**changed))


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
    client.headers["Authorization"] = f"Bearer {token(market, 'van', role)}"

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
        ({"lines": [{"sku": "T\0", "quantity": 1}]}, 422, "order_word_invalid"),
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


def test_an_address_that_is_not_there_is_told_to_programs_in_their_own_way(
    shop: TestClient,
) -> None:
    answer = shop.get("/api/v2/orders")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
