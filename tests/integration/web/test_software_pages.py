"""Updates of terminals' software over HTTP: for programs, and the bundle for terminals."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.desk.terminals.acts.software import SoftwareActs
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.hub_records import SECRET
from tests.builders.market import Market
from tests.builders.page_client import PageClient
from tests.builders.updates import TRUSTED, Made, make_update, says
from tests.fixtures.browser import Site
from tests.integration.web.test_api import market, token  # noqa: F401  # a fixture
from tests.suites.hub.test_wire_beside_orders import status

NAME = "12-aarch64-py3.11"
ADDRESS = f"/api/v1/software/{NAME}"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Give an update's two files."""
    return make_update(tmp_path, 12)


@pytest.fixture
def programs(market: Market) -> Iterator[TestClient]:  # noqa: F811
    """Give a program that may do what an administrator does; the hub takes updates."""
    market.hub.ground.part(SoftwareActs).add.keys = TRUSTED
    with PageClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
        one.headers["Authorization"] = f"Bearer {token(market, 'tool', 'admin')}"
        yield one


def sent(made: Made) -> dict[str, tuple[str, bytes]]:
    """Write the form with both files."""
    return {
        "manifest": ("update.json", made.content),
        "bundle": ("update.tar.gz", made.bundle.read_bytes()),
    }


def test_a_program_hands_an_update_over_offers_it_and_reads_what_became_of_it(
    programs: TestClient,
    market: Market,  # noqa: F811
    made: Made,
) -> None:
    added = programs.post("/api/v1/software", files=sent(made))
    market.hears(status(terminal="shop-2", update=says(11)))
    offered = programs.post(f"{ADDRESS}/offer", json={"share": 100, "why": "spring"})
    early = programs.post(f"{ADDRESS}/widen", json={})
    market.hears(status(terminal="shop-2", update=says(12, manifest=made.digest, state="taken")))
    wide = programs.post(f"{ADDRESS}/widen", json={"most_failed": 3})
    paused = programs.post(f"{ADDRESS}/pause", json={"why": "festival"})
    on = programs.post(f"{ADDRESS}/resume", json={})
    over = programs.post(f"{ADDRESS}/end", json={})
    every = programs.get("/api/v1/software").json()

    assert (added.status_code, added.headers["location"]) == (201, ADDRESS)
    assert (offered.json()["stage"], offered.json()["open"]) == ("first", 1)
    assert (early.status_code, early.json()["code"]) == (409, "software_first_open")
    assert [one.json()["stage"] for one in (wide, paused, on, over)] == [
        *("all", "paused", "all", "ended"),
    ]
    (terminal,) = over.json()["terminals"]
    assert (terminal["terminal"], terminal["state"]) == ("shop-2", "taken")
    assert ("stage", "paused", "festival") in [
        (one["field"], one["new"], one["why"]) for one in over.json()["changes"]
    ]
    assert [one["name"] for one in every["updates"]] == [NAME]
    assert {"number": 12, "terminals": 1}.items() <= every["runs"][0].items()


def test_a_program_is_told_why_an_update_is_not_taken(programs: TestClient, made: Made) -> None:
    changed = sent(made) | {"bundle": ("update.tar.gz", b"something else")}
    wrong = programs.post("/api/v1/software", files=changed)
    nobody = programs.get("/api/v1/software/1-x86_64-py3.11")
    senseless = programs.post(f"{ADDRESS}/offer", json={"part": 5})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "software_bundle_bad")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "software_unknown")
    assert (senseless.status_code, senseless.json()["code"]) == (400, "body_invalid")


def test_a_bundle_is_given_in_parts_to_a_terminal_that_proves_who_it_is(
    client: TestClient, site: Site, made: Made
) -> None:
    content = made.bundle.read_bytes()
    files = site.hub.ground.part(SoftwareActs).files
    digest = hashlib.sha256(content).hexdigest()
    files.folder.mkdir(parents=True)
    files.path_of(digest).write_bytes(content)
    address, shop = f"/terminal/v1/software/{digest}", ("shop-1", SECRET)

    whole = client.get(address, auth=shop)
    rest = client.get(address, auth=shop, headers={"Range": "bytes=50-"})

    assert whole.content == content
    assert (rest.status_code, rest.content) == (206, content[50:])
    assert client.get(address, auth=("shop-1", "guess")).status_code == 401
    assert client.get(address).status_code == 401
    assert client.get(f"/terminal/v1/software/{'0' * 64}", auth=shop).status_code == 404
