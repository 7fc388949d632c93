"""A terminal's page, and the same by programs: added, claimed, approved, revoked, refused."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from broker.contract.enrolment import (
    ENROLMENTS_PATH,
    Asked,
    Told,
    claim_key,
    claim_name,
    hash_password,
    new_code,
    pair_number,
    read_claim,
    read_sealed,
    seal,
)
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import Market
from tests.builders.peopled_market import (  # noqa: F401 -- fixtures
    open_peopled_market,
    serve_peopled_market,
)
from tests.fixtures.browser import USERS, Role
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


class Device:
    """A machine with what stands on a slip."""

    def __init__(self, client: TestClient, text: str) -> None:
        self.client = client
        self.code = read_claim(text).code
        self.asked = Asked(
            claim=claim_name(self.code),
            terminal="",
            device="counter-pi",
            password_sha256=hashlib.sha256(b"a password of 256 bits").hexdigest(),
            password_line=hash_password("a password of 256 bits"),
        )

    def ask(self) -> Any:
        """Ask, as a device does: without a session and without a browser."""
        self.payload = seal(self.asked, claim_key(self.code))
        return self.client.post(
            ENROLMENTS_PATH,
            content=self.payload,
            headers={"Content-Type": "application/json", "Origin": ""},
        )

    def told(self) -> Told:
        """Ask, and read what only the hub of the slip can have written."""
        answer = self.ask()
        assert answer.status_code == 200, answer.text
        return read_sealed(answer.content, Told, claim_key(self.code), of=self.payload)


def slip_of(page: str) -> str:
    (code,) = re.findall(r"OW-ENROL-[0-9A-Z-]{19}", page)
    return str(code)


def added(client: TestClient, terminal: str = "shop-9", customer: str = "C2") -> Any:
    form = fields(client.get("/terminals/new").text)
    given = {"terminal": terminal, "customer": customer, "warehouse": "MAIN"}
    return client.post(
        "/terminals/new", data={**form, **given, "form_step": "send"}, follow_redirects=False
    )


def test_a_terminal_is_added_claimed_and_shows_the_machine_that_was_enrolled(
    sign_in: SignIn,
) -> None:
    client = sign_in("admin")
    made = added(client)
    before = words(client.get("/terminals/shop-9").text)

    slip = client.post("/terminals/shop-9/claim", data={"hours": "24"})
    told = Device(client, slip_of(slip.text)).told()
    after = words(client.get("/terminals/shop-9").text)

    assert made.headers["location"] == "/terminals/shop-9"
    assert "No machine has this terminal's access yet" in before
    assert "Works once, until" in words(slip.text)
    assert "<svg" in slip.text
    assert (told.state, told.terminal) == ("enrolled", "shop-9")
    assert "counter-pi" in after
    assert "enrolled" in after
    assert client.get("/terminals/shop-9/progress").status_code == 200


def test_a_device_that_waits_is_approved_on_its_page_and_told_of_on_the_first(
    sign_in: SignIn,
) -> None:
    client = sign_in("admin")
    slip = client.post("/terminals/shop-2/claim", data={"approve": "true", "hours": "24"})
    device = Device(client, slip_of(slip.text))
    first = device.told()
    number = pair_number(device.asked)

    home = words(client.get("/").text)
    wrong = client.post("/terminals/shop-2/approve", data={"number": "none"})
    right = client.post(
        "/terminals/shop-2/approve", data={"number": number}, follow_redirects=False
    )

    assert first.state == "waiting"
    assert "machine waits for approval" in home
    assert wrong.status_code == 409
    assert "No machine with this number waits for approval" in words(wrong.text)
    assert right.headers["location"] == "/terminals/shop-2"
    assert device.told().state == "enrolled"


def test_what_does_not_fit_is_said_at_its_field(sign_in: SignIn) -> None:
    client = sign_in("admin")

    bad_id = added(client, "Shop 9")
    there = added(client, "shop-1")
    nobody = added(client, "shop-8", "nobody")

    assert "An id has 1 to 32 small letters" in words(bad_id.text)
    assert "There is a terminal of this id already" in words(there.text)
    assert "This customer is not known" in words(nobody.text)
    assert [one.status_code for one in (bad_id, there, nobody)] == [409, 409, 409]


def test_access_that_was_taken_away_is_said_and_given_back_by_a_new_slip(sign_in: SignIn) -> None:
    client = sign_in("admin")
    device = Device(client, slip_of(client.post("/terminals/shop-2/claim").text))
    device.told()

    client.post("/terminals/shop-2/revoke")
    page = words(client.get("/terminals/shop-2").text)
    refused = device.ask()
    again = Device(client, slip_of(client.post("/terminals/shop-2/claim").text)).told()

    assert "revoked" in page
    assert refused.json()["code"] == "claim_used"
    assert again.state == "enrolled"


def test_a_slip_is_withdrawn_on_the_page_and_history_says_by_whom(sign_in: SignIn) -> None:
    client = sign_in("admin")
    device = Device(client, slip_of(client.post("/terminals/shop-2/claim").text))

    client.post("/terminals/shop-2/withdraw", data={"of": "claim"})
    page = words(client.get("/terminals/shop-2").text)
    again = client.post("/terminals/shop-2/withdraw", data={"of": "claim"})

    assert device.ask().json()["code"] == "claim_withdrawn"
    assert "slip withdrawn" in page
    assert USERS["admin"] in page
    assert "There is no slip that could be withdrawn" in words(again.text)


@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [
        (b"", 400, "claim_unreadable"),
        (b"[]", 400, "claim_unreadable"),
        (b'{"claim": "x"}', 400, "claim_unreadable"),
        (b"\xff\xfe", 400, "claim_unreadable"),
    ],
)
def test_a_device_that_asks_nonsense_is_told_so(
    client: TestClient, payload: bytes, status: int, code: str
) -> None:
    answer = client.post(
        ENROLMENTS_PATH, content=payload, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["text"]


def test_a_strangers_slip_is_refused_as_json_with_words(client: TestClient) -> None:
    answer = Device(client, new_code()).ask()

    assert answer.status_code == 404
    assert answer.json() == {
        "code": "claim_unknown",
        "text": "This hub did not make this enrolment slip",
        "params": {"about": ""},
    }


def test_programs_do_the_same_by_the_same_names(client: TestClient, market: Market) -> None:
    token = market.hub.ground.part(PeopleActs).tokens.add("fleet", roles=("admin",), by=OPERATOR)
    headers = {"Authorization": f"Bearer {token}"}

    def post(path: str, **body: object) -> Any:
        return client.post(
            f"/api/v1/terminals{path}",
            content=json.dumps(body),
            headers={**headers, "Content-Type": "application/json"},
        )

    made = post("", terminal="shop-9", customer="C2", warehouse="MAIN")
    claim = post("/shop-9/claim", hours=2, approve=True)
    device = Device(client, claim.json()["claim"])
    waiting = device.told().state
    shown = client.get("/api/v1/terminals/shop-9", headers=headers).json()
    approved = post("/shop-9/approve", number=shown["claim"]["number"])
    revoked = post("/shop-9/revoke")
    refusals = [
        post("", terminal="shop-9", customer="C2", warehouse="MAIN"),
        post("/shop-9/claim", hours=0),
        post("/nobody/claim"),
        post("/shop-9/revoke"),
        post("/shop-9/refuse", number="0"),
        post("/shop-9/claim", hour=2),
    ]

    assert made.status_code == 201
    assert made.json()["access"] is False
    assert (waiting, shown["claim"]["state"]) == ("waiting", "waiting")
    assert shown["claim"]["device"] == "counter-pi"
    assert approved.json()["access"] is True
    assert revoked.json()["revoked"] is True
    assert [(one.status_code, one.json()["code"]) for one in refusals] == [
        (409, "terminal_there"),
        (422, "claim_hours_invalid"),
        (404, "terminal_unknown"),
        (409, "terminal_revoked"),
        (409, "claim_waits_not"),
        (400, "body_invalid"),
    ]


def test_who_may_only_read_sees_no_button_and_makes_no_slip(
    sign_in: SignIn, market: Market
) -> None:
    client = sign_in("sales")

    page = client.get("/terminals/shop-2")
    made = client.post("/terminals/shop-2/claim")

    assert page.status_code == 200
    assert "Make an enrolment slip" not in page.text
    assert made.status_code == 403
    assert market.rows("SELECT id FROM terminal_claim") == []
