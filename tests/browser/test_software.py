"""Updates of terminals' software in the browser: handed over, offered, stopped, gone on with."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from broker.contract import Status, StatusData, UpdateSaid
from hub.desk.terminals.acts.software import SoftwareActs
from hub.desk.terminals.wire.statuses import Heard
from hub.run.bootstrap import build_wire
from rules.tools.build.signing import new_private_key
from tests.builders.accessible import barriers
from tests.builders.market import new_uuid
from tests.builders.updates import TRUSTED, Made, make_update, says
from tests.fixtures.browser import DARK, PHONE, OpenAs, Site

pytestmark = pytest.mark.needs("chromium")
NAME = "12-aarch64-py3.11"
SHOPS = ("shop-1", "shop-2")


@pytest.fixture
def made(site: Site, tmp_path: Path) -> Made:
    """Give an update that the hub takes; two terminals run number 11."""
    site.hub.ground.part(SoftwareActs).add.keys = TRUSTED
    for shop in SHOPS:
        hear(site, shop, says(11))
    return make_update(tmp_path, 12)


def hear(site: Site, terminal: str, said: UpdateSaid) -> None:
    """Have the hub hear a terminal."""
    at = site.hub.ground.clock.now_ms()
    data = StatusData(state="online", update=said, software="orderwire 1.0")
    status = Status(id=new_uuid(), term=terminal, boot=1, at=at, data=data)
    build_wire(site.hub, http="http://hub").hear.statuses([Heard(status)])


def hand_over(page: Page, made: Made) -> None:
    """Send both files."""
    page.locator("#manifest").set_input_files(made.manifest)
    page.locator("#bundle").set_input_files(made.bundle)
    page.locator("form.card button[type=submit]").click()


def test_an_update_is_handed_over_offered_stops_and_goes_on(
    open_as: OpenAs, site: Site, made: Made, tmp_path: Path
) -> None:
    page = open_as("/software", role="admin")
    found = barriers(page)
    page.get_by_role("link", name="Add an update").click()
    hand_over(page, make_update(tmp_path / "x", 12, key=new_private_key()))
    expect(page.get_by_role("alert")).to_contain_text("Nobody in software_keys")
    found += barriers(page)
    hand_over(page, made)
    expect(page.locator("h1")).to_have_text("12")
    page.get_by_role("button", name="Offer to the first").click()
    found += barriers(page)
    page.locator("#offer").get_by_role("button", name="Offer to the first").click()
    expect(page.locator(".ow-title")).to_contain_text("offered to the first")
    first = page.locator("#record tbody a").inner_text()
    text = "it ended with 3 before it served"
    failed = {"manifest": made.digest, "state": "failed", "code": "software_failed_here"}
    hear(site, first, says(11, **failed, text=text))
    page.reload()
    expect(page.locator("#record")).to_contain_text(text)
    expect(page.locator(".ow-title")).to_contain_text("stopped by itself")
    found += barriers(page)
    page.get_by_role("button", name="Go on").click()
    page.locator("#resume").get_by_role("button", name="Go on").click()
    expect(page.locator(".ow-title")).to_contain_text("offered to the first")
    page.goto(f"/terminals/{first}")
    expect(page.locator("#record")).to_contain_text("went back")

    assert found == []


@pytest.mark.parametrize("screen", [PHONE, DARK], ids=["phone", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "hi-IN"])
def test_the_pages_fit_a_phone_a_dark_screen_and_hindi(
    open_as: OpenAs, site: Site, made: Made, *, screen: object, locale: str
) -> None:
    page = open_as("/software/new", role="admin", screen=screen, locale=locale)
    found = barriers(page)
    hand_over(page, made)
    page.wait_for_url(f"**/software/{NAME}")
    found += barriers(page)
    page.goto("/software")

    found += barriers(page)
    assert found == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert site.hub.ground.part(SoftwareActs).files.folder.exists()


def test_who_may_only_read_sees_no_buttons(open_as: OpenAs, made: Made, site: Site) -> None:
    admin = open_as("/software/new", role="admin")
    hand_over(admin, made)
    admin.wait_for_url(f"**/software/{NAME}")

    page = open_as(f"/software/{NAME}", role="auditor")

    expect(page.locator("#record")).to_contain_text("It was offered to nobody yet.")
    expect(page.get_by_role("button", name="Offer to the first")).to_have_count(0)
    assert page.goto("/software/new").status == 403  # type: ignore[union-attr]
    assert site.hub.ground.folder.exists()
