"""Photos with surveys, new outlets and the day, and what else a rep is told, in a real Chromium."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub.base.access import EVERYTHING
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.model.surveys import SurveyFields, read_survey_fields
from hub.desk.field.reads.beats import read_beat
from hub.desk.workdays.acts import WorkdayActs
from tests.browser.test_field_rep import all_photos_sent, draw_photo, keep, take
from tests.builders.field_team import REP, TODAY, field_of
from tests.builders.market import NOON, Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    told,
)

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
ENTRIES = """async () => {
  const outlet = "C2";
  const task = fieldStore.newId();
  const all = [
    {kind: "collected", outlet, fields: {amount: "1250.50", mode: "upi", reference: "4431"}},
    {kind: "price_seen", outlet, text: "soap", price: 9500},
    {kind: "goods_back", outlet, lines: [{sku: "TEA", pieces: 7}], condition: "damaged", text: ""},
    {kind: "ordered", outlet,
      lines: [{sku: "TEA", quantity: 12, unit: "CASE"}, {sku: "RICE", quantity: 1}]},
    {kind: "visit_missed", outlet: "C1", reason: "far"},
    {kind: "outlet_changed", outlet, changes: {contact: {seen: "", wanted: "Mr Rao"}}},
    {kind: "leave", day: "2026-11-23", why: "wedding"},
    {kind: "complained", outlet, text: "broken seal", due: "2026-11-30"},
    {kind: "task_done", task, why: "replaced it"},
  ];
  for (const one of all) await fieldStore.add(one);
}"""
TAKES_SLOWLY = """() => {
  const decode = window.createImageBitmap;
  const isOver = new Promise((resolve) => { window.goOn = resolve; });
  window.createImageBitmap = async (...all) => { await isOver; return decode(...all); };
}"""


def test_a_survey_and_a_new_outlet_go_with_their_photos(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    texts = {"code": "SHELF", "title": "Shelf", "from_day": "2026-11-01"}
    fields = read_survey_fields({**texts, "questions": "text | What stands there?"})
    assert isinstance(fields, SurveyFields)
    field_of(market).surveys.add(fields, by="asha", scope=EVERYTHING)
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg", width=400, height=300)
    front = draw_photo(page, tmp_path / "front.jpg", width=300, height=400)
    page.context.set_offline(True)
    page.goto("/field#/survey/C2/SHELF")
    page.get_by_label("What stands there?").fill("soap alone")
    take(page, picture)
    page.reload()  # the camera ended the page
    expect(page.locator(".photos canvas")).to_have_count(1)
    keep(page)
    page.goto("/field#/new")
    page.get_by_label("Name").fill("Corner Stall")
    take(page, front)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="Corner Stall")).to_be_visible()
    page.context.set_offline(False)

    sent(page, 2)
    all_photos_sent(page)
    assert market.rows(
        "SELECT e.kind, p.width FROM field_photo p JOIN field_entry e ON e.uuid = p.entry"
        " ORDER BY e.kind"
    ) == [("outlet_added", 300), ("surveyed", 400)]
    assert market.broken() == set()


def test_what_is_kept_while_its_photo_is_being_taken_waits_for_it(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg", width=400, height=300)
    page.goto("/field#/note/C2")
    page.get_by_label("What was said or seen").fill("soap alone")
    page.evaluate(TAKES_SLOWLY)
    page.get_by_label("Photo", exact=True).set_input_files(picture)
    page.get_by_role("button", name="Keep").click()

    page.evaluate("goOn()")
    sent(page, 1)
    all_photos_sent(page)

    assert market.rows(
        "SELECT e.kind, p.width FROM field_photo p JOIN field_entry e ON e.uuid = p.entry"
    ) == [("noted", 400)]


def test_what_was_taken_of_an_outlet_that_is_another_waits_for_a_note_there(
    phone: Open, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "front.jpg", width=300, height=400)
    page.context.set_offline(True)
    page.goto("/field#/new")
    page.get_by_label("Name").fill("Second Shop")
    take(page, picture)
    for _ in range(2):  # the phone asks whether it is another
        page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="Second Shop")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/field#/queue")

    page.get_by_role("button", name="It is Second Shop").click()
    expect(page.get_by_role("heading", name="Second Shop")).to_be_visible()
    page.goto("/field#/note/C2")

    expect(page.locator(".photos canvas")).to_have_count(1)


def test_a_day_begins_with_a_photo_where_it_is_asked_for_and_without_one_all_the_same(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    field_of(market).selfies(asked=True, by="asha", scope=EVERYTHING)
    page = phone()
    face = draw_photo(page, tmp_path / "face.jpg", width=300, height=400)
    page.context.set_offline(True)
    page.get_by_role("link", name="Begin the day").click()
    page.get_by_role("button", name="Begin the day").click()
    expect(page.get_by_role("alert").filter(has_text="no photo yet")).to_be_visible()
    take(page, face)
    page.get_by_role("button", name="Begin the day").click()
    expect(page.get_by_role("button", name="End the day")).to_be_visible()
    page.context.set_offline(False)

    sent(page, 1)
    all_photos_sent(page)
    assert market.rows(
        "SELECT e.kind, p.width FROM field_photo p JOIN field_entry e ON e.uuid = p.entry"
    ) == [("day_begun", 300)]


def test_a_holiday_and_a_visit_that_nobody_ended_are_said_on_the_phone(
    phone: Open, market: Market
) -> None:
    page = phone(locale="hi-IN")
    holiday = {"day": "2026-11-21", "name": "Fair", "name_hi": "मेला"}
    market.hub.ground.part(WorkdayActs).set.mark(holiday, by="asha", scope=EVERYTHING)
    page.reload()
    expect(page.locator("main")).to_contain_text("आज काम का दिन नहीं है: मेला।")
    expect(page.locator("main")).to_contain_text("आज आपके लिए कोई बीट तय नहीं है।")

    page.context.set_offline(True)
    page.evaluate(
        "fieldStore.add({kind: 'visit_begun', outlet: 'C2', place: {},"
        " at: Date.now() - 24 * 3600 * 1000})"
    )
    page.reload()

    expect(page.locator("main")).to_contain_text("Second Shop में आपकी विज़िट")
    expect(page.locator("main")).to_contain_text("उसके मिनट नहीं गिने जाते")


def test_a_morning_without_a_line_shows_the_way_of_that_day(phone: Open, market: Market) -> None:
    plan = field_of(market).plan
    plan.add(BeatFields("B-2", "Fort", ("C1",)), by="asha", scope=EVERYTHING)
    day = date(2026, 11, 2)
    for code, days in (("B-1", 0b0100000), ("B-2", 0b1000000)):  # Saturdays, and Sundays
        with market.database.read() as connection:
            beat = read_beat(connection, code, day=TODAY, scope=EVERYTHING)
        for one in beat.journeys if beat else ():
            plan.stop(code, one.id, day=day, by="asha", scope=EVERYTHING)
        walk = Journey(0, REP, 0, days, 1, day)
        plan.walk(code, walk, by="asha", scope=EVERYTHING)
    page, noon = phone(), datetime.fromtimestamp(NOON / 1_000, UTC)
    page.clock.set_fixed_time(noon)
    page.reload()
    way = page.locator("main a.card strong")
    expect(way).to_have_text(["1. Second Shop", "2. First Shop"])
    told(page)
    page.context.set_offline(True)

    page.clock.set_fixed_time(noon + timedelta(days=1))
    page.reload()
    expect(way).to_have_text(["1. First Shop"])
    page.clock.set_fixed_time(noon + timedelta(days=2))
    page.reload()
    expect(way).to_have_count(0)


def test_the_first_open_is_small(phone: Open) -> None:
    page = phone()
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.send("Network.setBypassServiceWorker", {"bypass": True})
    sizes: list[int] = []
    client.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))

    page.reload()
    expect(page.locator("a.card").first).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert 0 < sum(sizes) <= 150_000, sizes


def test_photos_that_the_hub_has_of_a_visit_are_among_those_that_are_kept_of_it(
    phone: Open, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shop.jpg", width=40, height=30)
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    page.context.set_offline(True)
    take(page, picture)
    page.context.set_offline(False)
    all_photos_sent(page)
    row = page.evaluate("fieldStore.all().then((rows) => rows[0])")
    assert row["photos"] == 1
    expect(page.get_by_label("Photo", exact=True)).to_be_enabled()

    page.evaluate("(id) => fieldStore.change(id, {photos: 10})", row["id"])
    page.reload()

    expect(page.get_by_label("Photo", exact=True)).to_be_disabled()
    expect(page.get_by_text("There are as many photos of this already")).to_be_visible()
    assert page.evaluate("(id) => fieldStore.addPhoto({entry: id}, 10)", row["id"]) is None


def test_each_entry_that_waits_says_whose_and_which_it_is_and_photos_are_counted_with_them(
    phone: Open, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg", width=400, height=300)
    page.context.set_offline(True)
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    take(page, picture)
    page.get_by_label("How did it end?").select_option("stock_left")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("button", name="Check in")).to_be_visible()
    page.evaluate(ENTRIES)
    page.goto("/field#/queue")

    said = [
        *("Check-out: Second Shop", "stock left"),
        *("₹1,250.50 · UPI · 4431", "₹95.00", "7 PCS Tea · damaged", "12 CASE Tea · 1 KG Rice"),
        *(
            "too far",
            "Contact person: Mr Rao",
            "23 Nov 2026 · wedding",
            "by 30 Nov 2026",
            "replaced it",
        ),
    ]
    for text in said:
        expect(page.get_by_role("main")).to_contain_text(text)
    expect(page.get_by_role("status")).to_contain_text("Waiting to be sent: 12")
    expect(page.locator("#queue")).to_have_text("12")
