"""What a terminal tells of itself in the browser: asked for, come, read; on a phone, in Hindi."""

import json
import zlib

import pytest
from playwright.sync_api import expect

from broker.contract import Diagnosis, DiagnosisData, Status, StatusData, in_pieces
from hub.desk.terminals.acts import EnrolmentActs, TerminalActs
from hub.desk.terminals.wire.statuses import Heard
from hub.run.bootstrap import build_wire
from tests.builders.accessible import barriers
from tests.builders.market import new_uuid
from tests.fixtures.browser import DARK, PHONE, OpenAs, Site

pytestmark = pytest.mark.needs("chromium")
_LINE = {"at": "2026-11-30 07:44:06", "level": "ERROR", "message": "paper is out", "slip": 4}
_TOLD = {
    "facts": {"software": "orderwire 1.0", "line": "online"},
    "findings": [
        {"what": "broker", "state": "ok", "told": "hub.local:8883 is reached", "fix": ""},
        {"what": "printer", "state": "fault", "told": "80mm: offline", "fix": "switch it on"},
    ],
    "settings": {"password": "(set)", "pack_keys": "MCowBQYDK2VwAyEA" * 8},
    "log": [json.dumps(_LINE), "<script>alert(1)</script>"],
}


@pytest.fixture
def wire(site: Site) -> TerminalActs:
    """Give the wire of a hub whose first terminal tells of itself when asked."""
    wire = build_wire(site.hub, http="http://hub")
    at = site.hub.ground.clock.now_ms()
    data = StatusData(state="online", diagnoses=True)
    wire.hear.statuses([Heard(Status(id=new_uuid(), term="shop-1", boot=1, at=at, data=data))])
    return wire


def tell(wire: TerminalActs, site: Site) -> None:
    """Have the terminal tell what it is asked for."""
    with site.hub.ground.database.read() as connection:
        query = "SELECT name FROM terminal_diagnosis WHERE state = 'asked'"
        asked = connection.exec_driver_sql(query).scalar_one()
    (content,) = in_pieces(zlib.compress(json.dumps(_TOLD).encode()))
    data = DiagnosisData(asked=asked, part=1, parts=1, content=content)
    at = site.hub.ground.clock.now_ms()
    wire.hear_diagnosis(Diagnosis(id=new_uuid(), term="shop-1", boot=1, at=at, data=data))


def test_a_terminal_is_asked_and_what_it_tells_is_read(
    open_as: OpenAs, site: Site, wire: TerminalActs
) -> None:
    page = open_as("/terminals/shop-1", role="admin")
    page.get_by_role("link", name="Diagnoses").click()
    found = barriers(page)
    page.get_by_label("Reason").fill("prints nothing")
    page.get_by_role("button", name="Ask the terminal").click()
    expect(page.locator("#diagnoses")).to_contain_text("asked")
    found += barriers(page)
    tell(wire, site)
    page.reload()
    page.locator("#diagnoses tbody a").first.click()

    expect(page.locator("main")).to_contain_text("switch it on")
    expect(page.locator("main")).to_contain_text("paper is out slip=4")
    expect(page.locator("main")).to_contain_text("<script>alert(1)</script>")
    found += barriers(page)
    assert found == []
    page.goto("/terminals/shop-2/diagnoses")
    expect(page.get_by_role("status")).to_contain_text("does not tell of itself")
    expect(page.get_by_role("button", name="Ask the terminal")).to_have_count(0)
    page.goto("/terminals/shop-1")
    expect(page.locator("#timeline, main")).to_contain_text("prints nothing")


@pytest.mark.parametrize("screen", [PHONE, DARK], ids=["phone", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "hi-IN"])
def test_the_pages_fit_a_phone_a_dark_screen_and_hindi(
    open_as: OpenAs, site: Site, wire: TerminalActs, *, screen: object, locale: str
) -> None:
    page = open_as("/terminals/shop-1/diagnoses", role="admin", screen=screen, locale=locale)
    page.locator("form.card button[type=submit]").click()
    page.wait_for_selector("#diagnoses tbody tr")
    tell(wire, site)
    page.reload()
    found = barriers(page)
    page.locator("#diagnoses tbody a").first.click()
    page.wait_for_selector("dl.ow-facts")
    found += barriers(page)

    assert found == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_who_may_not_set_terminals_reads_nothing(
    open_as: OpenAs, site: Site, wire: TerminalActs
) -> None:
    page = open_as("/terminals/shop-1", role="auditor")

    expect(page.get_by_role("link", name="Diagnoses")).to_have_count(0)
    assert page.goto("/terminals/shop-1/diagnoses").status == 403  # type: ignore[union-attr]
    assert site.hub.ground.part(EnrolmentActs).diagnose is not None
    assert wire.hear_diagnosis is not None
