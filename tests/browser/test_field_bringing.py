"""Goods brought and signed for on a driver's phone in a real Chromium, with and without a line."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.desk.deliveries.model.asked import AskedOutcome
from tests.browser.test_field_rep import all_photos_sent, draw_photo, photos, take
from tests.builders.accessible import barriers
from tests.builders.delivered import recorded
from tests.builders.delivered import sent as send_off
from tests.builders.hub_records import Shelves
from tests.builders.market import NOON, Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    BadLine,
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    states,
)
from tests.fixtures.browser import DARK, NARROW, PHONE, OpenAs

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
DRIVER = "om"
SIGNED = re.compile(r"^M\d+,\d+ \d+,\d+")
"""The path of a pad that somebody signed on."""


@pytest.fixture(name="driver")
def open_driver(market: Market, open_as: OpenAs) -> Open:
    """Open the phone's page as a driver of the warehouse, with the page kept for later."""
    Shelves(market.database).user(DRIVER, "warehouse")

    def open_phone(locale: str = "en-US", *, dark: bool = False) -> Page:
        screen = PHONE if not dark else type(PHONE)(PHONE.width, PHONE.height, DARK.dark)
        page = open_as("/field", user=DRIVER, screen=screen, locale=locale)
        expect(page.locator("a.card").first).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return page

    return open_phone


ONE_MORE = """async (draft) => {
  const one = (await fieldStore.photos())[0];
  return fieldPhotos.keep(one.blob, {draft}, 5).then(() => "kept", (error) => error.code);
}"""
"""Takes another photo while the form still offers it, as a second window does."""


def on_the_way(market: Market, *lines: tuple[str, int]) -> int:
    """Have a note of the second shop on its way, and give its id."""
    order = market.place(*(lines or (("TEA", 12), ("RICE", 5))), terminal="shop-2")
    return send_off(market, order.order).notes[0]


def sign(page: Page) -> None:
    """Draw a signature on the pad that is shown."""
    pad = page.locator("svg.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + 20 + (30 if step % 2 else 5))
    page.mouse.up()


def record(page: Page) -> None:
    """Press what keeps the form that is open."""
    page.get_by_role("button", name="Record the delivery").click()


def bring(page: Page, note: int, who: str = "Asha") -> None:
    """Have somebody take all of a note, sign for it, and see it kept."""
    page.goto(f"/field#/bring/{note}")
    page.get_by_label("Taken by").fill(who)
    sign(page)
    record(page)
    expect(page.get_by_role("status").first).to_contain_text("Kept on this phone")


def test_a_shop_signs_without_a_line_and_the_hub_has_it_once_there_is_one(
    driver: Open, market: Market, tmp_path: Path
) -> None:
    note = on_the_way(market)
    page = driver()
    picture = draw_photo(page, tmp_path / "goods.jpg", width=400, height=300)
    page.context.set_offline(True)
    page.reload()  # the phone was in a pocket on the way
    page.get_by_role("link", name="Second Shop").click()
    page.get_by_label("Taken by").fill("Asha")
    page.get_by_text("10 of 10 taken").click()
    page.get_by_label("Back", exact=True).first.fill("2")
    expect(page.get_by_text("8 of 10 taken")).to_be_visible()
    sign(page)
    take(page, picture)
    page.reload()  # the camera ended the page
    expect(page.get_by_label("Taken by")).to_have_value("Asha")
    expect(page.locator("svg.pad path")).to_have_attribute("d", SIGNED)
    expect(page.locator(".photos canvas")).to_have_count(1)
    record(page)
    expect(page.get_by_role("alert").filter(has_text="Tea")).to_be_visible()  # no reason yet
    page.get_by_label("Why not?").first.select_option("refused")
    record(page)
    expect(page.get_by_role("status").first).to_contain_text("Kept on this phone")
    expect(page.get_by_text("Nothing is on its way")).to_be_visible()
    assert market.rows("SELECT state FROM delivery") == [("dispatched",)]
    page.context.set_offline(False)

    sent(page, 1)
    all_photos_sent(page)
    ((state, receiver, signature, by),) = market.rows(
        "SELECT state, receiver, signature, closed_by FROM delivery WHERE id = :n", n=note
    )
    assert (state, receiver, by) == ("part", "Asha", DRIVER)
    assert signature.count(",") >= 5
    assert market.rows("SELECT sum(back), sum(delivered) FROM delivery_line") == [(2, 15)]
    assert market.rows("SELECT delivery_id, width FROM delivery_photo") == [(note, 400)]
    assert market.broken() == set()


def test_a_line_that_is_cut_wherever_it_can_be_records_each_note_once(
    driver: Open, market: Market, tmp_path: Path
) -> None:
    notes = [on_the_way(market, ("RICE", 2)) for _ in range(4)]
    page = driver()
    picture = draw_photo(page, tmp_path / "goods.jpg", width=400, height=300)
    line = BadLine(
        page,
        "**/field/entries",
        "**/field/photos/**",
        status=200,
        body="<html>sign in at the hotel</html>",
    )
    page.evaluate("setInterval(fieldSync.soon, 50)")
    for number, note in enumerate(notes, start=1):
        page.goto(f"/field#/bring/{note}")
        take(page, picture)
        page.get_by_label("Taken by").fill(f"Asha {number}")
        sign(page)
        record(page)
        sent(page, number)
    all_photos_sent(page)

    assert line.cuts >= 8
    assert market.rows("SELECT state, receiver FROM delivery ORDER BY id") == [
        ("delivered", f"Asha {number}") for number in range(1, 5)
    ]
    assert market.rows("SELECT count(*), count(DISTINCT delivery_id) FROM delivery_photo") == [
        (4, 4)
    ]
    assert market.rows("SELECT count(*) FROM field_entry WHERE kind = 'brought'") == [(4,)]
    assert market.broken() == set()


def test_two_windows_keep_what_became_of_a_note_once(driver: Open, market: Market) -> None:
    note = on_the_way(market)
    page = driver()
    other = page.context.new_page()
    other.goto(f"/field#/bring/{note}")
    expect(other.get_by_label("Taken by")).to_be_visible()
    page.context.set_offline(True)
    bring(page, note)

    other.get_by_label("Taken by").fill("Somebody else")
    record(other)
    expect(other.get_by_role("status").first).to_contain_text("It is said already")
    assert states(page) == ["waiting"]
    page.context.set_offline(False)

    sent(page, 1)
    assert market.rows("SELECT receiver FROM delivery") == [("Asha",)]


def test_a_wrong_word_stays_with_its_reason_and_is_mended_with_its_photo(
    driver: Open, market: Market, tmp_path: Path
) -> None:
    note = on_the_way(market)
    word = str(market.newest_notice().data.reasons[0].params["word"])
    page = driver()
    picture = draw_photo(page, tmp_path / "goods.jpg", width=400, height=300)
    page.context.set_offline(True)
    page.goto(f"/field#/bring/{note}")
    take(page, picture)
    page.get_by_label("Word of the shop").fill(f"{word}0")
    page.get_by_label("Taken by").fill("Asha")
    record(page)
    expect(page.get_by_role("status").first).to_contain_text("Kept on this phone")
    page.context.set_offline(False)

    page.goto("/field#/queue")
    refused = page.locator("article.refused")
    expect(refused).to_contain_text("Second Shop")
    expect(refused.locator("p.bad")).not_to_be_empty()
    assert photos(page) == ["waiting"]
    refused.get_by_role("button", name="Change it and send again").click()
    page.get_by_label("Word of the shop").fill(word)
    record(page)

    sent(page, 1)
    all_photos_sent(page)
    assert market.rows("SELECT state, word_given FROM delivery") == [("delivered", 1)]
    assert market.rows("SELECT width FROM delivery_photo") == [(400,)]
    assert states(page) == ["done"]


def test_what_came_back_is_counted_in_whole_numbers_with_the_digits_of_any_language(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    page = driver()
    page.goto(f"/field#/bring/{note}")
    page.get_by_label("Taken by").fill("Asha")
    page.get_by_text("10 of 10 taken").click()
    back = page.get_by_label("Back", exact=True).first
    back.fill("two")
    expect(page.get_by_text("NaN")).to_have_count(0)
    page.get_by_label("Why not?").first.select_option("refused")
    record(page)
    expect(page.get_by_role("alert").filter(has_text="whole numbers only")).to_be_visible()
    back.fill("\N{DEVANAGARI DIGIT TWO}")
    expect(page.get_by_text("8 of 10 taken")).to_be_visible()
    record(page)

    sent(page, 1)
    assert market.rows("SELECT sum(back), sum(delivered) FROM delivery_line") == [(2, 15)]
    page.goto("/field#/queue")
    expect(page.get_by_role("link", name="Proof of delivery")).to_be_visible()


def test_a_full_phone_says_at_once_that_it_keeps_nothing_of_what_is_typed(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    page = driver()
    page.goto(f"/field#/bring/{note}")
    expect(page.get_by_label("Taken by")).to_be_visible()
    page.evaluate(
        """() => {
          const {put} = IDBObjectStore.prototype;
          const full = new DOMException("full", "QuotaExceededError");
          IDBObjectStore.prototype.put = () => { throw full; };
          window.makeRoom = () => { IDBObjectStore.prototype.put = put; };
        }"""
    )

    page.get_by_label("Taken by").fill("Asha")

    expect(page.get_by_role("status").first).to_contain_text("the phone has no room for it")
    with page.expect_response("**/field/snapshot*"):  # nor of what the hub tells meanwhile
        page.evaluate("fieldSync.soon()")
    page.evaluate("fieldStore.all().then(() => true)")
    page.evaluate("makeRoom()")
    sign(page)
    record(page)
    expect(page.get_by_role("status").first).to_contain_text("Kept on this phone")
    sent(page, 1)
    assert market.rows("SELECT receiver FROM delivery") == [("Asha",)]


def test_what_was_typed_of_a_note_that_the_desk_closed_goes_from_the_phone_some_days_later(
    driver: Open, market: Market, tmp_path: Path
) -> None:
    note = on_the_way(market)
    page = driver()
    picture = draw_photo(page, tmp_path / "goods.jpg", width=400, height=300)
    page.goto(f"/field#/bring/{note}")
    take(page, picture)
    page.get_by_label("Taken by").fill("Asha")
    recorded(market, note, AskedOutcome(receiver="Meena"))
    page.goto("/field#/bringing")
    page.reload()
    expect(page.locator("main")).to_contain_text("Nothing is on its way")
    assert photos(page) == ["draft"]

    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=4))
    page.evaluate("fieldSync.soon()")

    page.evaluate(
        """async (draft) => {
          for (let turn = 0; turn < 500; turn += 1) {
            const [kept, photos] = [await fieldStore.kept(draft), await fieldStore.photos()];
            if (!kept && !photos.length) return;
            await new Promise((go) => setTimeout(go, 20));
          }
          throw new Error("they stay on the phone");
        }""",
        f"bring:{note}",
    )


def test_what_the_desk_said_otherwise_meanwhile_is_told_and_not_passed_over(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    page = driver()
    page.context.set_offline(True)
    bring(page, note)
    recorded(market, note, AskedOutcome(receiver="Meena"))
    page.context.set_offline(False)

    page.goto("/field#/queue")

    expect(page.locator("article.refused p.bad")).to_contain_text("has moved on")
    assert market.rows("SELECT receiver FROM delivery") == [("Meena",)]


def test_a_closed_shop_is_tried_again_on_the_day_that_the_driver_says(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    page = driver()
    page.context.set_offline(True)
    page.goto(f"/field#/bring/{note}")
    page.get_by_label("What became of it").select_option("closed_shop")
    expect(page.get_by_label("Taken by")).to_be_hidden()
    page.get_by_label("Bring it again on").fill("2026-11-23")
    record(page)
    page.context.set_offline(False)

    sent(page, 1)
    assert market.rows("SELECT state, redeliver FROM delivery") == [("closed_shop", "2026-11-23")]
    assert market.rows("SELECT status FROM order_") == [("allocated",)]


def test_the_moment_of_the_signature_counts_and_not_that_of_the_upload(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    page = driver()
    page.clock.set_fixed_time(datetime.fromtimestamp(NOON / 1_000, UTC))
    page.context.set_offline(True)
    page.goto(f"/field#/bring/{note}")
    bring(page, note)
    market.clock.ms += 30 * 60_000  # the network came back on the way home
    page.clock.set_fixed_time(datetime.fromtimestamp(market.clock.ms / 1_000, UTC))
    page.context.set_offline(False)

    sent(page, 1)
    assert market.rows("SELECT closed_at FROM delivery") == [(NOON,)]


def test_who_brings_goods_sees_no_outlet_and_who_visits_sees_no_note(
    driver: Open, phone: Open, market: Market
) -> None:
    on_the_way(market)
    page, rep = driver(), phone()

    mine = page.evaluate("fieldStore.kept('snapshot')")
    theirs = rep.evaluate("fieldStore.kept('snapshot')")

    assert [one["customer"] for one in mine["notes"]] == ["Second Shop"]
    assert (mine["outlets"], mine["products"], mine["walks"]) == ([], [], False)
    assert (theirs["notes"], theirs["walks"]) == ([], True)
    for opened, links in ((page, 0), (rep, 1)):
        expect(opened.locator("nav").get_by_role("link", name="All outlets")).to_have_count(links)
    assert market.rows("SELECT count(*) FROM visit") == [(0,)]


@pytest.mark.parametrize(("locale", "dark"), [("en-US", False), ("hi-IN", True)])
def test_each_view_is_read_by_everybody_on_a_narrow_screen(
    driver: Open, market: Market, locale: str, *, dark: bool
) -> None:
    note = on_the_way(market)
    page = driver(locale, dark=dark)
    page.set_viewport_size({"width": NARROW.width, "height": NARROW.height})
    found = []

    page.context.set_offline(True)
    for view in ("#/bringing", f"#/bring/{note}"):
        page.goto(f"/field{view}")
        expect(page.locator("h1")).to_be_visible()
        for line in page.locator("details summary").all():
            line.click()
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view

    assert found == []


def test_what_a_shop_did_not_get_is_ordered_again_once_by_who_brought_it(
    driver: Open, market: Market
) -> None:
    note = on_the_way(market)
    before = market.rows("SELECT count(*) FROM order_")[0][0]
    page = driver()
    line = BadLine(page, "**/field/entries", status=200, body="sign in at the hotel")
    page.goto(f"/field#/bring/{note}")
    expect(page.get_by_label("What was not delivered")).to_be_hidden()
    page.get_by_text("10 of 10 taken").click()
    page.get_by_label("Back", exact=True).first.fill("2")
    page.get_by_label("Why not?").first.select_option("damaged")
    page.get_by_label("What was not delivered").select_option("again")
    page.get_by_label("Taken by").fill("Asha")
    sign(page)
    record(page)
    sent(page, 1)

    page.goto("/field#/queue")

    number, quantity = market.rows(
        "SELECT o.number, l.quantity FROM order_ o JOIN order_line l ON l.order_id = o.id "
        "WHERE o.source = 'staff'"
    )[0]
    assert line.cuts > 1
    assert market.rows("SELECT count(*) FROM order_")[0][0] == before + 1
    assert quantity == 2
    expect(page.get_by_text(f"ordered again: {number}")).to_be_visible()


def test_a_photo_above_what_is_kept_of_a_note_is_said_at_once(
    driver: Open, market: Market, tmp_path: Path
) -> None:
    note = on_the_way(market)
    market.change(
        "INSERT INTO delivery_photo VALUES (:n, 1, :d, 9, 9, 9, 'ravi', 1)", n=note, d="0" * 64
    )
    page = driver()
    picture = draw_photo(page, tmp_path / "goods.jpg", width=40, height=30)
    page.context.set_offline(True)
    page.goto(f"/field#/bring/{note}")
    for _ in range(5):
        take(page, picture)

    said = page.get_by_text("There are as many photos of this already")
    expect(said).to_be_visible()
    expect(page.get_by_label("Photo", exact=True)).to_be_disabled()
    assert page.evaluate(ONE_MORE, f"bring:{note}") == "photo_many"
    expect(page.locator(".photos canvas")).to_have_count(5)
    page.get_by_role("button", name="Remove the photo").first.click()
    expect(said).to_be_hidden()
    expect(page.get_by_label("Photo", exact=True)).to_be_enabled()
