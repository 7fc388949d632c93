"""A request looks at the addresses that begin as its own does, and finds what it always found."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.web.noun import Router

orders, programs = Router(), Router(prefix="/api/v1")


@orders.get("/orders/{uuid}")
def show(uuid: str) -> str:
    """Show an order."""
    return f"order {uuid}"


@orders.get("/{word}/of/all")
def find(word: str) -> str:
    """Show what begins with anything."""
    return f"all {word}"


@programs.get("/orders")
def tell() -> str:
    """Tell a program of orders."""
    return "orders"


@pytest.fixture
def client() -> TestClient:
    """Give a browser of both."""
    app = FastAPI()
    for router in (orders, programs):
        app.include_router(router)
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("GET /orders/7", (200, '"order 7"')),
        ("GET /bills/of/all", (200, '"all bills"')),
        ("GET /api/v1/orders", (200, '"orders"')),
        ("POST /api/v1/orders", (405, '{"detail":"Method Not Allowed"}')),
        ("GET /api/v1/bills", (404, '{"detail":"Not Found"}')),
        ("GET /order", (404, '{"detail":"Not Found"}')),
        ("GET /api/v1/orders/", (307, "")),
    ],
)
def test_each_address_is_answered(client: TestClient, asked: str, answer: tuple[int, str]) -> None:
    method, path = asked.split(" ")

    found = client.request(method, path)

    assert (found.status_code, found.text) == answer


def test_an_address_is_found_below_the_path_of_a_proxy(client: TestClient) -> None:
    below = TestClient(client.app, root_path="/desk")

    assert below.get("/desk/orders/7").text == '"order 7"'


def test_only_what_a_request_begins_like_is_worked_out() -> None:
    asked, others = Router(), Router(prefix="/api/v1")
    asked.get("/orders/{uuid}")(show)
    others.get("/orders")(tell)
    app = FastAPI()
    for router in (asked, others):
        app.include_router(router)
    at_start = [len(router.routes) for router in (asked, others)]

    TestClient(app).get("/orders/7")

    assert at_start == [0, 0]
    assert [len(router.routes) for router in (asked, others)] == [1, 0]
    assert len(others.work_out()) == 1
