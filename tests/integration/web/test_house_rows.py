"""What the people of one house never get: a row of another, by whatever address or program."""

import html
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import OF_NETWORK, read_default_grants
from hub.base.engine.columns import metadata
from hub.desk.people.acts import PeopleActs
from tests.builders.addresses import ANYBODY, MATRIX, SIGNED_IN
from tests.builders.market import Market
from tests.builders.partners import open_client, sign_in  # noqa: F401 -- a fixture
from tests.builders.program_addresses import OF_PROGRAMS_ALONE
from tests.builders.three_houses import (  # noqa: F401 -- a fixture
    DESK,
    HOUSES,
    NAMES,
    actor_of,
    open_three_houses,
)

ENDLESS: Final = {"GET /live"}
FIXED: Final = {
    "sku": "RICE",
    "kind": "csv",
    "report": "orders",
    "step": "hold",
    "line": "1",
    "view": "1",
    "name": "orders",
    "kept": "nothing",
    "token": "nothing",
    "digest": "0" * 64,
    "delivery": "1",
}
"""What stands in an address for what is nobody's own."""
OF_PARTY: Final = "SELECT {0} FROM {1} JOIN party p ON p.id = r.{2} WHERE p.code = :c"
IDS: Final[Mapping[str, str]] = {
    "uuid": "SELECT uuid FROM order_ WHERE customer_code = :c",
    "order": "SELECT uuid FROM order_ WHERE customer_code = :c",
    "note": OF_PARTY.format("r.id", "delivery r", "customer_id"),
    "trip": OF_PARTY.format("r.trip_id", "delivery r", "customer_id") + " AND r.trip_id > 0",
    "wave": OF_PARTY.format("r.wave_id", "delivery r", "customer_id"),
    "invoice": OF_PARTY.format("r.id", "invoice r", "customer_id"),
    "payment": OF_PARTY.format("r.id", "payment r", "customer_id"),
    "row_id": OF_PARTY.format("r.id", "goods_return r", "customer_id"),
    "terminal": OF_PARTY.format("r.id", "terminal r", "customer_id"),
    "visit": OF_PARTY.format("r.uuid", "visit r", "party_id"),
    "interaction": OF_PARTY.format("r.uuid", "interaction r", "party_id")
    + " AND r.about = 'complaint'",
    "photo": OF_PARTY.format("h.uuid", "field_entry r", "party_id").replace(
        " WHERE", " JOIN field_photo h ON h.entry = r.uuid WHERE"
    ),
    "request_id": OF_PARTY.format("r.id", "party_request r", "party_id"),
    "code": "SELECT code FROM party WHERE code = :c",
    "beat": "SELECT code FROM beat WHERE code || '@' LIKE 'B-' || :c || '@%'",
    "journey": "SELECT j.id FROM journey j JOIN beat b ON b.id = j.beat_id "
    "WHERE b.code || '@' LIKE 'B-' || :c || '@%'",
    "survey": "SELECT code FROM survey WHERE code || '@' LIKE 'S-' || :c || '@%'",
    "run_id": "SELECT id FROM import_run WHERE file = 'file of ' || :c || '.csv'",
    "statement": "SELECT id FROM bank_statement WHERE file = 'bank of ' || :c || '.csv'",
    "card": "SELECT card FROM operator_card WHERE name = 'Clerk of ' || :c",
    "batch_id": "SELECT id FROM batch WHERE code = 'lot of ' || :c",
    "document": "SELECT id FROM stock_document WHERE reference = 'goods of ' || :c",
    "webhooks": "SELECT id FROM webhook WHERE name = 'Hook of ' || :c",
    "targets": OF_PARTY.format("r.id", "target r", "party_id"),
    "user": "SELECT u.id FROM user_account u JOIN webhook w ON w.owner_id = u.id "
    "WHERE w.name = 'Hook of ' || :c",
    "schedules": "SELECT id FROM report_schedule WHERE name = 'Mail of ' || :c",
}
"""How the id of a row of a shop's house is found, by what an address calls it."""
KEPT: Final = "SELECT ref, id FROM record_file WHERE title = :n || ' of ' || :c ORDER BY id"
NOUNS: Final = {
    "customers": "customer",
    "orders": "order",
    "deliveries": "delivery",
    "products": "product",
    "returns": "return",
    "payments": "payment",
    "claims": "claim",
}
"""The noun of the record at which a file is kept, by its address."""


STARTS: Final = (
    "/orders?days=0",
    "/find?q=of",
    "/find?q=shop",
    "/ask?q=sales+by+customer+this+month",
)
SHARED: Final = {
    *("GET /products/{sku:path}", "GET /products/{sku:path}/labels", "GET /reports/{report}"),
    *("GET /sign-in/{step}", "POST /sign-in/{step}", "GET /welcome/{token}"),
    *("POST /welcome/{token}", "GET /api/v1/products/{sku:path}", "GET /api/v1/reports/{report}"),
    *("GET /bulk/{name}/{step}/{kept}", "POST /api/v1/imports/{kind}"),
}
"""Addresses that name what is nobody's own: a product, a report, a step at the door."""
NOT_THERE: Final = {
    *("GET /imports/masters/{kind}.xlsx", "GET /imports/{run_id}/rows/{line}"),
    *("GET /stock/documents/{document}/arrive", "GET /stock/documents/{document}/count"),
    *("GET /stock/documents/{document}/paper.pdf", "GET /terminals/{terminal}/settle"),
    *("GET /software/{name}", "GET /terminals/{terminal}/diagnoses/{name}"),
    *("GET /counter-groups/{code}", "GET /counter-groups/{code}/change", "GET /follow/{code}"),
}
"""What there is not of these rows: goods on their way, a paper or another file, software, what a
machine told of itself, a group of counters, the code of a slip."""
TOO_EARLY: Final = {
    *("GET /invoices/{invoice}/einvoice.json", "GET /invoices/{invoice}/eway.json"),
    *("GET /orders/{uuid}/amend", "GET /products/{sku:path}/change"),
}
"""What these rows are not ready for, and what only the company's people may."""
NEWEST_OF_N1: Final = "id = (SELECT max(o.id) FROM order_ o WHERE o.customer_code = 'N1')"
PLANTED: Final = (
    ("/field/beats", "beat", "seller_id", "code LIKE 'B-N1@%'"),
    ("/field/surveys", "survey", "seller_id", "code LIKE 'S-N1@%'"),
    ("/field/visits", "visit", "user_id", "party_id = (SELECT id FROM party WHERE code = 'N1')"),
    ("/field/tasks", "interaction", "owner_id", "text = 'leak of N1'"),
    ("/terminals", "terminal", "seller_id", "id = 'north-1'"),
    ("/messages", "refused_message", "terminal", "text = 'not JSON of N1'"),
    ("/imports", "import_run", "by", "file = 'file of N1.csv'"),
    ("/webhooks", "webhook", "owner_id", "name = 'Hook of N1'"),
    ("/workdays", "marked_day", "seller_id", "name = 'Feast of N1'"),
    ("/targets", "target", "seller_id", "who = 'N1'"),
    ("/bank", "bank_statement", "seller_id", "file = 'bank of N1.csv'"),
    ("/reports/schedules", "report_schedule", "user_id", "name = 'Mail of N1'"),
    (
        "/orders?days=0",
        "order_",
        "seller_id",
        "id = (SELECT max(o.id) FROM order_ o WHERE o.customer_code = 'N1')",
    ),
    (
        "/reports/orders",
        "order_",
        "seller_id",
        "id = (SELECT max(o.id) FROM order_ o WHERE o.customer_code = 'N1')",
    ),
)
"""A page, and the column by which a row of NORTH's would become one of EAST's."""
FIELDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("reason", "text", "why", "name", "title", "note"), "wanted of another"),
    "state": "cleared",
    "on": "1",
    "asked": "1",
    "user": "east-rep",
    "from_day": "2026-11-21",
    "weekdays": "1",
    "owner": "east-rep",
    "due": "2026-11-22",
    "done": "1",
    "pin": "4712",
    "customer": "C2",
    "url": "https://example.test/",
    "kinds": "order.changed",
    "role": "sales",
    "amount": "1.00",
    "quantity": "1",
    "day": "2026-11-21",
    "code": "X-1",
    "seller": "",
    "measure": "over_limit",
    "manager": "east-rep",
    "ship_to": "",
    "number": "1",
    "which": "all",
    "fully": "1",
    "outcome": "delivered",
    "receiver": "nobody",
    "mode": "cash",
    "reorder": "1",
    "maximum": "2",
    "outlets": "",
    "answer": "grant",
    "lines": "",
    "vehicle": "",
    "seen": "",
    "every": "day",
    "hour": "8",
    "kind": "csv",
    "rows": "",
    "first": "2026-11-01",
    "decision": "grant",
    "shown": "x",
    "content": "x",
    "address": "1 Road",
    "active": "1",
}
"""What is sent to each address that changes something: enough for most to come to the row."""
WORDS: Final[Mapping[str, Any]] = {
    "POST /field/decide/orders/{uuid}": {"answer": "no", "content": 64 * "0", "why": "another's"},
    "POST /field/decide/outlets/{request_id}": {"answer": "refuse", "code": "C2", "why": "none"},
}
"""What a phone says of what waits for a word."""
BODY: Final[Mapping[str, Any]] = {**FIELDS, "done": True, "weekdays": [1], "outlets": []}


def house_of(name: str) -> str:
    """Give the house that somebody works for, or buys from."""
    return "north" if name == "nina" else name.partition("-")[0]


def sent_to(address: str) -> Mapping[str, Any]:
    """Give what a page sends to an address, or a phone, which says its word as JSON."""
    word = WORDS.get(address)
    return {"data": FIELDS} if word is None else {"json": word}


def own_shop(name: str) -> str:
    """Give the shop of somebody's house."""
    return HOUSES[house_of(name)].shop


def marks_of(name: str) -> list[str]:
    """Give the words that nobody of this house may read: of the others' shops, people, rows."""
    own = own_shop(name)
    house = house_of(name)
    foreign = NAMES.keys() - {own}
    seller = {HOUSES[house].seller}
    if house == "north":
        foreign -= {"N2"}  # the other shop that NORTH serves
    marks = [rf"\bof {one}\b" for one in sorted(foreign)]
    marks += [re.escape(NAMES[one]) for one in sorted(foreign - seller)]
    return [*marks, *(rf"\b{other}-(?:boss|rep)\b" for other in HOUSES if other != house)]


def leaked(text: str, name: str) -> set[str]:
    """Give the marks that a text shows all the same."""
    plain = html.unescape(text)
    return {mark for mark in marks_of(name) if re.search(mark, plain)}


def kind_of(path: str) -> str:
    """Give what addresses of one kind have in common: without numbers, ids and filters' values."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path.partition("&")[0])
    return re.sub(r"=[^&]*", "=", plain)


def text_of(answer: Any) -> str:
    """Give what an answer says; of files of other kinds, nothing."""
    kind = answer.headers.get("content-type", "")
    return str(answer.text) if re.search("html|csv|json|text", kind) else ""


def lists_of(addresses: Mapping[str, str]) -> list[str]:
    """Give the addresses that are read and name no row."""
    found = [one.split(" ") for one in sorted(addresses.keys() - ENDLESS)]
    return [path for method, path in found if method == "GET" and "{" not in path]


def fill(market: Market, address: str, shop: str) -> str | None:
    """Give the path of an address with the ids of a row of the shop's house; None without one."""
    path = address.split(" ")[1]

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if "/files" in path:
            kept = market.rows(KEPT, c=shop, n=NOUNS[path.removeprefix("/api/v1").split("/")[1]])
            return str(kept[0][name == "number"]) if kept else "?"
        if name in {"number", "code"}:
            named = re.search(r"/(webhooks|targets|schedules|beats)/", path)
            name = {"beats": "beat"}.get(named[1], named[1]) if named else name
        if name == "warehouse":
            return next(one.warehouse for one in HOUSES.values() if one.shop == shop)
        if name in IDS:
            ids = market.rows(IDS[name], c=shop)
            return str(ids[0][0]) if ids else "?"
        return FIXED.get(name, "?")

    filled = re.sub(r"\{(\w+)(?::\w+)?\}", value, path)
    return None if "?" in filled else filled


def fingerprint(market: Market) -> dict[str, Any]:
    """Give what is in every table, but for sessions and forms that are begun."""
    skipped = {"user_session", "form_draft", "setup_word", "change"}
    names = [name for name in metadata.tables if name not in skipped]
    return {name: market.rows(f"SELECT * FROM {name}") for name in names}  # noqa: S608 -- our own


def of_rows() -> list[str]:
    """Give the addresses of people that name a row which a house may have for itself."""
    return sorted(one for one in MATRIX if "{" in one and one not in SHARED)


@pytest.mark.parametrize("name", ["east-boss", "house-rep", "east-rep"])
def test_no_page_that_a_person_can_click_to_shows_a_row_of_another_house(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)
    todo, seen = deque([*lists_of(MATRIX), *STARTS]), set[str]()
    wrong: dict[str, object] = {}
    while todo:
        path = todo.popleft()
        kind = kind_of(path)
        if kind in seen or path.startswith(("/static", "/live")):
            continue
        seen.add(kind)
        answer = client.get(path)
        text = text_of(answer)
        found = leaked(text, name)
        if answer.status_code >= 500 or found:
            wrong[path] = (int(answer.status_code), found)
        if "html" in answer.headers.get("content-type", ""):
            todo += re.findall(r'\bhref="(/[^"#]*)"', html.unescape(text))
            todo += [f"{path.partition('?')[0]}{q}" for q in re.findall(r'href="(\?[^"]+)"', text)]

    assert wrong == {}
    assert len(seen) > 150


@pytest.mark.parametrize("name", ["east-boss", "house-rep", "east-rep", "nina"])
def test_no_address_gives_a_person_a_row_of_another_house_or_changes_one(
    market: Market, client: TestClient, name: str
) -> None:
    sign_in(market, client, name)
    before, wrong = fingerprint(market), []
    foreign = [one.shop for one in HOUSES.values() if one.shop != own_shop(name)]
    for address in of_rows():
        method = address.split(" ")[0]
        said = sent_to(address) if method == "POST" else {}
        for shop in foreign:
            path = fill(market, address, shop)
            status = client.request(method, path, **said).status_code if path else 404
            # A form that is refused tells what was typed and why, and nothing of the row; a phone
            # is told the same of an outlet that nobody asked for.
            refused = {403, 404, 409 if address in WORDS else 422}
            if status not in (refused if method == "POST" else {403, 404}):
                wrong.append(f"{address} {shop}: {status}")

    assert wrong == []
    assert {name for name, rows in fingerprint(market).items() if rows != before[name]} == set()


def test_the_same_addresses_give_the_own_house_its_rows(market: Market, client: TestClient) -> None:
    sign_in(market, client, "east-boss")
    found = {}
    for address in of_rows():
        path = fill(market, address, "E1")
        if address.startswith("GET ") and path is not None:
            found[address] = int(client.get(path).status_code)

    assert {one for one, status in found.items() if status == 404} == NOT_THERE
    assert {one for one, status in found.items() if status not in {200, 404}} == TOO_EARLY


def test_no_program_is_given_a_row_of_another_house_than_its_maker_s(
    market: Market, client: TestClient
) -> None:
    acts = market.hub.ground.part(PeopleActs)
    maker = actor_of(market, "east-boss")
    token = acts.tokens.add("east-program", roles=("manager", "accounts"), by=maker)
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    period = "?first=2026-11-01&last=2026-11-30"
    wrong: dict[str, object] = {}
    own = set()
    for address in sorted(OF_PROGRAMS_ALONE):
        method = address.split(" ")[0]
        for shop in ("E1", "N1", "C2") if "{" in address and address not in SHARED else ("E1",):
            path = fill(market, address, shop)
            if path is None or (shop == "E1" and method != "GET"):
                continue
            body = json.dumps(BODY) if method != "GET" else None
            answer = client.request(method, path + period, content=body, headers=headers)
            status = int(answer.status_code)
            own |= (
                {address}
                if shop == "E1" and re.search(r"\bof E1\b|Ekambar", answer.text)
                else set()
            )
            if status >= 500 or leaked(text_of(answer), "east-boss"):
                wrong[f"{address} {shop}"] = (status, leaked(text_of(answer), "east-boss"))
            if shop != "E1" and status not in {400, 403, 404, 422}:
                wrong[f"{address} {shop}"] = status

    assert wrong == {}
    assert own >= {f"GET /api/v1/{one}" for one in ("field/beats", "field/visits", "bank")}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_row_that_another_house_is_given_by_mistake_is_found(
    market: Market, client: TestClient, planted: tuple[str, str, str, str]
) -> None:
    path, table, column, where = planted
    sign_in(market, client, "east-boss")
    clean = leaked(client.get(path).text, "east-boss")
    with given_to_east(market, table, column, where):
        found = leaked(client.get(path).text, "east-boss")
    again = leaked(client.get(path).text, "east-boss")

    assert (clean, again) == (set(), set())
    assert found != set()


@contextmanager
def given_to_east(market: Market, table: str, column: str, where: str) -> Iterator[None]:
    """Have a row be of EAST for a while, as an act that forgot whose it is would write it."""
    ((before,),) = market.rows(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608 -- as planted
    east: Mapping[str, object] = {
        "seller_id": market.rows("SELECT id FROM party WHERE code = 'EAST'")[0][0],
        "user": actor_of(market, "east-boss").scope.user,
        "by": "east-boss",
        "terminal": "east-1",
    }
    value = east.get(column, east["user"])
    change = f"UPDATE {table} SET {column} = :v WHERE {where}"  # noqa: S608 -- as planted
    market.change(change, v=value)
    try:
        yield
    finally:
        market.change(change, v=before)


def test_a_seller_s_own_staff_may_do_what_its_roles_grant_but_for_what_all_sellers_share(
    market: Market, client: TestClient
) -> None:
    granted = frozenset[str]().union(*(read_default_grants()[one] for one in DESK))
    sign_in(market, client, "east-boss")
    own = granted - OF_NETWORK | {SIGNED_IN, ANYBODY}
    wrong = []
    for address, needed in sorted(MATRIX.items()):
        if not address.startswith("GET ") or address in ENDLESS:
            continue
        status = client.get(fill(market, address, "E1") or "/nowhere").status_code
        if status != 404 and (status == 403) != (needed not in own):
            wrong.append(f"{address}: {status}")

    assert wrong == []
    assert len(OF_NETWORK & granted) > 5
