"""The page: who may see it, who may scan through it."""

import json
from dataclasses import replace

import pytest

from terminal.core.screen import Screen, ScreenLine
from terminal.page.server import Page, Request

SCREEN = Screen(
    terminal="shop-1",
    said="12 x <b>Cola</b>",
    read="8901234500019",
    lines=(ScreenLine(1, "COLA", "<b>Cola</b>", 12, "457.20", unpriced=False),),
    payable="480.06",
    currency="INR",
    queued=2,
    printer="paper_out",
    slips_waiting=1,
)


class Typed:
    """Keeps what came through the page."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.page = Page(screen=lambda: SCREEN, scan=self.codes.append)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Ask the page."""
        sent = {"host": "127.0.0.1:8800", **headers}
        response = self.page.answer(Request(method, path, sent, body))
        return response.status, response.body


def test_the_state_tells_everything_the_screen_shows() -> None:
    status, body = Typed().ask("GET", "/state")

    state = json.loads(body)
    assert status == 200
    assert state["lines"][0]["amount"] == "457.20"
    assert (state["read"], state["queued"], state["printer"]) == ("8901234500019", 2, "paper_out")
    assert "Orders without an answer: 2" in state["text"]


def test_the_page_is_in_the_language_of_the_screen() -> None:
    hindi = replace(SCREEN, language="hi", coupons=("DIWALI",), pack_hold="<b>")
    page = Page(screen=lambda: hindi, scan=lambda _code: None)
    host = {"host": "127.0.0.1:8800"}

    shown = page.answer(Request("GET", "/", host)).body.decode()
    state = json.loads(page.answer(Request("GET", "/state", host)).body)

    assert '<html lang="hi" dir="ltr">' in shown
    assert "भेजें" in shown
    assert "{{" not in shown
    assert state["notes"] == ["कूपन DIWALI"]
    assert state["link_words"] == "हब: कनेक्शन नहीं"
    banners = [(row["light"], row["text"].split()[0]) for row in state["banners"]]
    assert banners == [("red", "प्रिंटर"), ("amber", "कनेक्शन"), ("amber", "बिना"), ("amber", "कीमतें")]


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js", "/camera.js"])
def test_the_page_and_its_files_are_served(path: str) -> None:
    status, body = Typed().ask("GET", path)

    assert status == 200
    assert len(body) > 300


def test_the_page_has_no_inline_script_or_style_and_its_script_writes_text_only() -> None:
    page, script = Typed().ask("GET", "/")[1], Typed().ask("GET", "/page.js")[1]

    assert b"<script>" not in page
    assert b"style=" not in page
    assert b"innerHTML" not in script


def test_a_code_posted_is_a_code_scanned() -> None:
    typed = Typed()

    status, _ = typed.ask("POST", "/scan", b"8901234500019", origin="http://127.0.0.1:8800")

    assert (status, typed.codes) == (204, ["8901234500019"])


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "https://127.0.0.1.evil"]
)
def test_another_site_in_the_same_browser_cannot_scan(origin: str) -> None:
    typed = Typed()

    status, _ = typed.ask("POST", "/scan", b"OW-SUBMIT", origin=origin)

    assert (status, typed.codes) == (403, [])


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8800", "", "localhost.evil.example"]
)
def test_a_name_that_was_made_to_point_here_is_not_answered(host: str) -> None:
    assert Typed().ask("GET", "/state", host=host)[0] == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8800", "192.168.1.7", "localhost:8800", "[::1]:8800"])
def test_the_page_is_reached_by_address(host: str) -> None:
    assert Typed().ask("GET", "/state", host=host)[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/scan", 405),
        ("POST", "/", 405),
        ("DELETE", "/state", 405),
        ("GET", "/../settings.toml", 404),
        ("GET", "/page.html", 404),
    ],
)
def test_anything_else_is_refused(method: str, path: str, status: int) -> None:
    assert Typed().ask(method, path)[0] == status


def test_a_code_that_is_no_text_is_refused() -> None:
    typed = Typed()

    assert typed.ask("POST", "/scan", b"\xff\xfe")[0] == 400
    assert typed.codes == []
