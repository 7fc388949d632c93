"""Users, own accounts, second factors, programs and the first start, over HTTP."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from hub.base.words import PageWords
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.codes import bytes_of_secret, code_at
from hub.run.bootstrap import build_hub, frame_of
from hub.run.config import Settings
from hub.web.app import create_app
from tests.builders.hub_records import PASSWORD, SteppedClock
from tests.builders.page_client import PageClient
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]
STEP_MS = 30_000
NEW = "another horse"


def enter(client: TestClient, name: str, password: str) -> Response:
    """Sign in as somebody, in a browser with no other session."""
    client.cookies.delete("orderwire_session")
    return client.post("/sign-in", data={"name": name, "password": password})


def user_id(site: Site, name: str) -> int:
    """Give a user's number."""
    account = site.hub.ground.part(PeopleActs).sign_in.find_account(name)
    assert account is not None
    return account.id


def secret_of(page: str) -> str:
    """Read the secret that a page shows."""
    found = re.search(r'class="ow-secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def word_of(page: str) -> str:
    """Read the one-time word that a page shows."""
    found = re.search(r'class="ow-secret">([a-z0-9-]+)<', page)
    assert found is not None
    return found[1]


def code_of(secret: str, site: Site) -> str:
    """Give the code that an authenticator shows now."""
    return code_at(bytes_of_secret(secret), site.clock.at_ms // STEP_MS)


def add_user(client: TestClient, name: str, *roles: str) -> str:
    """Add a user at the page, and give the one-time word."""
    answer = client.post("/users/new", data={"name": name, "role": list(roles)})
    assert answer.status_code == 200
    return word_of(answer.text)


def take_factor(client: TestClient, site: Site) -> tuple[str, list[str]]:
    """Set up a second factor; gives its secret and the spare codes."""
    secret = secret_of(client.get("/me/factor").text)
    answer = client.post("/me/factor", data={"code": code_of(secret, site), "password": PASSWORD})
    assert answer.status_code == 200
    return secret, re.findall(r"<li><code>([a-z0-9-]+)</code>", answer.text)


def test_who_was_added_chooses_a_password_before_anything_else(sign_in: SignIn) -> None:
    client = sign_in("admin")
    word = add_user(client, "Ravi Kumar", "sales")

    first = enter(client, "ravi  KUMAR", word)
    held = client.get("/orders")
    same = client.post("/sign-in/password", data={"given": word, "again": word})
    chosen = client.post("/sign-in/password", data={"given": NEW, "again": NEW, "next": "/orders"})

    assert first.headers["location"] == "/sign-in/password?next=%2F"
    assert held.headers["location"].startswith("/sign-in")
    assert same.status_code == 422
    assert chosen.headers["location"] == "/orders"
    assert client.get("/orders").status_code == 200
    assert enter(client, "Ravi Kumar", word).status_code == 401
    assert enter(client, "Ravi Kumar", NEW).status_code == 303


def test_a_one_time_word_opens_nothing_after_a_week(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    word = add_user(client, "ravi", "sales")

    site.clock.step(7 * 24 * 3_600_000)

    assert enter(client, "ravi", word).status_code == 401


def test_a_reset_ends_the_users_sessions_and_the_old_password(sign_in: SignIn, site: Site) -> None:
    client = sign_in("sales")
    theirs = dict(client.cookies)
    enter(client, "asha", PASSWORD)

    word = word_of(client.post(f"/users/{user_id(site, 'sunil')}/reset").text)

    assert enter(client, "sunil", PASSWORD).status_code == 401
    assert enter(client, "sunil", word).headers["location"].startswith("/sign-in/password")
    client.cookies.clear()
    client.cookies.update(theirs)
    assert client.get("/orders").headers["location"].startswith("/sign-in")


def test_a_reload_resets_no_password_a_second_time(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    page = f"/users/{user_id(site, 'sunil')}"
    key = re.search(r'name="once" value="([^"]+)"', client.get(page).text)
    assert key is not None

    word = word_of(client.post(f"{page}/reset", data={"once": key[1]}).text)
    again = client.post(f"{page}/reset", data={"once": key[1]})

    assert "ow-secret" not in again.text
    assert enter(client, "sunil", word).headers["location"].startswith("/sign-in/password")


def test_ending_a_user_signs_the_user_out_and_the_history_says_why(
    sign_in: SignIn, site: Site
) -> None:
    client = sign_in("sales")
    theirs = dict(client.cookies)
    enter(client, "asha", PASSWORD)
    number = user_id(site, "sunil")

    client.post(f"/users/{number}/end", data={"why": "left on Friday"})

    assert "left on Friday" in client.get(f"/users/{number}").text
    assert enter(client, "sunil", PASSWORD).status_code == 401
    client.cookies.clear()
    client.cookies.update(theirs)
    assert client.get("/orders").status_code == 303


def test_a_viewer_changes_the_own_password_and_other_browsers_are_signed_out(
    sign_in: SignIn,
) -> None:
    client = sign_in("auditor")
    other = dict(client.cookies)
    enter(client, "vera", PASSWORD)

    wrong = client.post("/me/password", data={"old": "guess", "given": NEW, "again": NEW})
    done = client.post("/me/password", data={"old": PASSWORD, "given": NEW, "again": NEW})

    assert wrong.status_code == 422
    assert done.headers["location"] == "/me?done=password"
    assert client.get("/me").status_code == 200
    client.cookies.clear()
    client.cookies.update(other)
    assert client.get("/me").status_code == 303


def test_a_language_is_the_users_in_every_browser(sign_in: SignIn) -> None:
    client = sign_in("auditor")
    client.post("/language", data={"language": "hi"})

    client.cookies.clear()
    enter(client, "vera", PASSWORD)

    assert '<html lang="hi">' in client.get("/me").text


def test_an_administrator_makes_no_owner_and_resets_none(sign_in: SignIn, site: Site) -> None:
    site.shelves.user("olga", "owner")
    client = sign_in("admin")

    made = client.post("/users/new", data={"name": "evil", "role": ["owner"]})
    own = client.post(f"/users/{user_id(site, 'asha')}/roles", data={"role": ["owner", "admin"]})
    reset = client.post(f"/users/{user_id(site, 'olga')}/reset")

    assert (made.status_code, own.status_code, reset.status_code) == (409, 403, 403)
    assert enter(client, "olga", PASSWORD).status_code == 303


def test_the_last_administrator_stays(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    asha = user_id(site, "asha")

    ended = client.post(f"/users/{asha}/end", data={"why": "x"})
    demoted = client.post(f"/users/{asha}/roles", data={"role": ["sales"]})

    assert (ended.status_code, demoted.status_code) == (409, 409)
    assert client.get("/users").status_code == 200


def test_a_circle_of_managers_is_refused_in_words(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    meena, sunil = user_id(site, "meena"), user_id(site, "sunil")
    line = {"since": "2026-11-21"}
    first = client.post(f"/users/{sunil}/manager", data={"name": "meena", **line})

    second = client.post(f"/users/{meena}/manager", data={"name": "sunil", **line})

    assert first.status_code == 303
    assert second.status_code == 409
    assert PageWords().named("user_fault", "line_circle") in second.text


def test_with_a_second_factor_a_password_alone_opens_nothing(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    secret, _ = take_factor(client, site)
    used = code_of(secret, site)

    answer = enter(client, "asha", PASSWORD)
    again = client.post("/sign-in/code", data={"given": used})
    held = client.get("/users")
    site.clock.step(STEP_MS)
    right = client.post("/sign-in/code", data={"given": code_of(secret, site), "next": "/users"})

    assert answer.headers["location"].startswith("/sign-in/code")
    assert again.status_code == 422  # a code cannot be used twice
    assert held.status_code == 303
    assert right.headers["location"] == "/users"
    assert client.get("/users").status_code == 200


def test_a_factor_is_added_only_with_the_password(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    secret = secret_of(client.get("/me/factor").text)
    code = {"code": code_of(secret, site)}

    bare = client.post("/me/factor", data=code)
    wrong = client.post("/me/factor", data={**code, "password": "guess"})
    site.clock.step(5_000)

    assert (bare.status_code, wrong.status_code) == (422, 422)
    assert PageWords().named("user_fault", "password_wrong") in bare.text
    assert enter(client, "asha", PASSWORD).headers["location"] == "/"


def test_a_spare_code_opens_once(sign_in: SignIn, site: Site) -> None:
    client = sign_in("admin")
    _, spare = take_factor(client, site)

    enter(client, "asha", PASSWORD)
    first = client.post("/sign-in/code", data={"given": spare[0].upper()})
    enter(client, "asha", PASSWORD)
    second = client.post("/sign-in/code", data={"given": spare[0]})

    assert len(spare) == 10
    assert (first.status_code, second.status_code) == (303, 422)


def test_a_role_can_require_a_factor_and_then_it_is_set_up_first(
    sign_in: SignIn, site: Site
) -> None:
    client = sign_in("admin")
    client.post("/users/roles", data={"role": ["auditor"]})

    enter(client, "vera", PASSWORD)
    asked = client.get("/sign-in?next=/me").headers["location"]
    secret = secret_of(client.get(asked).text)
    done = client.post("/sign-in/factor", data={"given": code_of(secret, site), "next": "/me"})

    assert asked == "/sign-in/factor?next=%2Fme"
    assert done.status_code == 200
    assert client.get("/me").status_code == 200


def test_strangers_who_guess_do_not_lock_out_the_usual_browser(client: TestClient) -> None:
    enter(client, "asha", PASSWORD)
    usual = client.cookies.get("orderwire_browser", path="/sign-in")
    client.cookies.clear()
    for _ in range(30):
        enter(client, "asha", "guess")

    stranger = enter(client, "asha", PASSWORD)
    client.cookies.set("orderwire_browser", usual or "", path="/sign-in")
    right = enter(client, "asha", PASSWORD)

    assert stranger.status_code == 429
    assert right.status_code == 303


def test_pauses_grow_with_each_wrong_password(client: TestClient, site: Site) -> None:
    pauses = []
    for _ in range(8):
        answer = enter(client, "sunil", "guess")
        while answer.status_code == 429:
            pauses.append(int(answer.headers["retry-after"]))
            site.clock.step(pauses[-1] * 1000)
            answer = enter(client, "sunil", "guess")

    assert pauses == [30, 60, 120]


def test_a_programs_token_is_shown_once_used_and_revoked(sign_in: SignIn) -> None:
    client = sign_in("admin")
    page = client.post("/programs", data={"name": "webshop", "role": ["sales"]}).text
    token = re.search(r"ow_[\w-]+", page)
    assert token is not None
    asked = {"Authorization": f"Bearer {token[0]}"}

    used = client.get("/api/v1/orders/x", headers=asked).status_code
    listed = client.get("/programs").text
    client.post("/programs/revoke", data={"name": "webshop"})

    assert used != 401
    assert token[0] not in listed
    assert "webshop" in listed
    assert client.get("/api/v1/orders/x", headers=asked).status_code == 401


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[TestClient, PeopleActs]]:
    """Give a browser at a hub in which nobody is."""
    hub = build_hub(Settings(folder=tmp_path, hosts="hub.test"), clock=SteppedClock())
    headers = {"Origin": "http://hub.test"}
    with PageClient(
        create_app(frame_of(hub)),
        base_url="http://hub.test",
        headers=headers,
        follow_redirects=False,
    ) as one:
        yield one, hub.ground.part(PeopleActs)
    hub.close()


def test_a_new_hub_is_set_up_on_pages_left_and_taken_up_again(
    empty: tuple[TestClient, PeopleActs],
) -> None:
    client, acts = empty
    word = acts.first.make_word()
    owner = {"word": word, "name": "Olga", "given": PASSWORD, "again": PASSWORD}

    assert client.get(f"/setup?word={word}").status_code == 200
    assert client.post("/setup", data=owner).headers["location"] == "/setup/hub"
    house = {"name": "Sharma Traders", "timezone": "Asia/Kolkata"}
    assert client.post("/setup/hub/house", data=house).status_code == 303
    enter(client, "olga", PASSWORD)  # another day, another browser
    assert 'action="/setup/hub/store"' in client.get("/setup/hub").text
    assert client.post("/setup/hub/store", data={"code": "MAIN"}).status_code == 303
    first = client.get("/").text
    assert "Sharma Traders" in first
    assert PageWords().named("setup_step", "goods") in first


def test_a_new_hub_gets_its_first_rules_on_a_page_and_once(
    empty: tuple[TestClient, PeopleActs],
) -> None:
    client, acts = empty
    word = acts.first.make_word()
    client.post("/setup", data={"word": word, "name": "Olga", "given": PASSWORD, "again": PASSWORD})
    client.post("/setup/hub/house", data={"name": "Sharma Traders", "timezone": "Asia/Kolkata"})
    enter(client, "olga", PASSWORD)
    answers = {
        "currency": "INR",
        "taxes": "gst",
        "home": "IN/KA",
        "below": "12",
        "with_tax": "true",
    }

    wrong = client.post("/setup/hub/rules", data={**answers, "below": "95"})
    assert wrong.status_code == 422
    assert PageWords().named("setup_fault", "below") in wrong.text
    assert client.get("/packs/1").status_code == 404
    assert client.post("/setup/hub/rules", data=answers).status_code == 303
    assert client.post("/setup/hub/rules", data={**answers, "below": "30"}).status_code == 303

    made = client.get("/packs/1").text
    assert "percent: -12" in made
    assert client.get("/packs/2").status_code == 404


def test_the_word_makes_one_owner(empty: tuple[TestClient, PeopleActs]) -> None:
    client, acts = empty
    word = acts.first.make_word()
    owner = {"word": word, "given": PASSWORD, "again": PASSWORD}

    wrong = client.post("/setup", data={**owner, "word": "guess", "name": "Eve"})
    first = client.post("/setup", data={**owner, "name": "Olga"})
    second = client.post("/setup", data={**owner, "name": "Eve"})

    assert [one.status_code for one in (wrong, first, second)] == [404, 303, 404]
    assert acts.first.make_word() is None
    assert acts.sign_in.find_account("Eve") is None
