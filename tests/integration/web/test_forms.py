"""The frame of forms, by a form of a noun of its own: checked while typing, kept, sent once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import Annotated

import pytest
from fastapi import Depends, Request, Response
from fastapi.testclient import TestClient

from hub.base.access import Session
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Offer,
    Option,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.noun import Noun, Router
from hub.web.sessions import signed_in
from hub.web.site import SiteOf
from tests.builders.hub_records import PASSWORD
from tests.builders.page_client import PageClient
from tests.fixtures.browser import USERS, Site

router = Router()
FORM = FormFrame(
    "counted",
    "word.product",
    "listing.apply",
    (
        Field("name", "word.product", required=True, offers=True),
        Field("count", "word.quantity", "number"),
    ),
)
AT, BACK = "/counted", "/orders"
TAKEN: list[int] = []
Given = Annotated[Mapping[str, str], Depends(read_form)]
SignedIn = Annotated[Session, Depends(signed_in)]


def check(values: Mapping[str, str]) -> Checked[int]:
    """Take a count of at most three figures; more than 99 is asked about."""
    written = values.get("count", "")
    if not re.fullmatch(r"\d{1,3}", written):
        return Checked(errors={"count": "a whole number, like 12"})
    count = int(written)
    doubts = {"count": "ten times the usual"} if count > 99 else {}
    named = Offer(said=f"{values['name']} of Assam", options=(Option("TEA", "Tea of Nilgiri"),))
    return Checked(count, doubts=doubts, offers={"name": named})


def place(request: Request, site: SiteOf, session: SignedIn) -> FormPlace[int]:
    return FormPlace(request, site, session, FORM, AT, BACK, check)


Placed = Annotated[FormPlace[int], Depends(place)]


@router.get("/counted")
def show(form: Placed) -> Response:
    return open_form(form)


@router.post("/counted")
def take(form: Placed, given: Given) -> Response:
    sent = take_form(form, given)
    if isinstance(sent, Response):
        return sent
    if sent.value == 13:
        return refuse_form(form, given, errors={"count": "13 is out of stock"})
    TAKEN.append(sent.value)
    return finish_form(form, sent=sent, led_to=f"/orders?q={len(TAKEN)}")


@pytest.fixture
def form(site: Site) -> Iterator[TestClient]:
    """Serve the form beside the hub's own pages, to somebody who is signed in."""
    TAKEN.clear()
    frame = frame_of(site.hub)
    app = create_app(replace(frame, nouns=(*frame.nouns, Noun("counted", routers=(router,)))))
    headers = {"Origin": "http://hub.test"}
    with PageClient(
        app, base_url="http://hub.test", headers=headers, follow_redirects=False
    ) as one:
        one.post("/sign-in", data={"name": USERS["sales"], "password": PASSWORD})
        yield one


def _key(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


def _type(form: TestClient, key: str, **typed: str) -> str:
    """Have the page check what is typed, as htmx does."""
    sent = {"form_key": key, **typed}
    return form.post("/counted", data=sent, headers={"HX-Request": "true"}).text


def test_what_is_typed_is_checked_at_its_field_and_nothing_is_done(form: TestClient) -> None:
    key = _key(form.get("/counted").text)

    untouched = _type(form, key, name="Te", count="")
    wrong = _type(form, key, name="Tea", count="a dozen")
    right = _type(form, key, name="Tea", count="12")

    assert "like 12" not in untouched
    assert "like 12" in wrong
    assert "<html" not in wrong
    assert "like 12" not in right
    assert TAKEN == []


def test_a_form_that_was_left_is_found_again_by_its_own_user_until_it_is_sent(
    form: TestClient,
) -> None:
    key = _key(form.get("/counted").text)
    _type(form, key, name="Tea & <milk>", count="12")

    again = form.get("/counted").text
    fresh = form.get("/counted?fresh=1").text
    form.post("/counted", data={"form_key": key, "name": "Tea", "count": "12"})
    after = form.get("/counted").text

    assert _key(again) == key
    assert 'value="Tea &amp; &lt;milk&gt;"' in again
    assert _key(fresh) != key
    assert "milk" not in after
    assert _key(after) != key


def test_a_form_with_a_fault_comes_back_as_it_was_typed(form: TestClient) -> None:
    key = _key(form.get("/counted").text)

    answer = form.post("/counted", data={"form_key": key, "name": "Tea", "count": "many"})

    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Not sent: please look at the fields" in answer.text
    assert TAKEN == []


def test_what_is_unusual_is_asked_once_for_each_value(form: TestClient) -> None:
    sent = {"form_key": _key(form.get("/counted").text), "name": "Tea", "count": "120"}

    asked = form.post("/counted", data=sent)
    sure = re.search(r'name="form_sure" value="([^"]+)"', asked.text)
    assert sure
    meant = unescape(sure[1])
    other = form.post("/counted", data={**sent, "count": "130", "form_sure": meant})
    done = form.post("/counted", data={**sent, "form_sure": meant})

    assert "ten times the usual" in asked.text
    assert "ten times the usual" in other.text
    assert done.status_code == 303
    assert TAKEN == [120]


def test_a_form_is_sent_once_however_often_it_is_pressed(form: TestClient) -> None:
    sent = {"form_key": _key(form.get("/counted").text), "name": "Tea", "count": "12"}

    first, second = (form.post("/counted", data=sent) for _ in range(2))

    assert first.headers["location"] == second.headers["location"] == "/orders?q=1"
    assert TAKEN == [12]


def test_a_form_that_its_act_refused_can_be_mended_and_sent(form: TestClient) -> None:
    sent = {"form_key": _key(form.get("/counted").text), "name": "Tea", "count": "13"}

    refused = form.post("/counted", data=sent)
    mended = form.post("/counted", data={**sent, "count": "14"})

    assert refused.status_code == 409
    assert "13 is out of stock" in refused.text
    assert "Tea of Assam" in refused.text
    assert "Tea of Nilgiri" in refused.text
    assert mended.status_code == 303
    assert TAKEN == [14]


def test_another_users_key_tells_nothing_and_overwrites_nothing(form: TestClient) -> None:
    key = _key(form.get("/counted").text)
    _type(form, key, name="Secret", count="12")
    form.post("/sign-out")
    form.post("/sign-in", data={"name": USERS["manager"], "password": PASSWORD})

    theirs = form.get("/counted").text
    _type(form, key, name="Mine", count="1")
    form.post("/sign-in", data={"name": USERS["sales"], "password": PASSWORD})

    assert "Secret" not in theirs
    assert 'value="Secret"' in form.get("/counted").text
