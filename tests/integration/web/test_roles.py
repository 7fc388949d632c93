"""Every role at every address: who is let in, who sees whose rows, and that nothing fails."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import OUTSIDE, ROLES, read_default_grants
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.reporting import MEASURES
from hub.run.bootstrap import NOUNS, frame_of
from hub.web import stream
from hub.web.app import create_app
from hub.web.frames import bulk, home, saved
from tests.builders.market import FILES, Market, open_market

SIGNED_IN: Final = "whoever is signed in"
ANYBODY: Final = "anybody"
PASSWORD: Final = "correct horse"
MATRIX: Final[Mapping[str, str]] = {
    "GET /": SIGNED_IN,
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
    "GET /find": SIGNED_IN,
    "GET /health": ANYBODY,
    "GET /imports": "imports.run",
    "GET /imports/masters/{kind}.xlsx": "imports.run",
    "GET /imports/{run_id}": "imports.run",
    "GET /imports/{run_id}/refused.csv": "imports.run",
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
    "GET /products": "products.read",
    "GET /products/new": "products.change",
    "GET /products/{sku:path}": "products.read",
    "GET /products/{sku:path}/change": "products.change",
    "GET /programs": "tokens.change",
    "GET /setup": ANYBODY,
    "GET /setup/hub": "setup.begin",
    "GET /setup/hub/house": "setup.begin",
    "GET /setup/hub/store": "setup.begin",
    "GET /sign-in": ANYBODY,
    "GET /sign-in/{step}": SIGNED_IN,
    "GET /stock": "stock.read",
    "GET /stock/at/{warehouse}/{sku}": "stock.read",
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
    "POST /language": ANYBODY,
    "POST /me/factor": SIGNED_IN,
    "POST /me/factor/off": SIGNED_IN,
    "POST /me/factor/spare": SIGNED_IN,
    "POST /me/password": SIGNED_IN,
    "POST /me/sessions/end": SIGNED_IN,
    "POST /me/stand-in": SIGNED_IN,
    "POST /orders/new": "orders.place",
    "POST /orders/{uuid}/amend": "orders.amend",
    "POST /orders/{uuid}/cancel": "orders.cancel",
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
    "GET /api/v1/customers": "customers.read",
    "GET /api/v1/customers/{code:path}": "customers.read",
    "GET /api/v1/products": "products.read",
    "GET /api/v1/products/{sku:path}": "products.read",
    "GET /api/v1/orders": "orders.read",
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
    "POST /api/v1/orders": "orders.place",
}
"""Each address of programs, and what their token has to grant."""
OF_TERMINALS: Final = {"GET /terminal/v1/snapshots/{digest}"}
"""The address of terminals, which have secrets of their own."""
ENDLESS: Final = {"GET /live"}
"""Streams: they would not end."""
NOBODYS: Final = {
    "uuid": "00000000-0000-7000-8000-000000000000",
    "number": "999999",
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
    "warehouse": "NOWHERE",
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
)
QUERIES: Final = ("at", "days", "payable_from", "placed_from", "q", "sort", "status")
"""What the addresses of lists and records may be asked with."""
ODD: Final = ("99999999999999999999999", "-1", "0", "word", "a%00b")
"""What stands in an address for a number or a name, and is none."""
SELLERS: Final = (
    "code,name,kind,parent\nNORTH,North Trade,distributor,\nEAST,East Trade,distributor,\n"
)


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


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Market]:
    """Give a hub of two sellers below the company, each with a shop, a store and an order."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder / "files") as opened:
        opened.load(
            sellers=SELLERS,
            customers=_with_sellers("customers", "N1,Northshop,retailer,IN/DL,active,none,,NORTH")
            + "E1,Eastshop,retailer,IN/WB,active,none,,EAST\n",
            warehouses=_with_sellers("warehouses", "NORD,Northstore,1,NORTH")
            + "OST,Eaststore,1,EAST\n",
            batches=FILES["batches.csv"]
            + "NORD,RICE,RN,2026-01-01,,2026-02-01,50\nOST,RICE,RE,2026-01-01,,2026-02-01,50\n",
            terminals=FILES["terminals.csv"] + "north-1,N1,NORD\neast-1,E1,OST\n",
        )
        opened.place(("RICE", 1), terminal="north-1", customer="N1")
        opened.place(("RICE", 1), terminal="east-1", customer="E1")
        yield opened


def _with_sellers(name: str, *rows: str) -> str:
    head, *others = FILES[f"{name}.csv"].splitlines()
    return "\n".join([f"{head},seller", *(f"{row}," for row in others), *rows, ""])


@pytest.fixture(scope="module")
def client(market: Market) -> Iterator[TestClient]:
    """Give a browser."""
    headers = {"Origin": "http://hub.test"}
    app = create_app(frame_of(market.hub))
    with TestClient(
        app,
        base_url="http://hub.test",
        headers=headers,
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as one:
        yield one


def enter(market: Market, client: TestClient, name: str, *roles: str, seller: str = "") -> None:
    """Sign a new user in, who sees the rows of one seller where it is named."""
    acts = market.hub.ground.part(PeopleActs)
    acts.add(name, roles=roles, password=PASSWORD)
    account = acts.sign_in.find_account(name)
    assert account is not None
    acts.lines.set_rows(account.id, [("seller", seller)] if seller else [], by=OPERATOR)
    token = acts.sign_in.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    client.cookies.clear()
    client.cookies.set("orderwire_session", token)


def test_every_address_is_in_the_matrix() -> None:
    assert addresses() == MATRIX.keys() | OF_PROGRAMS_ALONE.keys() | OF_TERMINALS


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_where_it_has_the_permission_and_nowhere_else(
    market: Market, client: TestClient, role: str
) -> None:
    granted = read_default_grants()[role] | {SIGNED_IN, ANYBODY}
    wrong = []
    for address, needed in MATRIX.items():
        if address in ENDLESS and needed in granted:
            continue
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


def number_of(market: Market, name: str) -> int:
    """Give a user's number."""
    account = market.hub.ground.part(PeopleActs).sign_in.find_account(name)
    assert account is not None
    return account.id


def programs_token(client: TestClient, name: str, *roles: str) -> str:
    """Let a program in at the page, and give its token."""
    answer = client.post("/programs", data={"name": name, "role": list(roles)})
    found = re.search(r"ow_[\w-]+", answer.text)
    assert found is not None, answer.status_code
    return found[0]


def seen_by(client: TestClient, token: str, path: str) -> tuple[int, str]:
    """Give what a program is answered, and its text."""
    client.cookies.clear()
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("rows", {}),
        ("rows", {"seller": "EAST\nNORTH"}),
        ("roles", {"role": ["admin", "manager"]}),
        ("roles", {"role": ["admin"], "duties": "area_manager"}),
        ("ceiling", {"measure": "over_limit", "amount": "50000"}),
    ],
)
def test_nobody_widens_the_own_rights(
    market: Market, client: TestClient, step: str, fields: Mapping[str, object]
) -> None:
    enter(market, client, "east-wide", "admin", "auditor", seller="EAST")
    own = f"/users/{number_of(market, 'east-wide')}"
    if step == "ceiling":
        fields = {**fields, "measure": MEASURES[0]}

    answer = client.post(f"{own}/{step}", data=fields)
    laid_down = client.post(f"{own}/roles", data={"role": ["admin"]})

    assert answer.status_code == 403
    assert laid_down.status_code == 303
    assert "Northshop" not in client.get("/customers").text


def test_an_administrator_of_a_seller_gives_nobody_more_than_its_rows(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "east-helper", "sales", seller="EAST")
    enter(market, client, "east-giver", "admin", seller="EAST")
    helper = f"/users/{number_of(market, 'east-helper')}/rows"
    wider = [{}, {"region": "IN/WB"}, {"seller": "NORTH"}, {"seller": "EAST", "region": "IN"}]

    answers = [client.post(helper, data=fields).status_code for fields in wider]
    client.post("/users/new", data={"name": "east-new", "role": ["manager"]})
    everybody = client.post("/users/roles", data={"role": ["sales"]}).status_code
    made = number_of(market, "east-new")

    assert answers == [403, 403, 409, 409]
    assert everybody == 403
    assert market.rows("SELECT kind, ref FROM user_grant WHERE user_id = :u", u=made) == [
        ("seller", "EAST")
    ]


def test_a_program_sees_no_more_rows_than_its_maker(market: Market, client: TestClient) -> None:
    enter(market, client, "east-maker", "admin", seller="EAST")
    east = programs_token(client, "east-till", "sales")
    enter(market, client, "house-maker", "admin")
    house = programs_token(client, "house-till", "sales")

    status, text = seen_by(client, east, "/api/v1/customers")
    market.hub.ground.part(PeopleActs).lines.set_rows(
        number_of(market, "house-maker"), [("seller", "NORTH")], by=OPERATOR
    )
    later = seen_by(client, house, "/api/v1/customers")[1]

    assert status == 200
    assert "Eastshop" in text
    assert "Northshop" not in text
    assert "Northshop" in later
    assert "Eastshop" not in later


def test_a_program_loses_what_its_maker_loses(market: Market, client: TestClient) -> None:
    enter(market, client, "brief-admin", "admin")
    token = programs_token(client, "brief-till", "sales")
    maker, change = number_of(market, "brief-admin"), market.hub.ground.part(PeopleActs).change

    before = seen_by(client, token, "/api/v1/orders")[0]
    change.set_roles(maker, roles=("rule_writer",), by=OPERATOR)
    demoted = seen_by(client, token, "/api/v1/orders")[0]
    change.end(maker, why="left", by=OPERATOR)
    ended = seen_by(client, token, "/api/v1/orders")[0]

    assert (before, demoted, ended) == (200, 403, 401)


def test_programs_of_others_are_neither_seen_nor_revoked(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "house-admin", "admin")
    programs_token(client, "house-feed", "sales")
    enter(market, client, "east-nosy", "admin", seller="EAST")
    programs_token(client, "east-feed", "sales")

    page = client.get("/programs").text
    revoked = client.post("/programs/revoke", data={"name": "house-feed"}).status_code
    replaced = client.post("/programs", data={"name": "house-feed", "role": ["sales"]}).status_code

    assert "east-feed" in page
    assert "house-feed" not in page
    assert (revoked, replaced) == (409, 403)


@pytest.mark.parametrize("way", ["roles", "end", "add"])
def test_the_last_owner_stays_though_an_administrator_is_there(
    market: Market, client: TestClient, way: str
) -> None:
    acts = market.hub.ground.part(PeopleActs)
    for (owner,) in market.rows(
        "SELECT name FROM user_account WHERE roles = 'owner' AND name <> 'lone' AND active"
    ):
        enter(market, client, "lone", "owner")
        acts.change.set_roles(number_of(market, owner), roles=("auditor",), by=OPERATOR)
    enter(market, client, "lone", "owner")
    enter(market, client, "beside", "admin")
    enter(market, client, "lone", "owner")
    lone = number_of(market, "lone")

    if way == "add":
        with pytest.raises(PeopleError, match="last_owner"):
            acts.add("lone", roles=("sales",), password=PASSWORD)
    else:
        fields = {"role": ["admin"], "why": "x"}
        assert client.post(f"/users/{lone}/{way}", data=fields).status_code == 409
    assert client.get("/users").status_code == 200


@pytest.mark.parametrize("role", sorted(OUTSIDE))
def test_notes_steps_and_names_are_for_staff(market: Market, client: TestClient, role: str) -> None:
    ((uuid,),) = market.rows("SELECT uuid FROM order_ WHERE source_key LIKE '%north-1%'")
    enter(market, client, "notes-boss", "manager")
    client.post(f"/orders/{uuid}/notes", data={"text": "never trust them"})
    client.post(f"/orders/{uuid}/notes", data={"text": "comes on Monday", "shared": "true"})
    staff = client.get(f"/orders/{uuid}").text
    acts = market.hub.ground.part(PeopleActs)
    enter(market, client, f"north-{role}", role)
    number = number_of(market, f"north-{role}")
    acts.lines.set_rows(number, [("customer", "N1")], by=OPERATOR)

    client.post(f"/orders/{uuid}/notes", data={"text": "please hurry"})
    shop = client.get(f"/orders/{uuid}").text
    enter(market, client, "notes-boss", "manager")

    assert "never trust them" in staff
    assert "PL-BASE" in staff
    assert "comes on Monday" in shop
    assert "please hurry" in shop
    assert "never trust them" not in shop
    assert "PL-BASE" not in shop
    assert "please hurry" in client.get(f"/orders/{uuid}").text


def test_views_are_shared_by_staff_and_removed_by_an_administrator(
    market: Market, client: TestClient
) -> None:
    kept = {"of": "orders", "query": "status=held", "back": "/orders", "shared": "true"}
    enter(market, client, "view-partner", "partner")
    client.post("/views", data={**kept, "name": "Of the shop"})
    enter(market, client, "view-clerk", "sales")
    made = client.post("/views", data={**kept, "name": "Of the desk"})
    assert made.status_code == 303
    ((view,),) = market.rows("SELECT id FROM saved_view WHERE name = 'Of the desk'")

    enter(market, client, "view-boss", "manager")
    managers = client.get("/orders").text
    refused = client.post(f"/views/{view}/drop").status_code
    enter(market, client, "view-partner", "partner")
    partners = client.get("/orders").text
    enter(market, client, "view-admin", "admin")
    dropped = client.post(f"/views/{view}/drop").status_code

    assert "Of the desk" in managers
    assert "view-clerk" in managers
    assert "Of the shop" not in managers
    assert "Of the shop" in partners
    assert "Of the desk" not in partners
    assert (refused, dropped) == (404, 303)


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

    assert [one for one, status in found.items() if status >= 500] == []
    assert client.get("/orders?days=99999999999999").status_code == 422
