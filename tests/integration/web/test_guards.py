"""Headers, roles, faults and static files: what holds for every address."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.base.access import Session
from hub.base.engine.database import Database
from hub.base.limits.numbers import whole_number
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.pages import STATIC
from hub.web.vendor import MANIFEST, VENDOR, digest, vendored_files
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]
PAGES = [
    "/orders",
    "/approvals",
    "/customers",
    "/products",
    "/stock",
    "/invoices",
    "/bank",
    "/payments",
    "/deliveries",
    "/reports",
    "/targets",
    "/returns",
    "/claims",
    "/field",
    "/packs",
    "/terminals",
    "/software",
    "/users",
    "/leases",
    "/programs",
    "/imports",
    "/webhooks",
    "/messages",
]


@pytest.mark.parametrize(
    "path", [*PAGES, "/ask", "/sign-in", "/nothing", "/orders/nothing", "/health"]
)
def test_every_answer_carries_the_security_headers(sign_in: SignIn, path: str) -> None:
    headers = sign_in("sales").get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [*PAGES, "/ask", "/sign-in"])
def test_no_page_names_an_outside_address_or_carries_a_script_or_style(
    sign_in: SignIn, path: str
) -> None:
    page = sign_in("sales").get(path).text

    assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)


@pytest.mark.parametrize("role", ["admin", "sales", "auditor"])
def test_a_role_opens_what_its_menu_shows_and_nothing_else(sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    page = client.get("/orders").text
    side = page[page.index('class="ow-side"') : page.index("<main")]
    menu = re.findall(r'<li><a href="(/\w+)"', side)

    opened = [path for path in PAGES if client.get(path).status_code == 200]

    assert set(opened) == set(menu)
    assert len(menu) == len(set(menu))
    assert ("/messages" in opened) == (role != "auditor")


def test_what_is_not_for_a_role_says_so_in_plain_words(sign_in: SignIn) -> None:
    answer = sign_in("auditor").get("/messages")

    assert answer.status_code == 403
    assert "This is not for your role" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/orders/01990000-0000-7000-8000-000000000000", 404),
        ("/orders?days=x", 422),
        ("/orders?days=3660", 422),
        ("/orders?status=lost", 422),
        ("/orders?at=xyz", 422),
        ("/orders?sort=secret", 422),
        ("/orders?payable_from=-1", 422),
    ],
)
def test_a_wrong_address_gets_a_page_with_a_way_back(
    sign_in: SignIn, path: str, status: int
) -> None:
    answer = sign_in("sales").get(path)

    assert answer.status_code == status
    assert "Back to the first page" in answer.text


def test_a_failure_shows_a_calm_page_and_no_inner_workings(site: Site) -> None:
    app = create_app(frame_of(site.hub))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    answer = TestClient(app, base_url="http://hub.test", raise_server_exceptions=False).get(
        "/broken"
    )

    assert answer.status_code == 500
    assert "Something failed at the hub" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_a_page_that_says_no_has_looked_for_its_reader_once(site: Site, sign_in: SignIn) -> None:
    frame = frame_of(site.hub)
    looked_for: list[str] = []

    def find(token: str, *, now_ms: int, touch: bool) -> Session | None:
        looked_for.append(token)
        return frame.find_session(token, now_ms=now_ms, touch=touch)

    app = create_app(replace(frame, find_session=find))
    client = TestClient(app, base_url="http://hub.test", cookies=sign_in("sales").cookies)

    answer = client.get("/users")

    assert answer.status_code == 403
    assert "sales" in answer.text
    assert looked_for == [client.cookies["orderwire_session"]]


def test_without_its_database_the_hub_says_so_and_to_try_again(site: Site, tmp_path: Path) -> None:
    client = TestClient(
        create_app(frame_of(site.hub)), base_url="http://hub.test", raise_server_exceptions=False
    )
    site.hub.ground.database = Database(f"sqlite:///{tmp_path}/missing/hub.db")

    page, health = client.get("/sign-in"), client.get("/health")

    assert page.status_code == 503
    assert page.text.startswith("The hub cannot reach its database\nOrders are safe")
    assert page.headers["retry-after"] == "5"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert (health.status_code, health.json()["faults"]) == (503, ["the database does not answer"])


def test_vendored_files_are_the_ones_of_the_manifest_and_carry_their_licences() -> None:
    found = {path.relative_to(VENDOR).as_posix(): digest(path) for path in vendored_files()}

    assert found == json.loads(MANIFEST.read_text(encoding="utf-8"))
    folders = {path.split("/")[0] for path in found}
    assert all(f"{folder}/LICENSE" in found for folder in folders)


def test_no_style_sheet_fetches_from_outside() -> None:
    sheets = [path.read_text(encoding="utf-8") for path in STATIC.rglob("*.css")]

    fetched = [url for sheet in sheets for url in re.findall(r"url\(\s*['\"]?([^)'\"]+)", sheet)]

    assert len(sheets) == 4
    assert all(url.startswith("data:image/svg+xml") for url in fetched)
    assert not any("@import" in sheet for sheet in sheets)


def test_static_files_may_be_kept_because_their_addresses_change(client: TestClient) -> None:
    page = client.get("/sign-in").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"#]+)', page)

    assert len(addresses) >= 6
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert "?v=" in address or re.search(r"-\d+\.\d+\.\d+/", address)


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/static/../app.py"])
def test_nothing_of_the_inside_is_served(sign_in: SignIn, path: str) -> None:
    assert sign_in("admin").get(path).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["hub.test", "HUB.test:8080", "localhost:8080", "127.0.0.1", "192.168.1.7:80", "[::1]:8080"],
)
def test_the_hub_answers_to_its_names_and_to_every_address_in_figures(
    client: TestClient, host: str
) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "hub.test.evil.example", "", "[::1", "127.1.example"]
)
def test_by_another_name_nothing_is_answered_also_where_the_origin_has_it_too(
    client: TestClient, host: str
) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}

    answers = [client.get("/sign-in", headers=headers), client.post("/sign-in", headers=headers)]

    assert [answer.status_code for answer in answers] == [421, 421]


@pytest.mark.parametrize("heard", ["9" * 5_000, "\u0663", "-1", "x"])
def test_what_a_stream_is_said_to_have_heard_is_no_reason_to_fail(heard: str) -> None:
    assert whole_number(heard, otherwise=7) == 7
