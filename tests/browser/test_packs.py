"""The pages of the rule packs in a real Chromium: from a draft to the one that serves, and back."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub.desk.rulepacks.commands.folder import read_pack_folder
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.browser.test_pages import SCREENS
from tests.builders.hub_records import Shelves, SteppedClock
from tests.builders.legible import faults_on
from tests.builders.market import FILES, NOON, FakeClock, Market, write_pack
from tests.fixtures.browser import PHONE, ROLES, USERS, OpenAs, Site
from tests.fixtures.databases import begin_folder

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("packs in chromium")]


def written(version: int, soap: str) -> PackedPack:
    """Read the market's pack as a folder, with its files and doubts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pack(folder, version=version, soap=soap)
        return read_pack_folder(folder)


@pytest.fixture
def market(tmp_path: Path, sqlite_template: Path) -> Iterator[Market]:
    """Give a hub with a first pack, and a user of each role."""
    clock = FakeClock()
    hub = build_hub(Settings(begin_folder(tmp_path / "hub", sqlite_template)), clock=clock)
    hub.ground.part(LoadDistributor)(read_distributor(FILES, scale=2), written(1, "10.00"))
    shelves = Shelves(hub.ground.database)
    for role, name in USERS.items():
        shelves.user(name, *ROLES[role])
    yield Market(hub, build_wire(hub, http=""), clock, hub.settings.database_url)
    hub.close()


@pytest.fixture
def site(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.hub.ground.database))


@pytest.fixture
def draft(market: Market) -> int:
    """Add version 2, in which soap is dearer, after three orders; gives its number."""
    for count in (1, 2):
        market.place(("SOAP", count))
    market.place(("TEA", 1))
    market.clock.ms += 1_000
    return market.packs.add(written(2, "12.00"), by="sunil", why="dearer soap").version


@pytest.fixture
def history(market: Market, draft: int) -> tuple[str, ...]:
    """Bring versions of every state about, and list their pages."""
    market.packs.publish(draft, by="asha", why="agreed")
    market.clock.ms += 1_000
    market.packs.roll_back(1, by="asha", why="soap was priced wrong")
    market.clock.ms += 1_000
    market.packs.add(written(4, "13.00"), by="sunil")
    market.packs.shadow.begin(4, by="sunil")
    market.place(("SOAP", 3))
    while market.hub.watch_shadow():
        pass
    market.packs.add(written(5, "14.00"), by="sunil")
    market.packs.drop(5, by="sunil", why="not needed")
    market.packs.add(written(6, "15.00"), by="sunil")
    market.packs.publish(6, by="asha", starts_at=market.clock.ms + 3_600_000)
    return ("/packs", *(f"/packs/{number}" for number in range(1, 7)), "/packs/4/publish")


def test_who_writes_rules_reads_a_version_in_every_state_and_publishes_none(
    open_as: OpenAs, history: tuple[str, ...]
) -> None:
    page = open_as("/orders", role="sales")
    *versions, publishing = history

    told = [page.request.get(path).status for path in versions]

    assert told == [200] * len(versions)
    assert page.request.get(publishing).status == 403


@pytest.mark.parametrize("colours", SCREENS)
def test_pages_open_for_an_admin_fit_every_screen_can_be_read_and_name_their_fields(
    open_as: OpenAs, history: tuple[str, ...], colours: str
) -> None:
    screens = SCREENS[colours]
    page = open_as("/orders", role="admin", screen=screens[0])

    for path in history:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert faults_on(page, *screens) == []


def test_the_list_shows_each_version_with_its_state(
    open_as: OpenAs, history: tuple[str, ...]
) -> None:
    page = open_as(history[0], role="sales")

    rows = page.locator("#packs tbody tr")

    expect(rows).to_have_count(6)
    for row, state in enumerate(
        ("Scheduled", "Retired", "In shadow", "Serving", "Retired", "Retired")
    ):
        expect(rows.nth(row)).to_contain_text(state)


def test_a_second_person_sees_the_effect_and_publishes(
    open_as: OpenAs, market: Market, draft: int
) -> None:
    page = open_as(f"/packs/{draft}", role="admin")
    expect(page.locator("ins")).to_contain_text(["version: 2", "SOAP,12.00"])

    page.get_by_role("link", name="See the effect and publish").click()
    expect(page.get_by_text("Would change").locator("..")).to_contain_text("2")
    expect(page.get_by_role("cell", name="PL-BASE")).to_be_visible()
    page.get_by_label("Reason, for the history").fill("prices of the season")
    page.get_by_role("button", name="Publish version 2").click()

    expect(page.locator("#record")).to_contain_text("Serving")
    expect(page.locator(".ow-timeline li").first).to_contain_text(
        "Published; prices of the season; of the last 3 orders 2 would change"
    )
    assert market.place(("SOAP", 1)).pack_version == 2


def test_what_a_pack_of_credit_alone_would_hold_is_told_with_its_worth(
    open_as: OpenAs, market: Market, tmp_path: Path
) -> None:
    market.place(("SOAP", 1))
    market.place(("SOAP", 3))
    write_pack(tmp_path, version=2)
    (tmp_path / "credit.yaml").write_text(
        "credit:\n  - {id: BIG, at_least: {order.payable: 20.00}, then: approve, route: DESK}\n"
        "approvals:\n  - {id: DESK, levels: [{role: clerk}]}\n"
    )
    market.packs.add(read_pack_folder(tmp_path), by="sunil", why="careful")

    page = open_as("/packs/2/publish", role="admin", screen=PHONE)
    expect(
        page.get_by_text("1 accepted order of ₹30.00 would be held or rejected.")
    ).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="हिंदी").click()

    expect(page.locator("html")).to_have_attribute("lang", "hi")
    expect(page.get_by_text("₹30.00 का 1 मंज़ूर ऑर्डर रुकता या नामंज़ूर होता।")).to_be_visible()


def test_a_start_is_given_in_the_distributors_time_and_can_be_called_off(
    open_as: OpenAs, market: Market, draft: int
) -> None:
    page = open_as(f"/packs/{draft}/publish", role="admin")
    page.get_by_label("Reason, for the history").fill("next week")
    page.get_by_label(re.compile("^From")).fill("2026-11-30T06:00")
    page.get_by_role("button", name="Publish version 2").click()

    expect(page.locator("main .ow-facts")).to_contain_text("from 30 Nov 2026, 06:00:00 IST")
    page.get_by_role("button", name="Call the schedule off").click()
    page.get_by_label("Reason, for the history").fill("too early")
    page.get_by_role("button", name="Call it off").click()

    expect(page.locator(".ow-timeline li").first).to_contain_text("Schedule called off; too early")
    assert market.rows("SELECT starts_at FROM rule_pack WHERE version = 2") == [(None,)]


def test_a_start_that_is_past_is_refused_and_said(open_as: OpenAs, draft: int) -> None:
    page = open_as(f"/packs/{draft}/publish", role="admin")
    page.get_by_label("Reason, for the history").fill("yesterday")
    page.get_by_label(re.compile("^From")).fill("2026-11-20T06:00")

    page.get_by_role("button", name="Publish version 2").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was published: the start is past")


def test_who_added_a_version_is_not_offered_to_publish_it(open_as: OpenAs, market: Market) -> None:
    market.packs.add(written(2, "12.00"), by=USERS["admin"])

    page = open_as("/packs/2", role="admin")

    expect(page.get_by_text("You added this version")).to_be_visible()
    expect(page.get_by_role("link", name="See the effect and publish")).to_have_count(0)


def test_staff_try_a_draft_in_shadow_and_see_what_it_would_do(
    open_as: OpenAs, market: Market, draft: int
) -> None:
    page = open_as(f"/packs/{draft}", role="sales")
    page.get_by_role("button", name="Try it in shadow").click()
    expect(page.get_by_text("No order was decided since the shadow began")).to_be_visible()

    market.place(("SOAP", 5))
    market.hub.watch_shadow()
    market.hub.ground.changes.publish("packs")

    section = page.get_by_label("In shadow")
    expect(section).to_contain_text("+₹10.00")
    page.get_by_role("button", name="End its shadow").click()
    expect(page.get_by_role("button", name="Try it in shadow")).to_be_visible()


def test_going_back_asks_for_a_reason_and_shows_the_new_version(
    open_as: OpenAs, market: Market, draft: int
) -> None:
    market.packs.publish(draft, by="asha")
    market.clock.ms += 1_000
    page = open_as("/packs/1", role="admin")

    page.get_by_role("button", name="Go back to this version").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reason, for the history").fill("soap was priced wrong")
    page.get_by_role("button", name="Go back", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Rule pack 3")
    expect(page.locator("#record")).to_contain_text("soap was priced wrong; back to version 1")


def test_a_version_that_could_not_be_loaded_says_so(
    open_as: OpenAs, market: Market, draft: int
) -> None:
    market.packs.publish(draft, by="asha")
    market.change(
        "UPDATE snapshot SET body = :b WHERE hash = (SELECT hash FROM rule_pack WHERE version = 2)",
        b=b"{}",
    )
    market.place(("SOAP", 1))

    page = open_as("/packs", role="sales")

    expect(page.get_by_text("not loaded")).to_be_visible()
    page.get_by_role("link", name="2", exact=True).click()
    expect(page.locator(".ow-bad").first).to_contain_text("the one before serves on")


def test_what_a_role_may_not_do_is_neither_offered_nor_taken(
    open_as: OpenAs, market: Market, draft: int, address: str
) -> None:
    page = open_as(f"/packs/{draft}", role="sales")
    expect(page.get_by_role("link", name="See the effect and publish")).to_have_count(0)

    answer = page.request.post(
        f"{address}/packs/{draft}/publish",
        form={"orders": "100", "why": "sly"},
        headers={"Origin": address},
    )

    assert answer.status == 403
    assert market.rows("SELECT published_at FROM rule_pack WHERE version = 2") == [(None,)]


def test_a_hostile_rule_file_stays_text(open_as: OpenAs, market: Market) -> None:
    pack = written(2, "12.00")
    hostile = b"<script>document.title='owned'</script>\n\x1b[2J\xe2\x80\xae"
    files = {**pack.files, "a.yaml": hostile}
    market.packs.add(PackedPack(pack.body, pack.compiled, files, pack.doubts), by="sunil")

    page = open_as("/packs/2", role="sales")

    expect(page.locator("pre").first).to_contain_text("<script>")
    expect(page.locator("pre").first).to_contain_text("\\u202e")
    expect(page.locator("pre script")).to_have_count(0)
    assert "owned" not in page.title()


def test_ten_plus_one_becomes_ten_plus_two_in_a_form_and_a_second_person_publishes(
    open_as: OpenAs, market: Market
) -> None:
    market.place(("RICE", 20))
    market.clock.ms += 1_000
    page = open_as("/packs/1", role="sales")
    page.get_by_role("link", name="Change rules").click()
    free = page.get_by_role("group", name="SCH-HONEY").get_by_label("Free", exact=True)
    free.fill("two")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("“two” is no number")
    free.fill("2")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The checks find no fault")).to_be_visible()
    expect(page.locator("ins")).to_contain_text(["version: 2", "free: {every: 10, give: 2"])
    page.get_by_label("Why it is changed").fill("two for ten")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page).to_have_url(re.compile("/packs/2$"))

    other = open_as("/packs/2/publish", role="admin")
    expect(other.get_by_text("Would change").locator("..")).to_contain_text("1")
    cost = other.get_by_text("Worth of free goods").locator("..")
    expect(cost).to_contain_text("+\N{INDIAN RUPEE SIGN}160.00")  # two more of 80.00 with twenty
    other.get_by_label("Reason, for the history").fill("agreed")
    other.get_by_role("button", name="Publish version 2").click()

    expect(other.locator("#record")).to_contain_text("Serving")
    answer = market.place(("RICE", 10))
    assert (answer.pack_version, [one.qty for one in answer.free]) == (2, [2])


def test_a_fault_in_the_text_of_a_rule_file_is_told_with_its_place(open_as: OpenAs) -> None:
    page = open_as("/packs/1/edit", role="sales")
    page.locator("summary").filter(has_text="pack.yaml").last.click()
    text = page.get_by_label("pack.yaml", exact=True)
    text.fill(text.input_value().replace("give: 1", "give: much"))

    page.get_by_role("button", name="Keep as a draft").click()

    expect(page.get_by_role("alert")).to_contain_text("pack.yaml:")
    expect(page).to_have_url(re.compile("/packs/1/edit$"))
