"""Signing in and out over HTTP: cookies, expiry, rate limit, guards."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import AGE_LIMIT_MS, IDLE_LIMIT_MS
from tests.builders.hub_records import PASSWORD
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]
RIGHT = {"name": "sunil", "password": PASSWORD}
WRONG = {"name": "sunil", "password": "wrong"}


def test_without_a_session_every_page_asks_who_it_is_and_leads_back(client: TestClient) -> None:
    answer = client.get("/terminals?x=1")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fterminals%3Fx%3D1"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post("/sign-in", data=RIGHT)

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_over_https_the_cookie_never_travels_in_clear(client: TestClient) -> None:
    answer = client.post(
        "https://hub.test/sign-in", data=RIGHT, headers={"Origin": "https://hub.test"}
    )

    assert "secure" in answer.headers["set-cookie"].lower()


def test_signing_in_leads_to_the_page_that_was_asked_for(client: TestClient) -> None:
    answer = client.post("/sign-in", data={**RIGHT, "next": "/terminals"})

    assert answer.headers["location"] == "/terminals"


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (
            "http://hub.test/payments/new?fresh=1&customer=C2",
            "?next=%2Fpayments%2Fnew%3Fcustomer%3DC2",
        ),
        ("http://hub.test/", ""),
        ("https://evil.test/payments/new", ""),
        (None, ""),
    ],
)
def test_whose_session_ended_before_a_form_was_sent_is_led_back_to_the_form(
    client: TestClient, page: str | None, asked: str
) -> None:
    headers = {"Referer": page} if page else {}

    answer = client.post("/payments/new", data={"amount": "5"}, headers=headers)

    assert answer.headers["location"] == f"/sign-in{asked}"


@pytest.mark.parametrize(("name", "where"), [("sunil", "/terminals"), ("asha", "/")])
def test_a_page_whose_session_ended_leads_back_whose_it_is_alone(
    client: TestClient, site: Site, name: str, where: str
) -> None:
    sunil = site.hub.ground.part(PeopleActs).sign_in.find_account("sunil")
    assert sunil is not None
    page = {"next": "/terminals", "of": str(sunil.id)}

    asked = client.get("/sign-in", params=page)
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, **page})
    again = client.get("/sign-in", params=page)

    assert f'name="of" value="{sunil.id}"' in asked.text
    assert answer.headers["location"] == where
    assert again.headers["location"] == where  # a page that comes later asks nobody any more


def test_a_wrong_password_leaves_the_page_whose_it_is(client: TestClient) -> None:
    answer = client.post("/sign-in", data={**WRONG, "next": "/terminals", "of": "2"})

    assert 'name="of" value="2"' in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "/a\r\nX: y"],
)
def test_signing_in_never_leads_to_another_site(client: TestClient, elsewhere: str) -> None:
    answer = client.post("/sign-in", data={**RIGHT, "next": elsewhere})

    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: TestClient) -> None:
    wrong = client.post("/sign-in", data=WRONG)
    unknown = client.post("/sign-in", data={**WRONG, "name": "nobody"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("sunil", "nobody") == unknown.text
    assert "set-cookie" not in wrong.headers


def test_guessing_is_slowed_down_and_waiting_helps(client: TestClient, site: Site) -> None:
    tries = [client.post("/sign-in", data=WRONG).status_code for _ in range(6)]
    blocked = client.post("/sign-in", data=RIGHT)
    site.clock.step(int(blocked.headers["retry-after"]) * 1000)
    later = client.post("/sign-in", data=RIGHT)

    assert tries == [401] * 5 + [429]
    assert blocked.status_code == 429
    assert later.status_code == 303


def test_one_users_wrong_tries_do_not_lock_another_out(client: TestClient) -> None:
    for _ in range(6):
        client.post("/sign-in", data=WRONG)

    other = client.post("/sign-in", data={"name": "asha", "password": PASSWORD})

    assert other.status_code == 303


def test_an_idle_session_ends(sign_in: SignIn, site: Site) -> None:
    client = sign_in("sales")

    site.clock.step(IDLE_LIMIT_MS)

    assert client.get("/orders").status_code == 303


def test_a_session_in_use_ends_a_week_after_signing_in(sign_in: SignIn, site: Site) -> None:
    client = sign_in("sales")
    step = IDLE_LIMIT_MS // 2
    for _ in range(AGE_LIMIT_MS // step - 1):
        site.clock.step(step)
        assert client.get("/terminals").status_code == 200

    site.clock.step(step)

    assert client.get("/terminals").status_code == 303


def test_a_page_left_open_ends_its_session_although_it_refreshes_itself(
    sign_in: SignIn, site: Site
) -> None:
    client = sign_in("sales")
    refresh = {"HX-Request": "true", "HX-Current-URL": "http://hub.test/orders"}
    site.clock.step(IDLE_LIMIT_MS - 1)
    assert client.get("/orders", headers=refresh).status_code == 200

    site.clock.step(1)
    answer = client.get("/orders", headers=refresh)

    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers  # the page itself says where it is, and whose


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(sign_in: SignIn) -> None:
    client = sign_in("sales")
    kept = dict(client.cookies)

    answer = client.post("/sign-out")
    client.cookies.update(kept)

    assert answer.headers["location"] == "/sign-in"
    assert client.get("/orders").status_code == 303


def test_signing_in_again_ends_the_session_before(sign_in: SignIn) -> None:
    client = sign_in("sales")
    before = dict(client.cookies)

    sign_in("admin")
    client.cookies.clear()
    client.cookies.update(before)

    assert client.get("/orders").status_code == 303


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
@pytest.mark.parametrize(
    "sent", [{"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_on_another_site_is_refused(
    client: TestClient, path: str, sent: dict[str, str]
) -> None:
    assert client.post(path, data=RIGHT, headers=sent).status_code == 403


def test_a_form_too_large_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/sign-in", data={**RIGHT, "next": "x" * 200_000})

    assert answer.status_code == 413
    assert "This is too large" in answer.text
    assert "</html>" in answer.text
