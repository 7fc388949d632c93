"""Every role at every address: who is let in, who sees whose rows, and that nothing fails."""

import re
from typing import Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.base.access import ROLES, read_default_grants
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.commands.proving import OPERATOR
from hub.run.bootstrap import NOUNS
from hub.web import stream
from hub.web.frames import bulk, home, lists
from hub.web.serving import safe_pages
from tests.builders.addresses import ANYBODY, MATRIX, SIGNED_IN
from tests.builders.market import Market
from tests.builders.program_addresses import OF_PROGRAMS_ALONE
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    enter,
    open_client,
    open_two_sellers,
)

OF_TERMINALS: Final = {
    "GET /terminal/v1/lists/{catalogue}/{pack}",
    "GET /terminal/v1/snapshots/{digest}",
    "GET /terminal/v1/software/{digest}",
    "POST /api/v1/terminal-password",
    "POST /api/v1/terminal-password/used",
}
"""The addresses of terminals, which have secrets of their own."""
OF_DEVICES: Final = {"POST /api/v1/enrolments"}
"""The address of devices that are no terminals yet: what they send is proven by their slip."""
ENDLESS: Final = {"GET /live"}
"""Streams: they would not end."""
ENDING: Final = {"POST /me/sessions/end", "POST /sign-out"}
"""After these the one who asked is signed out."""
NOBODYS: Final = {
    "terminal": "shop-none",
    "row_id": "999999",
    "uuid": "00000000-0000-7000-8000-000000000000",
    "number": "999999",
    "key": "NOTHING",
    "report": "orders",
    "user": "999999",
    "view": "999999",
    "kept": "nothing",
    "digest": "0" * 64,
    "catalogue": "0" * 64,
    "pack": "0" * 64,
    "name": "orders",
    "step": "code",
    "order": "S-999999",
    "code": "nobody",
    "sku": "NOTHING",
    "line": "999999",
    "run": "999999",
    "run_id": "999999",
    "kind": "nothing",
    "request_id": "999999",
    "batch_id": "999999",
    "document": "999999",
    "note": "999999",
    "trip": "999999",
    "wave": "999999",
    "warehouse": "NOWHERE",
    "journey": "999999",
    "day": "2026-11-30",
    "beat": "NOTHING",
    "delivery": "999999",
    "interaction": "00000000-0000-7000-8000-000000000000",
    "survey": "NOTHING",
    "photo": "00000000-0000-7000-8000-000000000000",
    "visit": "00000000-0000-7000-8000-000000000000",
    "invoice": "999999",
    "payment": "999999",
    "statement": "999999",
    "card": "999999",
    "token": "nothing",
    "claim": "999999",
}
"""What stands in an address for a row that nobody has."""
LISTS: Final = (
    "/",
    "/orders",
    "/approvals",
    "/terminals",
    "/leases",
    "/messages",
    "/users",
    "/customers",
    "/stock",
    "/stock/batches",
    "/stock/documents",
    "/deliveries",
    "/deliveries/to-pick",
    "/invoices",
    "/payments",
    "/returns",
    "/claims",
    "/claims/to-claim",
    "/field/visits",
    "/field/interactions",
    "/field/tasks",
    "/field/surveys",
    "/field/beats",
    "/reports/payments",
    "/reports/order_to_cash",
    "/reports/customer_performance",
    "/reports/stock_cover",
    "/reports/orders",
    "/reports/customer_sales",
    "/reports/held_orders",
    "/reports/credit",
    "/reports/stock_summary",
    "/reports/batch_expiry",
    "/reports/terminals",
)
QUERIES: Final = ("at", "days", "payable_from", "placed_from", "q", "sort", "status")
"""What the addresses of lists and records may be asked with."""
ODD: Final = ("99999999999999999999999", "-1", "0", "word", "a%00b")
"""What stands in an address for a number or a name, and is none."""


def addresses() -> set[str]:
    """Collect every address that the hub answers, with its method."""
    own = (stream.router, home.router, bulk.router, lists.router, safe_pages.router)
    routers = (*own, *(router for noun in NOUNS for router in noun.routers))
    return {
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for router in routers
        for route in router.work_out()
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
    }


def filled(address: str) -> tuple[str, str]:
    """Give the method and the path of an address, for rows that nobody has."""
    method, path = address.split(" ")
    return method, re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: NOBODYS[found[1]], path)


def test_every_address_is_in_the_matrix() -> None:
    assert addresses() == MATRIX.keys() | OF_PROGRAMS_ALONE.keys() | OF_TERMINALS | OF_DEVICES


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_where_it_has_the_permission_and_nowhere_else(
    market: Market, client: TestClient, role: str
) -> None:
    granted = read_default_grants()[role] | {SIGNED_IN, ANYBODY}
    enter(market, client, f"the-{role}", role)
    wrong = []
    for address in sorted(MATRIX, key=ENDING.__contains__):
        needed = MATRIX[address]
        if address in ENDLESS and needed in granted:
            continue
        if address in ENDING:
            assert client.get("/me").status_code == 200, "nothing before has ended the session"
            enter(market, client, f"the-{role}", role)
        method, path = filled(address)
        status = client.request(method, path).status_code
        is_refused = status in {401, 403}
        if status >= 500 or is_refused != (needed not in granted):
            wrong.append(f"{address}: {status}")

    assert wrong == []


@pytest.mark.parametrize("role", ["owner", "partner"])
def test_no_person_is_taken_for_a_terminal(market: Market, client: TestClient, role: str) -> None:
    enter(market, client, f"the-{role}", role)

    assert {client.request(*filled(one)).status_code for one in OF_TERMINALS} == {401}


def test_a_stranger_is_asked_who_it_is_everywhere(client: TestClient) -> None:
    client.cookies.clear()
    wrong = []
    for address, needed in MATRIX.items():
        method, path = filled(address)
        answer = client.request(method, path)
        asked = answer.headers.get("location", "").startswith("/sign-in")
        if answer.status_code >= 500 or (needed != ANYBODY and not asked):
            wrong.append(f"{address}: {answer.status_code}")

    assert wrong == []


@pytest.mark.parametrize("role", OF_PROGRAMS)
def test_a_program_is_let_in_where_its_role_has_the_permission(
    market: Market, client: TestClient, role: str
) -> None:
    granted = read_default_grants()[role]
    token = market.hub.ground.part(PeopleActs).tokens.add(
        f"as-{role.replace('_', '-')}", roles=(role,), by=OPERATOR
    )
    client.cookies.clear()
    found = {}
    for address in OF_PROGRAMS_ALONE:
        method, path = filled(address)
        answer = client.request(method, path, headers={"Authorization": f"Bearer {token}"})
        found[address] = answer.status_code

    assert {address: status == 403 for address, status in found.items()} == {
        address: needed not in granted for address, needed in OF_PROGRAMS_ALONE.items()
    }
    assert all(status < 500 for status in found.values())


@pytest.mark.parametrize("role", [one for one in ROLES if one != "rule_writer"])
def test_nobody_of_a_seller_sees_a_row_of_another(
    market: Market, client: TestClient, role: str
) -> None:
    enter(market, client, f"east-{role}", role, seller="EAST")
    granted = read_default_grants()[role]
    files = [f"{path}?as=csv" for path in LISTS[1:]]

    shown = {}
    for path in (*LISTS, *files, "/find?q=north", "/orders?q=north"):
        answer = client.get(path)
        assert answer.status_code < 500, path
        text = answer.text.replace("north", "", 1) if "q=north" in path else answer.text
        shown[path] = "Northshop" in text or "north-1" in text or "Northstore" in text
    ((uuid,),) = market.rows("SELECT uuid FROM order_ WHERE source_key LIKE '%north-1%'")
    record = client.get(f"/orders/{uuid}").status_code

    assert [path for path, seen in shown.items() if seen] == []
    assert record == (404 if "orders.read" in granted else 403)


def test_the_own_rows_are_shown(market: Market, client: TestClient) -> None:
    enter(market, client, "east-boss", "manager", seller="EAST")

    assert "Eastshop" in client.get("/orders").text
    assert "east-1" in client.get("/terminals").text


def test_an_administrator_of_a_seller_sees_and_changes_no_user_of_another(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "north-clerk", "sales", seller="NORTH")
    acts = market.hub.ground.part(PeopleActs)
    clerk = acts.sign_in.find_account("north-clerk")
    assert clerk is not None
    enter(market, client, "east-admin", "admin", seller="EAST")

    listed, record = client.get("/users").text, client.get(f"/users/{clerk.id}").status_code
    reset = client.post(f"/users/{clerk.id}/reset").status_code

    assert "north-clerk" not in listed
    assert "east-admin" in listed
    assert (record, reset) == (404, 404)


def odd_ways() -> set[tuple[str, str]]:
    """Give each way to ask programs' addresses for what is none; only lists read a query."""
    ways: set[tuple[str, str]] = set()
    for method, path in (one.split(" ") for one in OF_PROGRAMS_ALONE):
        for odd in ODD:
            address = re.sub(r"\{\w+(?::\w+)?\}", odd, path)
            ways.add((method, address))
            if method == "GET":
                asked = (f"after={odd}", f"before={odd}", f"size={odd}&q={odd}")
                ways |= {(method, f"{address}?{one}") for one in asked}
    return ways


def test_no_odd_number_or_name_in_an_address_fails(market: Market, client: TestClient) -> None:
    enter(market, client, "odd-owner", "owner")
    known = [one.split(" ") for one in sorted((MATRIX.keys() - ENDLESS) | OF_TERMINALS)]
    paths = [
        (method, re.sub(r"\{\w+(?::\w+)?\}", odd, path))
        for method, path in known
        for odd in ODD
        if "{" in path
    ]
    asked = [("GET", f"{path}?{name}={ODD[0]}") for path in LISTS[1:] for name in QUERIES]
    others = [("GET", f"/orders?{name}={odd}") for name in QUERIES for odd in ODD[1:]]

    found = {one: client.request(*one).status_code for one in (*paths, *asked, *others)}
    token = market.hub.ground.part(PeopleActs).tokens.add("odd", roles=("owner",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {token}"
    for method, path in sorted(odd_ways()):
        found[method, path] = client.request(method, path, content=b"{}").status_code
    del client.headers["Authorization"]

    wrong = [one for one, status in found.items() if status >= 500]
    assert wrong == []
    assert client.get("/orders?days=99999999999999").status_code == 422


def send_part(client: TestClient, text: str, *, head: str = "", charset: str = "") -> Response:
    """Send a note as a form of one part, written by hand."""
    part = f'--b\r\nContent-Disposition: form-data; name="text"{head}\r\n\r\n{text}\r\n--b--\r\n'
    kind = {"Content-Type": f"multipart/form-data; boundary=b{charset}"}
    return client.post("/customers/N1/notes", content=part.encode(), headers=kind)


@pytest.mark.parametrize("text", ["a\0b", "a" * 5_000 + "\0"])
def test_no_text_of_a_form_has_a_nul(market: Market, client: TestClient, text: str) -> None:
    enter(market, client, "nul-owner", "owner")

    kept = client.post("/customers/N1/notes", data={"text": "a %00 of words"})
    refused = client.post("/customers/N1/notes", data={"text": text})
    in_parts = client.post("/customers/N1/notes", files={"text": (None, text)})
    named = client.post(
        "/customers/N1/notes", files={"text": (None, "a"), "filename": (None, text)}
    )

    posed = send_part(client, text, head="\r\nContent-Type: text/plain; filename=x")
    spelled = send_part(client, "+AAA-", charset="; charset=utf-7")

    assert (kept.status_code, refused.status_code) == (303, 422)
    assert (in_parts.status_code, named.status_code) == (422, 422)
    assert (posed.status_code, spelled.status_code) == (422, 422)
    assert {row[0] for row in market.rows("SELECT text FROM note")} == {"a %00 of words"}


@pytest.mark.parametrize("path", ["/sign-in", "/orders/new", "/imports", "/customers/N1/notes"])
@pytest.mark.parametrize(
    "kind",
    [
        f"multipart/form-data; boundary={'b' * 4_000}",
        "multipart/form-data; boundary=",
        "multipart/form-data",
        f"multipart/form-data; boundary=b; charset={'x' * 4_000}",
        f"multipart/form-data{'; a=b' * 1_000}",
    ],
    ids=["long", "empty", "none", "charset", "options"],
)
def test_no_form_of_odd_parts_fails(
    market: Market, client: TestClient, path: str, kind: str
) -> None:
    enter(market, client, "parts-owner", "owner")

    refused = client.post(path, content=b"--b\r\n", headers={"Content-Type": kind})

    assert refused.status_code in {400, 422}


def test_who_reports_to_whom_may_be_said_from_the_first_day_on(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "line-owner", "owner")
    acts = market.hub.ground.part(PeopleActs)
    own = acts.sign_in.find_account("line-owner")
    assert own is not None
    enter(market, client, "line-boss", "owner")

    for since in ("0001-01-01", "9999-12-31", "0001-01-01"):
        sent = {"manager": "line-boss", "since": since}
        assert client.post(f"/users/{own.id}/manager", data=sent).status_code == 303, since
