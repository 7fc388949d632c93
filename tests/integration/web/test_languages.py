"""In which language a page is: as chosen at the browser, as the browser asks, else English."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.reasons import Reason
from tests.builders.order_records import SampleLine, SampleOrder, put_order
from tests.fixtures.browser import Role, Site

SignIn = Callable[[Role], TestClient]


def language_of(page: str) -> str:
    """Read which language a page says that it is in."""
    found = re.search(r'<html lang="([^"]*)">', page)
    assert found
    return found[1]


def choose(client: TestClient, language: str, **rest: str) -> None:
    """Choose a language as the menu does."""
    answer = client.post("/language", data={"language": language, **rest})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("hi-IN,hi;q=0.9,en;q=0.8", "hi"),
        ("en-GB,en;q=0.9,hi;q=0.8", "en"),
        ("ta-IN,hi;q=0.5", "hi"),
        ("ta, fr;q=0.9", "en"),
        ("en;q=0.2, HI ; q=0.7", "hi"),
        ("hi;q=0, en;q=0.1", "en"),
        ("hi;q=lots,\x7f;;,", "en"),
    ],
)
def test_before_anybody_chose_a_page_is_in_the_language_that_the_browser_asks_for(
    client: TestClient, accepted: str, language: str
) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": accepted}).text

    assert language_of(page) == language


def test_what_was_chosen_counts_more_than_what_the_browser_asks_for(client: TestClient) -> None:
    choose(client, "hi")

    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text

    assert language_of(page) == "hi"
    assert "लॉग इन करें" in page


def test_choosing_a_language_leads_back_to_the_page(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "hi", "next": "/orders?days=30"})

    assert answer.headers["location"] == "/orders?days=30"


def test_choosing_a_language_never_leads_to_another_site(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "hi", "next": "//evil.test/"})

    assert answer.headers["location"] == "/"


def test_a_language_that_there_is_not_changes_nothing(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "fr"})

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_the_choice_outlives_the_session(sign_in: SignIn) -> None:
    client = sign_in("sales")
    choose(client, "hi")

    client.post("/sign-out")
    page = sign_in("sales").get("/orders").text

    assert language_of(page) == "hi"
    assert "सहेजे दृश्य" in page


def test_what_a_page_fetches_by_itself_is_in_its_language(sign_in: SignIn, site: Site) -> None:
    put_order(site.shelves)
    client = sign_in("sales")
    choose(client, "hi")

    part = client.get("/orders", headers={"HX-Request": "true"}).text

    assert "सहेजे दृश्य" in part
    assert "Orders today" not in part


def test_a_fault_is_said_in_the_language_of_the_page(sign_in: SignIn) -> None:
    client = sign_in("auditor")
    choose(client, "hi")

    assert "ऐसा कोई पेज नहीं है" in client.get("/nothing").text
    assert "आपको इसकी इजाज़त नहीं है" in client.get("/messages").text


def test_reasons_are_worded_in_the_language_of_the_page(sign_in: SignIn, site: Site) -> None:
    uuid = put_order(site.shelves, SampleOrder(reasons=(Reason("decided_again"),)))
    client = sign_in("sales")
    choose(client, "hi")

    page = client.get(f"/orders/{uuid}").text

    assert "आज के नियमों से फिर फ़ैसला किया गया" in page


def test_why_nothing_was_done_is_said_in_the_language_of_the_page_and_leads_back(
    sign_in: SignIn, site: Site
) -> None:
    uuid = put_order(site.shelves)
    client = sign_in("sales")
    choose(client, "hi")
    site.hub.ground.part(OrderActs).cancel(uuid, by="sunil", why="nobody is there")

    page = client.post(
        f"/orders/{uuid}/hold",
        data={"reason": "why", "seen": "1"},
        headers={"Referer": f"http://hub.test/orders/{uuid}"},
    ).text

    assert "कुछ नहीं बदला: इस बीच ऑर्डर बदल गया है" in page
    assert f'name="next" value="/orders/{uuid}"' in page


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_name_in_a_sentence_stays_text(sign_in: SignIn, site: Site, language: str) -> None:
    hostile = "<img src=x> {0} {name}"
    uuid = put_order(site.shelves, SampleOrder(lines=(SampleLine(batch=hostile),)))
    client = sign_in("sales")
    choose(client, language)

    page = client.get(f"/orders/{uuid}").text

    assert "<bdi>&lt;img src=x&gt; {0} {name}</bdi>" in page
    assert "<img src=x>" not in page


def test_a_count_has_its_form(sign_in: SignIn, site: Site) -> None:
    site.shelves.presence("shop-1", queued=1, oldest_ms=0, slips_waiting=1)
    site.shelves.presence("shop-2", queued=2, oldest_ms=0, slips_waiting=2)
    client = sign_in("auditor")

    english = client.get("/terminals").text
    choose(client, "hi")
    hindi = client.get("/terminals").text

    assert "1 slip waits" in english
    assert "1 पर्ची बाकी" in hindi
    assert "2 पर्चियाँ बाकी" in hindi
