"""What a rep saw, at the desk: tasks handed on and done, photos by right, visits, surveys."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.field_team import AT_C2, REP, entry
from tests.builders.hub_records import PASSWORD, Shelves
from tests.builders.market import Market, new_uuid
from tests.builders.photos import jpeg
from tests.fixtures.browser import Role
from tests.integration.web.test_customer_pages import fields, words
from tests.integration.web.test_field_pages import (  # noqa: F401 -- fixtures
    open_rep_market,
    serve_rep_market,
    sign_in_rep,
    upload,
)

SignIn = Callable[[Role], TestClient]
PART = 200


def send_photo(phone: TestClient, of: str, content: bytes, *, user: str = REP) -> str:
    """Send a photo in parts as a phone does; gives its id."""
    photo, start = new_uuid(), 0
    while True:
        asked: dict[str, str | int] = {
            "user": user,
            "entry": of,
            "size": len(content),
            "start": start,
        }
        body = content[start : start + PART]
        told = phone.post(f"/field/photos/{photo}", params=asked, content=body).json()
        if told["state"] != "part":
            assert told["state"] == "kept", told
            return photo
        start = told["have"]


def enter_as(client: TestClient, name: str) -> None:
    """Sign somebody else in."""
    client.cookies.clear()
    assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303


@pytest.fixture
def visited(phone: TestClient) -> tuple[str, str, str]:
    """Give the ids of a visit, of a complaint in it, and of the complaint's photo."""
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    told = entry("complained", outlet="C2", text="broken seal", due="2026-11-20", visit=begun["id"])
    upload(phone, begun, told)
    photo = send_photo(phone, told["id"], jpeg(more=b"\xff\xfe\x01\x90" + bytes(398)))
    return begun["id"], told["id"], photo


def test_a_task_is_found_by_its_day_handed_over_and_done(
    visited: tuple[str, str, str], sign_in: SignIn, client: TestClient
) -> None:
    client.cookies.clear()
    desk = sign_in("manager")
    address = f"/field/interactions/{visited[1]}"

    late = words(desk.get("/field/tasks?state=late").text)
    home = words(desk.get("/").text)
    handed = desk.post(
        f"{address}/settle", data={"owner": "meena", "due": "2026-11-25", "why": "credit note"}
    )
    silent = desk.post(f"{address}/settle", data={"answer": "done"})
    wrong = desk.post(f"{address}/settle", data={"due": "soon"})
    done = desk.post(f"{address}/settle", data={"answer": "done", "why": "credited"})
    page = words(desk.get(address).text)

    assert "broken seal" in late
    assert "1 task is due" in home
    assert [one.status_code for one in (handed, silent, wrong, done)] == [303, 409, 409, 303]
    assert "Say what was done" in words(silent.text)
    assert "credited" in page
    assert "ravi → meena" in page
    assert "broken seal" in words(desk.get("/field/tasks?state=done").text)
    assert desk.post(f"/field/interactions/{new_uuid()}/settle", data={}).status_code == 404


def test_a_visit_shows_what_was_kept_in_it_and_its_photos_to_whoever_sees_it(
    visited: tuple[str, str, str], client: TestClient, market: Market
) -> None:
    visit, told, photo = visited
    enter_as(client, "meena")

    page = client.get(f"/field/visits/{visit}")
    picture = client.get(f"/field/photos/{photo}")
    customer = words(client.get("/customers/C2").text)
    seen = words(client.get("/field/interactions?about=complaint").text)

    assert "broken seal" in words(page.text)
    assert f'src="/field/photos/{photo}"' in page.text
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.content == jpeg()
    assert "sandbox" in picture.headers["content-security-policy"]
    assert "broken seal" in customer
    assert "broken seal" in seen
    Shelves(market.database).user("sita", "field_rep")
    enter_as(client, "sita")
    hidden = (f"/field/visits/{visit}", f"/field/photos/{photo}", f"/field/interactions/{told}")
    assert [client.get(address).status_code for address in hidden] == [404] * 3
    of_before = {"If-None-Match": picture.headers["etag"]}
    assert client.get(f"/field/photos/{photo}", headers=of_before).status_code == 404


def test_a_photo_is_taken_in_parts_and_what_is_none_is_refused_with_words(
    visited: tuple[str, str, str], phone: TestClient
) -> None:
    asked: dict[str, str | int] = {"user": REP, "entry": visited[1], "size": 9, "start": 0}

    def send(photo: str, body: bytes, **more: str | int) -> dict[str, object]:
        told = phone.post(f"/field/photos/{photo}", params={**asked, **more}, content=body)
        assert told.status_code == 200
        answer: dict[str, object] = told.json()
        return answer

    one = new_uuid()
    assert send(one, b"no pi")["have"] == 5
    assert send(one, b"no pi")["have"] == 5  # whose answer was lost
    assert "no photo" in str(send(one, b"c???", start=5)["words"])
    assert "larger than 1000 kB" in str(send(new_uuid(), b"x", size=40_000_000)["words"])
    whole: dict[str, str | int] = {"entry": new_uuid(), "size": len(jpeg())}
    assert "no entry" in str(send(new_uuid(), jpeg(), **whole)["words"])
    other = phone.post(f"/field/photos/{one}", params={**asked, "user": "sita"}, content=b"x")
    assert (other.status_code, other.json()) == (409, {"user": REP})
    assert phone.post("/field/photos/x", params=asked, content=b"x").status_code == 404


def test_a_new_outlet_that_may_be_there_is_offered_with_words(phone: TestClient) -> None:
    near = {"name": "Second Shops", "place": "12.971650, 77.594650"}
    added = entry("outlet_added", fields=near)

    (offered,) = upload(phone, added)
    (kept,) = upload(phone, {**added, "anyway": True})
    (wrong,) = upload(phone, entry("outlet_added", fields={"name": "Lotus", "phone": "12"}))

    assert offered["duplicates"] == [
        {"code": "C2", "name": "Second Shop", "by": "like name, within 200 m"}
    ]
    assert "second person" in kept["words"]
    assert wrong["words"].startswith("Phone: ")


def test_why_an_outlet_was_not_visited_stands_beside_the_plan(
    phone: TestClient, client: TestClient
) -> None:
    upload(phone, entry("visit_missed", outlet="C1", reason="weather", text="the river"))
    enter_as(client, "meena")

    team = words(client.get("/field/team?first=2026-11-21&last=2026-11-21").text)

    assert "First Shop C1 weather or road: the river" in team


def test_a_survey_is_made_answered_shown_and_given_as_a_file(
    phone: TestClient, client: TestClient
) -> None:
    enter_as(client, "meena")
    form = fields(client.get("/field/surveys/new").text)
    wanted = {**form, "code": "SHELF", "title": "Shelf", "from_day": "2026-11-01"}
    wanted["form_step"] = "send"
    asked = "choice | Full? | भरी? | Yes=हाँ; No=नहीं\ntext | What is missing?"
    wrong = client.post("/field/surveys/new", data={**wanted, "questions": "?"})
    made = client.post("/field/surveys/new", data={**wanted, "questions": asked})
    enter_as(client, REP)
    snapshot = phone.get("/field/snapshot").json()
    answers = {"q1": "a", "q2": "=1+1"}
    (kept,) = upload(phone, entry("surveyed", outlet="C2", survey="SHELF", answers=answers))

    enter_as(client, "meena")
    page = words(client.get("/field/surveys/SHELF").text)
    file = client.get("/field/surveys/SHELF/answers.csv")
    ended = client.post("/field/surveys/SHELF/end")

    assert "Question 1 cannot be read" in words(wrong.text)
    assert made.headers["location"] == "/field/surveys/SHELF"
    assert [one["code"] for one in snapshot["surveys"]] == ["SHELF"]
    assert kept["state"] == "kept"
    assert "Yes 1 100.00" in page
    assert re.search(r"2026-11-21,ravi,C2,Second Shop,Yes,'=1\+1", file.text)
    assert (ended.status_code, client.get("/field/surveys/NOPE").status_code) == (303, 404)


def test_programs_read_settle_and_ask(
    visited: tuple[str, str, str], client: TestClient, market: Market
) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("desk", roles=("manager",), by=OPERATOR)
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {secret}"
    at = "/api/v1/field"

    (task,) = client.get(f"{at}/interactions?state=late").json()
    settled = client.post(
        f"{at}/interactions/{visited[1]}/settle", json={"done": True, "why": "credited"}
    )
    refused = client.post(f"{at}/interactions/{visited[1]}/settle", json={"owner": "nobody"})
    survey = {"code": "S1", "title": "One", "from_day": "2026-11-01", "questions": "text | Why?"}
    made = client.post(f"{at}/surveys", json=survey)
    again = client.post(f"{at}/surveys", json=survey)
    found = client.get(f"{at}/surveys/S1").json()
    ended = client.post(f"{at}/surveys/S1/end")

    assert (task["text"], task["state"]) == ("broken seal", "late")
    assert settled.json()["state"] == "done"
    assert (refused.status_code, refused.json()["code"]) == (422, "task_owner")
    assert (made.status_code, again.json()["code"]) == (201, "survey_there")
    assert found["questions"][0]["text"]["en"] == "Why?"
    assert ended.status_code == 200
    assert client.get(f"{at}/surveys/NOPE").status_code == 404
    assert client.post(f"{at}/selfie", json={"asked": True}).json() == {"asked": True}
    assert client.post(f"{at}/selfie", json={"asked": "yes"}).status_code == 400


def test_programs_say_and_count_working_days(client: TestClient, market: Market) -> None:
    tokens = market.hub.ground.part(PeopleActs).tokens
    secret = tokens.add("desk", roles=("manager",), by=OPERATOR)
    client.headers["Authorization"] = f"Bearer {secret}"
    at = "/api/v1/workdays"
    november = f"{at}?first=2026-11-01&last=2026-11-30"
    holiday = {"fields": {"day": "2026-11-24", "name": "Fair"}}

    before = client.get(november).json()["worked"]
    made = client.post(f"{at}/marks", json=holiday)
    again = client.post(f"{at}/marks", json=holiday)
    week = {"weekdays": "1,2,3,4,5", "from_day": "2026-11-23"}
    short = client.post(f"{at}/weeks", json={"fields": week})
    told = client.get(november).json()
    gone = client.post(f"{at}/drop", json={"fields": {"day": "2026-11-25"}})
    wrong = client.post(f"{at}/marks", json={"fields": {"day": "24.11.2026"}})

    assert before == 25
    assert (made.status_code, again.status_code, again.json()["came"]) == (201, 200, "same")
    assert short.status_code == 201
    assert (told["worked"], "2026-11-24" in told["off"]) == (23, True)
    assert (gone.status_code, gone.json()["code"]) == (404, "workday_gone")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "cell_not_day")
    assert client.get(f"{at}?first=2026-11-30&last=2026-11-01").status_code == 422
