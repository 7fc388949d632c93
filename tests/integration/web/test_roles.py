"""Every role at every address: who is let in, who sees whose rows, and that nothing fails."""

import re
from collections.abc import Mapping
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import ROLES, read_default_grants
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.commands.proving import OPERATOR
from hub.run.bootstrap import NOUNS
from hub.web import stream
from hub.web.frames import bulk, home, saved
from tests.builders.market import Market
from tests.builders.two_sellers import (  # noqa: F401 -- fixtures
    enter,
    open_client,
    open_two_sellers,
)

SIGNED_IN: Final = "whoever is signed in"
ANYBODY: Final = "anybody"
MATRIX: Final[Mapping[str, str]] = {
    "GET /": SIGNED_IN,
    "GET /accounts/ageing": "accounts.read",
    "GET /accounts/statement/{code:path}": "accounts.read",
    "GET /approvals": "approvals.read",
    "GET /approvals/next": "approvals.read",
    "GET /bulk/{name}/{step}/{kept}": SIGNED_IN,
    "GET /customers": "customers.read",
    "GET /customers/hand-over": "customers.change",
    "POST /customers/hand-over": "customers.change",
    "GET /products/{sku:path}/labels": "products.read",
    "GET /customers/new": "customers.add",
    "GET /customers/{code:path}": "customers.read",
    "GET /customers/{code:path}/change": "customers.change",
    "GET /deliveries": "deliveries.read",
    "GET /deliveries/dispatch": "deliveries.dispatch",
    "GET /deliveries/to-pick": "deliveries.read",
    "GET /deliveries/trips/{trip}": "deliveries.read",
    "GET /deliveries/waves/{wave}": "deliveries.read",
    "GET /deliveries/waves/{wave}/print": "deliveries.read",
    "GET /deliveries/{note}": "deliveries.read",
    "GET /deliveries/{note}/outcome": "deliveries.record",
    "GET /deliveries/{note}/print": "deliveries.read",
    "POST /deliveries/dispatch": "deliveries.dispatch",
    "POST /deliveries/pick": "deliveries.pick",
    "POST /deliveries/waves/{wave}/enter": "deliveries.pick",
    "POST /deliveries/waves/{wave}/finish": "deliveries.pick",
    "POST /deliveries/waves/{wave}/scan": "deliveries.pick",
    "POST /deliveries/{note}/outcome": "deliveries.record",
    "POST /deliveries/{note}/pass": "deliveries.pass",
    "POST /deliveries/{note}/short": "deliveries.pick",
    "POST /deliveries/{note}/undo": "deliveries.pick",
    "GET /find": SIGNED_IN,
    "GET /health": ANYBODY,
    "GET /imports": "imports.run",
    "GET /imports/masters/{kind}.xlsx": "imports.run",
    "GET /imports/{run_id}": "imports.run",
    "GET /imports/{run_id}/refused.csv": "imports.run",
    "GET /invoices": "invoices.read",
    "GET /invoices/gstr1.csv": "invoices.read",
    "GET /invoices/letterhead": "invoices.letterhead",
    "GET /invoices/new": "invoices.make",
    "GET /invoices/to-bill": "invoices.make",
    "GET /invoices/{invoice}": "invoices.read",
    "GET /invoices/{invoice}/credit": "invoices.credit",
    "GET /invoices/{invoice}/einvoice.json": "invoices.read",
    "GET /invoices/{invoice}/print": "invoices.read",
    "GET /leases": "packs.read",
    "GET /live": "orders.read",
    "GET /me": SIGNED_IN,
    "GET /me/factor": SIGNED_IN,
    "GET /messages": "messages.read",
    "GET /orders": "orders.read",
    "GET /orders/new": "orders.place",
    "GET /orders/price": "orders.read",
    "GET /orders/{uuid}": "orders.read",
    "GET /orders/{uuid}/amend": "orders.amend",
    "GET /packs": "packs.read",
    "GET /packs/{number}": "packs.read",
    "GET /packs/{number}/publish": "packs.publish",
    "GET /payments": "payments.read",
    "GET /payments/limit": "payments.write_off",
    "GET /payments/new": "payments.take",
    "GET /payments/{payment}": "payments.read",
    "GET /payments/{payment}/print": "payments.read",
    "GET /payments/{payment}/paper.pdf": "payments.read",
    "GET /accounts/statement.pdf": "accounts.read",
    "GET /deliveries/waves/{wave}/paper.pdf": "deliveries.read",
    "GET /deliveries/{note}/paper.pdf": "deliveries.read",
    "GET /invoices/{invoice}/paper.pdf": "invoices.read",
    "GET /orders/{uuid}/paper.pdf": "orders.read",
    "GET /returns": "returns.read",
    "GET /returns/new": "returns.take",
    "GET /returns/{row_id}": "returns.read",
    "GET /payments/{payment}/refund": "payments.refund",
    "GET /products": "products.read",
    "GET /products/new": "products.change",
    "GET /products/{sku:path}": "products.read",
    "GET /notices": SIGNED_IN,
    "GET /notices/rules": "notices.rules",
    "GET /products/{sku:path}/change": "products.change",
    "GET /programs": "tokens.change",
    "GET /ask": "reports.read",
    "GET /reports": "reports.read",
    "GET /reports/{report}": "reports.read",
    "GET /setup": ANYBODY,
    "GET /setup/hub": "setup.begin",
    "GET /setup/hub/house": "setup.begin",
    "GET /setup/hub/store": "setup.begin",
    "GET /sign-in": ANYBODY,
    "GET /sign-in/{step}": SIGNED_IN,
    "GET /stock": "stock.read",
    "GET /stock/at/{warehouse}/{sku:path}": "stock.read",
    "GET /stock/batches": "stock.read",
    "GET /stock/batches/{batch_id}": "stock.read",
    "GET /stock/batches/{batch_id}/dates": "stock.move",
    "GET /stock/batches/{batch_id}/holders.csv": "stock.read",
    "GET /stock/batches/{batch_id}/recall": "stock.recall",
    "GET /stock/count": "stock.count",
    "GET /stock/documents": "stock.read",
    "GET /stock/documents/{document}": "stock.read",
    "GET /stock/documents/{document}/arrive": "stock.receive",
    "GET /stock/documents/{document}/count": "stock.count",
    "GET /stock/limit": "stock.limit",
    "GET /stock/move": "stock.move",
    "GET /stock/receive": "stock.receive",
    "GET /stock/transfer": "stock.move",
    "GET /terminals": "terminals.read",
    "GET /users": "users.read",
    "GET /users/new": "users.change",
    "GET /users/roles": "users.read",
    "GET /users/{user}": "users.read",
    "POST /bulk/{name}/{step}": SIGNED_IN,
    "POST /bulk/{name}/{step}/do": SIGNED_IN,
    "POST /customers/new": "customers.add",
    "POST /customers/{code:path}/change": "customers.change",
    "POST /customers/{code:path}/notes": "customers.read",
    "POST /customers/{code:path}/requests/{request_id}": "customers.approve",
    "POST /customers/{code:path}/served-by": "customers.change",
    "POST /imports": "imports.run",
    "POST /imports/{run_id}/look": "imports.run",
    "POST /imports/{run_id}/take": "imports.run",
    "POST /invoices/letterhead": "invoices.letterhead",
    "POST /invoices/new": "invoices.make",
    "POST /invoices/{invoice}/cancel": "invoices.cancel",
    "POST /invoices/{invoice}/credit": "invoices.credit",
    "POST /invoices/{invoice}/notes": "invoices.read",
    "POST /invoices/{invoice}/write-off": "payments.write_off",
    "POST /language": ANYBODY,
    "POST /me/factor": SIGNED_IN,
    "POST /me/factor/off": SIGNED_IN,
    "POST /me/factor/spare": SIGNED_IN,
    "POST /me/password": SIGNED_IN,
    "POST /me/sessions/end": SIGNED_IN,
    "POST /me/stand-in": SIGNED_IN,
    "POST /notices/mail": SIGNED_IN,
    "POST /notices/read": SIGNED_IN,
    "POST /notices/rules": "notices.rules",
    "POST /notices/rules/{number}/end": "notices.rules",
    "POST /orders/new": "orders.place",
    "POST /orders/{uuid}/amend": "orders.amend",
    "POST /orders/{uuid}/cancel": "orders.cancel",
    "POST /orders/{uuid}/fill": "orders.amend",
    "POST /orders/{uuid}/split": "orders.amend",
    "POST /orders/{uuid}/hold": "orders.hold",
    "POST /orders/{uuid}/notes": "orders.read",
    "POST /orders/{uuid}/offer": "approvals.decide",
    "POST /orders/{uuid}/refuse": "approvals.decide",
    "POST /orders/{uuid}/release": "approvals.decide",
    "POST /packs/{number}/call-off": "packs.publish",
    "POST /packs/{number}/drop": "packs.add",
    "POST /packs/{number}/notes": "packs.read",
    "POST /packs/{number}/publish": "packs.publish",
    "POST /packs/{number}/roll-back": "packs.publish",
    "POST /packs/{number}/shadow": "packs.add",
    "POST /payments/limit": "payments.write_off",
    "POST /payments/new": "payments.take",
    "POST /payments/{payment}/void": "payments.void",
    "POST /deliveries/{note}/rest": "deliveries.record",
    "POST /returns/new": "returns.take",
    "POST /payments/{payment}/allocate": "payments.allocate",
    "POST /payments/{payment}/notes": "payments.read",
    "POST /payments/{payment}/refund": "payments.refund",
    "POST /payments/{payment}/release": "payments.allocate",
    "POST /payments/{payment}/state": "payments.clear",
    "POST /products/new": "products.change",
    "POST /products/{sku:path}/change": "products.change",
    "POST /products/{sku:path}/notes": "products.read",
    "POST /programs": "tokens.change",
    "POST /programs/revoke": "tokens.change",
    "POST /setup": ANYBODY,
    "POST /setup/hub/house": "setup.begin",
    "POST /setup/hub/store": "setup.begin",
    "POST /sign-in": ANYBODY,
    "POST /sign-in/{step}": SIGNED_IN,
    "POST /sign-out": ANYBODY,
    "POST /stock/batches/{batch_id}/dates": "stock.move",
    "POST /stock/batches/{batch_id}/recall": "stock.recall",
    "POST /stock/count": "stock.count",
    "POST /stock/documents/{document}/arrive": "stock.receive",
    "POST /stock/documents/{document}/count": "stock.count",
    "POST /stock/documents/{document}/grant": "stock.approve",
    "POST /stock/documents/{document}/hand-over": "stock.count",
    "POST /stock/documents/{document}/refuse": "stock.approve",
    "POST /stock/limit": "stock.limit",
    "POST /stock/move": "stock.move",
    "POST /stock/receive": "stock.receive",
    "POST /stock/transfer": "stock.move",
    "POST /users/new": "users.change",
    "POST /users/roles": "users.change",
    "POST /users/{user}/again": "users.change",
    "POST /users/{user}/ceiling": "users.change",
    "POST /users/{user}/end": "users.change",
    "POST /users/{user}/factor/off": "users.change",
    "POST /users/{user}/manager": "users.change",
    "POST /users/{user}/name": "users.change",
    "POST /users/{user}/reset": "users.change",
    "POST /users/{user}/roles": "users.change",
    "POST /users/{user}/rows": "users.change",
    "POST /users/{user}/sessions/end": "users.change",
    "POST /users/{user}/stand-in": "users.change",
    "POST /users/{user}/stand-in/drop": "users.change",
    "POST /views": SIGNED_IN,
    "POST /views/{view}/drop": SIGNED_IN,
}
"""Each address of people, and who is let in: a permission, whoever is signed in, or anybody."""
OF_PROGRAMS_ALONE: Final[Mapping[str, str]] = {
    "GET /api/v1/accounts/ageing": "accounts.read",
    "GET /api/v1/accounts/statement/{code:path}": "accounts.read",
    "GET /api/v1/invoices": "invoices.read",
    "GET /api/v1/invoices/{invoice}": "invoices.read",
    "GET /api/v1/payments": "payments.read",
    "GET /api/v1/payments/{payment}": "payments.read",
    "POST /api/v1/invoices": "invoices.make",
    "POST /api/v1/invoices/{invoice}/cancel": "invoices.cancel",
    "POST /api/v1/invoices/{invoice}/credit": "invoices.credit",
    "POST /api/v1/payments": "payments.take",
    "POST /api/v1/payments/{payment}/allocate": "payments.allocate",
    "POST /api/v1/payments/{payment}/state": "payments.clear",
    "GET /api/v1/customers": "customers.read",
    "GET /api/v1/customers/{code:path}": "customers.read",
    "GET /api/v1/deliveries": "deliveries.read",
    "GET /api/v1/deliveries/{note}": "deliveries.read",
    "POST /api/v1/deliveries/{note}/rest": "deliveries.record",
    "GET /api/v1/invoices/{invoice}/paper.pdf": "invoices.read",
    "GET /api/v1/payments/{payment}/paper.pdf": "payments.read",
    "POST /api/v1/payments/{payment}/void": "payments.void",
    "GET /api/v1/returns": "returns.read",
    "GET /api/v1/returns/{row_id}": "returns.read",
    "POST /api/v1/returns": "returns.take",
    "POST /api/v1/deliveries/dispatch": "deliveries.dispatch",
    "POST /api/v1/deliveries/pick": "deliveries.pick",
    "POST /api/v1/deliveries/waves/{wave}/enter": "deliveries.pick",
    "POST /api/v1/deliveries/waves/{wave}/finish": "deliveries.pick",
    "POST /api/v1/deliveries/waves/{wave}/scan": "deliveries.pick",
    "POST /api/v1/deliveries/{note}/outcome": "deliveries.record",
    "POST /api/v1/deliveries/{note}/pass": "deliveries.pass",
    "POST /api/v1/deliveries/{note}/short": "deliveries.pick",
    "POST /api/v1/deliveries/{note}/undo": "deliveries.pick",
    "GET /api/v1/products": "products.read",
    "GET /api/v1/products/{sku:path}": "products.read",
    "GET /api/v1/orders": "orders.read",
    "GET /api/v1/reports/{report}": "reports.read",
    "GET /api/v1/orders/{order}": "orders.read",
    "PATCH /api/v1/orders/{order}": "orders.amend",
    "GET /api/v1/stock": "stock.read",
    "GET /api/v1/stock/batches/{batch_id}/holders": "stock.read",
    "GET /api/v1/stock/documents/{document}": "stock.read",
    "POST /api/v1/stock/batches/{batch_id}/dates": "stock.move",
    "POST /api/v1/stock/batches/{batch_id}/recall": "stock.recall",
    "POST /api/v1/stock/count": "stock.count",
    "POST /api/v1/stock/documents/{document}/arrive": "stock.receive",
    "POST /api/v1/stock/documents/{document}/count": "stock.count",
    "POST /api/v1/stock/documents/{document}/grant": "stock.approve",
    "POST /api/v1/stock/documents/{document}/hand-over": "stock.count",
    "POST /api/v1/stock/documents/{document}/refuse": "stock.approve",
    "POST /api/v1/stock/move": "stock.move",
    "POST /api/v1/stock/receive": "stock.receive",
    "POST /api/v1/stock/transfer": "stock.move",
    "PATCH /api/v1/customers/{code:path}": "customers.change",
    "POST /api/v1/customers": "customers.add",
    "POST /api/v1/ask": "reports.read",
    "POST /api/v1/orders": "orders.place",
    "POST /api/v1/orders/{order}/fill": "orders.amend",
    "POST /api/v1/orders/{order}/split": "orders.amend",
}
"""Each address of programs, and what their token has to grant."""
OF_TERMINALS: Final = {"GET /terminal/v1/snapshots/{digest}"}
"""The address of terminals, which have secrets of their own."""
ENDLESS: Final = {"GET /live"}
"""Streams: they would not end."""
ENDING: Final = {"POST /me/sessions/end", "POST /sign-out"}
"""After these the one who asked is signed out."""
NOBODYS: Final = {
    "row_id": "999999",
    "uuid": "00000000-0000-7000-8000-000000000000",
    "number": "999999",
    "report": "orders",
    "user": "999999",
    "view": "999999",
    "kept": "nothing",
    "digest": "0" * 64,
    "name": "orders",
    "step": "code",
    "order": "S-999999",
    "code": "nobody",
    "sku": "NOTHING",
    "run_id": "999999",
    "kind": "nothing",
    "request_id": "999999",
    "batch_id": "999999",
    "document": "999999",
    "note": "999999",
    "trip": "999999",
    "wave": "999999",
    "warehouse": "NOWHERE",
    "invoice": "999999",
    "payment": "999999",
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
    own = (stream.router, home.router, bulk.router, saved.router)
    routers = (*own, *(router for noun in NOUNS for router in noun.routers))
    return {
        f"{method} {route.path}"  # type: ignore[attr-defined]
        for router in routers
        for route in router.routes
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
    }


def filled(address: str) -> tuple[str, str]:
    """Give the method and the path of an address, for rows that nobody has."""
    method, path = address.split(" ")
    return method, re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: NOBODYS[found[1]], path)


def test_every_address_is_in_the_matrix() -> None:
    assert addresses() == MATRIX.keys() | OF_PROGRAMS_ALONE.keys() | OF_TERMINALS


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

    assert {client.get(filled(one)[1]).status_code for one in OF_TERMINALS} == {401}


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
    for one in sorted(OF_PROGRAMS_ALONE):
        method, path = one.split(" ")
        for odd in ODD:
            address = re.sub(r"\{\w+\}", odd, path)
            for query in ("", f"?after={odd}", f"?before={odd}", f"?size={odd}&q={odd}"):
                answer = client.request(method, f"{address}{query}", content=b"{}")
                found[method, f"{address}{query}"] = answer.status_code
    del client.headers["Authorization"]

    wrong = [one for one, status in found.items() if status >= 500]
    assert wrong == []
    assert client.get("/orders?days=99999999999999").status_code == 422
