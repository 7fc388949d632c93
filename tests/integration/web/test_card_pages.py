"""Operators' cards and served customers over HTTP: the page of staff, its print, and programs."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from hub.desk.terminals.model.bars import card_bars
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.market import Market
from tests.builders.page_client import PageClient
from tests.fixtures.browser import Role
from tests.integration.web.test_api import market, token  # noqa: F401  # a fixture

SignIn = Callable[[Role], TestClient]
PAGE = "/terminals/shop-1/cards"
API = "/api/v1/terminals/shop-2/cards"


@pytest.fixture
def programs(market: Market) -> Iterator[TestClient]:  # noqa: F811
    """Give a program that may do what a manager does."""
    with PageClient(create_app(frame_of(market.hub)), base_url="http://hub.test") as one:
        one.headers["Authorization"] = f"Bearer {token(market, 'tool', 'manager')}"
        yield one


def text_of(page: str) -> str:
    """Give a page's words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_manager_gives_an_operator_a_card_and_sees_the_pin_once(sign_in: SignIn) -> None:
    staff = sign_in("manager")
    assert "No operator has a card yet." in staff.get(PAGE).text

    made = staff.post(f"{PAGE}/operators", data={"name": "Asha Rao", "pin": ""})

    pin = re.search(r'ow-secret">(\d{4})<', made.text)
    assert pin is not None
    again = staff.get(PAGE).text
    assert f">{pin[1]}<" not in again
    card = re.search(r"ASHA-\d+", again)
    assert card is not None
    printed = staff.get(f"{PAGE}/print").text
    assert f'aria-label="OW-OPERATOR-{card[0]}"' in printed
    done = staff.post(f"{PAGE}/operators/{card[0]}/end", follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    assert card[0] not in text_of(staff.get(PAGE).text).split("Who set what")[0]


def test_what_cannot_be_done_is_said_on_the_page_in_the_reader_s_words(sign_in: SignIn) -> None:
    staff = sign_in("manager")

    wrong = staff.post(f"{PAGE}/operators", data={"name": "Asha", "pin": "12"})
    nobody = staff.post(f"{PAGE}/customers", data={"customer": "NOBODY"})

    assert (wrong.status_code, "A PIN has 4 to 6 digits" in wrong.text) == (422, True)
    assert (nobody.status_code, "There is no such customer" in nobody.text) == (422, True)
    assert staff.get("/terminals/nobody/cards").status_code == 404


def test_a_program_keeps_cards(programs: TestClient) -> None:
    made = programs.post(f"{API}/operators", json={"name": "Ravi", "pin": "4711"})
    card = made.json()["card"]
    changed = programs.post(f"{API}/operators/{card}/pin", json={"pin": "081500"})
    needed = programs.put(f"{API}/needed", json={"needed": True, "why": "cash is missing"})
    served = programs.post(f"{API}/customers", json={"customer": "C4"})
    unknown = programs.post(f"{API}/operators/OP-99/end", json={})

    assert (made.status_code, changed.json()["pin"]) == (201, "081500")
    assert needed.json()["operator_needed"]
    assert served.json()["customers"][0]["code"] == "OW-CUSTOMER-C4"
    assert served.json()["operators"] == [
        {"card": card, "name": "Ravi", "code": f"OW-OPERATOR-{card}"}
    ]
    assert (unknown.status_code, unknown.json()["code"]) == (404, "operator_unknown")
    assert "pin" not in programs.get(API).text


@pytest.mark.parametrize("text", ["OW-OPERATOR-ASHA-12", "OW-CUSTOMER-C-0107"])
def test_the_bars_of_a_card_are_read_as_its_code(text: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    bars = card_bars(text)
    assert bars is not None
    picture = image.new("L", (bars.width * 3, 90), 255)
    for start, width in bars.black:
        picture.paste(0, (start * 3, 0, (start + width) * 3, 90))

    (found,) = zxingcpp.read_barcodes(picture)

    assert (found.text, found.format.name) == (text, "Code128")


def test_a_code_in_another_script_has_no_bars() -> None:
    assert card_bars("OW-CUSTOMER-दुकान") is None
