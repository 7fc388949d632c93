"""The first pages of a new hub: sample data that goes again, and a house of one person."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.base.words import PageWords
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.acts.check_files import check_files
from hub.desk.rulepacks.model.first_pack import FirstPack, first_files
from hub.desk.rulepacks.model.packed import PackedPack
from hub.run.bootstrap import Hub, build_hub, frame_of
from hub.run.config import Settings
from hub.web.app import create_app
from tests.builders.hub_records import PASSWORD, Shelves, SteppedClock
from tests.builders.page_client import PageClient
from tests.fixtures.databases import begin_folder

BANNER = PageWords().text("sample.banner")


def rules(version: int, *, below: int) -> PackedPack:
    """Write rules that sell so many percent below the MRP."""
    asked = FirstPack("INR", "Asia/Kolkata", "none", "", with_tax=True, below=below)
    files = first_files(asked)
    head = files["pack.yaml"].replace(b"version: 1", f"version: {version}".encode())
    return check_files({**files, "pack.yaml": head})


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[tuple[TestClient, Hub]]:
    """Give the browser of an owner who has just begun."""
    settings = Settings(begin_folder(tmp_path, sqlite_template), hosts="hub.test")
    hub = build_hub(settings, clock=SteppedClock())
    headers = {"Origin": "http://hub.test"}
    app = create_app(frame_of(hub))
    with PageClient(
        app, base_url="http://hub.test", headers=headers, follow_redirects=False
    ) as client:
        word = hub.ground.part(PeopleActs).first.make_word()
        owner = {"word": word, "name": "olga", "given": PASSWORD, "again": PASSWORD}
        assert client.post("/setup", data=owner).status_code == 303
        yield client, hub
    hub.close()


def test_sample_data_is_offered_said_on_every_page_and_removed(
    house: tuple[TestClient, Hub],
) -> None:
    client, _ = house
    offered = client.get("/setup/hub").text

    begun = client.post("/setup/sample")
    pages = [client.get(one).text for one in ("/", "/orders", "/stock", "/me", "/setup/sample")]
    client.post("/language", data={"language": "hi", "next": "/"})
    in_hindi = client.get("/orders").text
    client.post("/language", data={"language": "en", "next": "/"})
    removed = client.post("/setup/sample/remove")

    assert 'action="/setup/sample"' in offered
    assert BANNER not in offered
    assert begun.headers["location"] == "/setup/sample"
    assert [BANNER in one for one in pages] == [True] * 5
    assert PageWords("hi").text("sample.banner") in in_hindi
    assert removed.headers["location"] == "/setup/hub"
    assert client.get("/setup/hub").text == offered
    assert client.get("/setup/sample").headers["location"] == "/setup/hub"


def test_sample_data_is_told_of_what_keeps_it(house: tuple[TestClient, Hub]) -> None:
    client, hub = house
    client.post("/setup/sample")
    Shelves(hub.ground.database).customer("OWN-1", "Gupta <b>Kirana</b>")

    page = client.get("/setup/sample").text
    refused = client.post("/setup/sample/remove")

    assert "OWN-1" in page
    assert 'action="/setup/sample/remove"' not in page
    assert refused.status_code == 422
    assert BANNER in client.get("/").text


def test_a_house_that_has_a_name_is_offered_no_sample(house: tuple[TestClient, Hub]) -> None:
    client, _ = house
    client.post("/setup/hub/house", data={"name": "Sharma Traders", "timezone": "Asia/Kolkata"})

    refused = client.post("/setup/sample")

    assert 'action="/setup/sample"' not in client.get("/setup/hub").text
    assert refused.status_code == 422
    assert PageWords().named("sample_fault", "not_empty") in refused.text
    assert client.get("/setup/sample/remove").status_code == 303


def test_programs_add_and_remove_the_sample(house: tuple[TestClient, Hub]) -> None:
    client, hub = house
    token = hub.ground.part(PeopleActs).tokens.add("setter", roles=("admin",), by=OPERATOR)
    asked = {"Authorization": f"Bearer {token}"}

    def send(path: str, **body: int) -> tuple[int, dict[str, object]]:
        answer = client.post(path, headers=asked, content=json.dumps(body))
        return answer.status_code, answer.json()

    added, shown = send("/api/v1/sample")
    again, why = send("/api/v1/sample")
    wrong, _ = send("/api/v1/sample/remove", orders=-1)
    removed, after = send("/api/v1/sample/remove", orders=0)
    gone, why_gone = send("/api/v1/sample/remove")

    assert (added, shown["sample"], shown["orders"], shown["own"]) == (201, True, 0, {})
    assert (again, why["code"]) == (409, "sample_there")
    assert (wrong, removed, after) == (400, 200, {"sample": False})
    assert (gone, why_gone["code"]) == (409, "sample_gone")
    assert client.get("/api/v1/sample", headers=asked).json() == {"sample": False}


def test_an_owner_who_is_alone_publishes_on_the_page_with_a_reason_and_nobody_else_does(
    house: tuple[TestClient, Hub],
) -> None:
    client, hub = house
    client.post("/setup/sample")
    packs, words = hub.ground.part(PackActs), PageWords()
    draft = packs.add(rules(2, below=12), by="olga").version
    sent = {"orders": "100", "why": "", "start": ""}

    asked = client.get(f"/packs/{draft}/publish").text
    without = client.post(f"/packs/{draft}/publish", data=sent)
    done = client.post(f"/packs/{draft}/publish", data={**sent, "why": "nobody else is here"})
    told = client.get(f"/packs/{draft}").text
    Shelves(hub.ground.database).user("asha", "admin")
    second = packs.add(rules(3, below=5), by="olga").version
    page = client.get(f"/packs/{second}/publish").text
    refused = client.post(f"/packs/{second}/publish", data={**sent, "why": "I want to"})

    assert words.text("pack.alone") in asked
    assert (without.status_code, done.status_code) == (409, 303)
    assert "nobody else is here" in told
    assert words.text("pack.alone") not in page
    assert 'name="why"' not in page
    assert refused.status_code == 409
