"""What a rep sees on the way, in a real Chromium: notes, photos, outlets; the line cut between."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from hub.base.access import EVERYTHING
from hub.desk.field.model.surveys import SurveyFields, read_survey_fields
from tests.builders.accessible import barriers
from tests.builders.field_team import REP, field_of
from tests.builders.market import Market
from tests.builders.phones import (  # noqa: F401 -- fixtures
    Open,
    open_phones,
    open_phones_market,
    sent,
    serve_market,
    states,
)

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.xdist_group("work in chromium")]
DRAW_PHOTO = """async ([width, height, kind]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const brush = canvas.getContext("2d");
  for (let x = 0; x < width; x += 16) {
    for (let y = 0; y < height; y += 16) {
      brush.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 80% 50%)`;
      brush.fillRect(x, y, 16, 16);
    }
  }
  const blob = await new Promise((give) => canvas.toBlob(give, kind, 0.95));
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""


def draw_photo(page: Page, path: Path, *, width: int = 3000, height: int = 2000) -> Path:
    """Draw a picture as a camera would give it, and keep it as a file."""
    kind = "image/png" if path.suffix == ".png" else "image/jpeg"
    path.write_bytes(bytes(page.evaluate(DRAW_PHOTO, [width, height, kind])))
    return path


def take(page: Page, path: Path) -> None:
    """Take a photo at the form that is open, and wait until the phone has it."""
    count = page.locator(".photos canvas").count()
    page.get_by_label("Photo", exact=True).set_input_files(path)
    expect(page.locator(".photos canvas")).to_have_count(count + 1)


def photos(page: Page) -> list[str]:
    """Give the states of all photos that the phone keeps."""
    found: list[str] = page.evaluate(
        "fieldStore.photos().then((rows) => rows.map((row) => row.state))"
    )
    return found


def all_photos_sent(page: Page) -> None:
    """Wait until the hub has every photo that the phone keeps."""
    page.evaluate(
        """async () => {
          for (let turn = 0; turn < 1000; turn += 1) {
            if ((await fieldStore.photos()).length === 0) return;
            await new Promise((go) => setTimeout(go, 20));
          }
          throw new Error("they do not reach the hub");
        }"""
    )


def note(page: Page, text: str, *, about: str = "note") -> None:
    """Fill in a note at the outlet that is open."""
    page.get_by_role("link", name="Note", exact=True).click()
    page.get_by_label("Note").select_option(about)
    page.get_by_label("What was said or seen").fill(text)


def keep(page: Page) -> None:
    """Keep the form that is open, and wait until it is left."""
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)


def test_what_was_seen_without_a_line_reaches_the_hub_with_its_photos(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg")
    page.context.set_offline(True)
    page.goto("/field#/outlet/C2")
    page.get_by_role("button", name="Check in").click()
    note(page, "soap smells of fish", about="complaint")
    take(page, picture)
    page.reload()  # the camera ended the page
    expect(page.get_by_label("What was said or seen")).to_have_value("soap smells of fish")
    expect(page.locator(".photos canvas")).to_have_count(1)
    page.get_by_label("By which day").fill("2026-11-25")
    keep(page)

    page.get_by_role("link", name="Note", exact=True).click()
    page.get_by_label("Note").select_option("stock_seen")
    page.get_by_role("searchbox").fill("8901234567894")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_label("Quantity: Tea").fill("7")
    page.get_by_label("Quantity: Tea").press("Tab")
    keep(page)
    note(page, "Leaf tea 250 g", about="competitor_price")
    page.get_by_label("Price").fill("1,234.50")
    keep(page)
    expect(page.locator("main")).to_contain_text("Photos to send: 1")
    page.context.set_offline(False)

    sent(page, 4)
    all_photos_sent(page)
    assert market.rows("SELECT about, text, price FROM interaction ORDER BY at") == [
        ("complaint", "soap smells of fish", None),
        ("stock_seen", "", None),
        ("competitor_price", "Leaf tea 250 g", 123_450),
    ]
    assert market.rows("SELECT pieces FROM shelf_seen") == [(7,)]
    ((width, height, size),) = market.rows("SELECT width, height, bytes FROM field_photo")
    assert (width, height) == (1600, 1067)
    assert size <= 450_000
    assert market.broken() == set()


def test_a_photo_whose_upload_is_cut_arrives_once_and_keeps_no_entry_back(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.png", width=800, height=1200)
    turns = 0

    def cut(route: Route) -> None:
        """Lose the photo on its way, then the answer, then have a proxy speak; then none."""
        nonlocal turns
        turns += 1
        turn = turns  # another question may come while this one is answered
        if turn == 2:
            route.fetch()
        if turn <= 2:
            route.abort("connectionreset")
        elif turn == 3:
            route.fulfill(status=200, body="<html>pay for this line</html>")
        else:
            route.continue_()

    page.context.route("**/field/photos/*", cut)
    page.evaluate("setInterval(fieldSync.soon, 50)")
    page.goto("/field#/outlet/C2")
    note(page, "see the photo")
    take(page, picture)
    keep(page)
    sent(page, 1)  # the entry is there while its photo is not
    page.goto("/field#/outlet/C1")
    note(page, "another")
    keep(page)
    sent(page, 2)
    all_photos_sent(page)

    assert turns == 4
    assert market.rows("SELECT width, height FROM field_photo") == [(800, 1200)]
    files = [*(tmp_path / "files" / "photos").rglob("*.jpg")]
    assert len(files) == 1


def test_a_photo_goes_on_from_where_its_line_was_cut(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg")
    starts: list[int] = []

    def cut(route: Route) -> None:
        """Lose the answer to the third part, once."""
        starts.append(int(parse_qs(urlsplit(route.request.url).query)["start"][0]))
        if len(starts) == 3:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/field/photos/*", cut)
    page.evaluate("setInterval(fieldSync.soon, 50)")
    page.goto("/field#/outlet/C2")
    note(page, "see the photo")
    take(page, picture)
    keep(page)
    all_photos_sent(page)

    ((size,),) = market.rows("SELECT bytes FROM field_photo")
    assert starts[:2] == [0, 32_000]
    assert (
        starts[2] == starts[3]
    )  # the part whose answer was lost goes twice, none from the beginning
    assert starts == sorted(starts)
    assert starts[-1] < size


def test_what_is_no_photo_or_far_too_large_is_refused_with_words_and_holds_nothing_back(
    phone: Open, market: Market, tmp_path: Path
) -> None:
    page = phone()
    (tmp_path / "huge.jpg").write_bytes(b"\xff\xd8" + bytes(40_000_000))
    (tmp_path / "letter.jpg").write_text("no picture at all")
    page.goto("/field#/outlet/C2")
    note(page, "shelf is full")
    for name, said in (("huge.jpg", "too large"), ("letter.jpg", "no photo")):
        page.get_by_label("Photo", exact=True).set_input_files(tmp_path / name)
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    keep(page)
    page.evaluate(  # and one that the hub alone finds out
        "fieldStore.all().then(([row]) => fieldStore.addPhoto({entry: row.id, at: Date.now(),"
        " blob: new Blob(['no picture'], {type: 'image/jpeg'})})).then(() => fieldSync.soon())"
    )
    sent(page, 1)

    page.goto("/field#/queue")
    refused = page.locator("article.refused")
    expect(refused).to_contain_text("no photo that the hub can keep")
    page.on("dialog", lambda dialog: dialog.accept())
    refused.get_by_role("button", name="Discard").click()
    expect(refused).to_have_count(0)
    assert photos(page) == []
    assert market.rows("SELECT count(*) FROM field_photo") == [(0,)]


def test_a_phone_without_room_says_so_before_a_photo_is_taken_and_still_keeps_notes(
    phone: Open, tmp_path: Path, market: Market
) -> None:
    page = phone()
    picture = draw_photo(page, tmp_path / "shelf.jpg", width=400, height=300)
    page.add_init_script(
        "navigator.storage.estimate = async () => ({quota: 50_000_000, usage: 40_000_000})"
    )
    page.goto("/field#/outlet/C2")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("little room left")

    note(page, "kept all the same")
    page.get_by_label("Photo", exact=True).set_input_files(picture)
    expect(page.get_by_role("alert").filter(has_text="little room left")).to_be_visible()
    keep(page)

    sent(page, 1)
    assert photos(page) == []
    assert market.rows("SELECT text FROM interaction") == [("kept all the same",)]


def test_a_new_outlet_is_visited_and_orders_before_the_hub_has_heard_of_it(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.get_by_role("link", name="New outlet").click()
    page.get_by_label("Name").fill("Second Shopp")  # like one that is there
    page.get_by_label("Phone").fill("98450 12345")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_contain_text("Second Shop")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="Second Shopp")).to_be_visible()
    expect(page.locator("main")).to_contain_text("a second person lets it pass")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("button", name="Check out")).to_be_visible()
    page.evaluate(
        "fieldStore.add({kind: 'ordered', outlet: location.hash.split('/')[2], payment: 'cash',"
        " visit: null, lines: [{sku: 'SOAP', quantity: 2, unit: null}]})"
    )
    page.context.set_offline(False)

    page.goto("/field#/queue")
    refused = page.locator("article.refused")
    expect(refused).to_contain_text("Second Shop")
    assert states(page) == ["refused", "waiting", "waiting"]  # they wait for their outlet
    refused.get_by_role("button", name="It is another: send it").click()

    sent(page, 3)
    ((code,),) = market.rows("SELECT code FROM party WHERE name = 'Second Shopp'")
    assert market.rows(
        "SELECT p.code, p.credit_state FROM visit v JOIN party p ON p.id = v.party_id"
    ) == [(code, "cash_only")]
    assert market.rows("SELECT kind, asked_by, state FROM party_request") == [("new", REP, "open")]
    assert market.rows("SELECT count(*) FROM order_ WHERE source = 'field'") == [(1,)]
    assert market.broken() == set()


def test_what_was_kept_for_an_outlet_that_is_there_already_goes_to_that_one(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.evaluate(
        """async () => {
          const id = await fieldStore.add({kind: "outlet_added", anyway: false,
            fields: {name: "Second Shop", place: "12.971600, 77.594600"}});
          await fieldStore.add({kind: "noted", about: "note", text: "wants soap", visit: null,
            outlet: fieldStore.codeOfNew(id)});
        }"""
    )
    page.context.set_offline(False)
    page.goto("/field#/queue")
    page.get_by_role("button", name="It is Second Shop").click()

    sent(page, 1)
    assert market.rows("SELECT p.code FROM interaction i JOIN party p ON p.id = i.party_id") == [
        ("C2",)
    ]
    assert market.rows("SELECT count(*) FROM party WHERE name = 'Second Shop'") == [(1,)]


def test_what_was_typed_for_a_known_outlet_goes_to_that_one(phone: Open, tmp_path: Path) -> None:
    page = phone()
    page.context.set_offline(True)
    code = page.evaluate(
        """async () => {
          const fields = {name: "Second Shop", place: "12.971600, 77.594600"};
          const code = fieldStore.codeOfNew(
            await fieldStore.add({kind: "outlet_added", anyway: false, fields}));
          const lines = (...all) => ({lines: all.map(([sku, quantity]) => ({sku, quantity}))});
          await fieldStore.keep("draft:C2", lines(["SOAP", 3]));
          await fieldStore.keep("draft:" + code, lines(["TEA", 2], ["SOAP", 1]));
          return code;
        }"""
    )
    page.goto(f"/field#/note/{code}")
    page.get_by_label("What was said or seen").fill("wants more soap")
    take(page, draw_photo(page, tmp_path / "shelf.jpg"))
    page.context.set_offline(False)
    page.goto("/field#/queue")

    page.get_by_role("button", name="It is Second Shop").click()
    expect(page.get_by_role("heading", name="Second Shop")).to_be_visible()
    page.goto("/field#/order/C2")

    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("spinbutton", name="Soap")).to_have_value("3")
    page.goto("/field#/note/C2")
    expect(page.get_by_label("What was said or seen")).to_have_value("wants more soap")
    expect(page.locator(".photos canvas")).to_have_count(1)


def test_facts_of_an_outlet_are_changed_and_its_place_waits_for_a_second_person(
    phone: Open, market: Market
) -> None:
    page = phone()
    page.context.set_geolocation({"latitude": 12.99, "longitude": 77.60, "accuracy": 10})
    page.context.set_offline(True)
    page.goto("/field#/outlet/C2")
    page.get_by_role("link", name="Change facts").click()
    page.get_by_label("Phone").fill("9845012345")
    page.get_by_label("Opening hours").fill("9-13, 16-21")
    page.get_by_label("I am at the outlet now").check()
    keep(page)
    expect(page.locator("main")).to_contain_text("9-13, 16-21")
    page.context.set_offline(False)

    sent(page, 1)
    expect(page.locator("article")).to_contain_text("Waits for a second person")
    assert market.rows("SELECT phone, hours, latitude FROM customer_profile WHERE phone > ''") == [
        ("+919845012345", "9-13, 16-21", 12_971_600)
    ]
    assert market.rows("SELECT kind, state FROM party_request") == [("change", "open")]


def test_a_task_is_done_and_a_visit_is_missed_without_a_line(phone: Open, market: Market) -> None:
    page = phone()
    page.goto("/field#/outlet/C2")
    note(page, "broken seal", about="complaint")
    keep(page)
    sent(page, 1)
    page.goto("/field#/")
    page.get_by_role("button", name="Begin the day").click()
    sent(page, 2)
    task = page.get_by_role("link").filter(has_text="broken seal")
    expect(task).to_be_visible()
    page.context.set_offline(True)

    task.click()
    page.get_by_label("What was done?").fill("gave another piece")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link").filter(has_text="broken seal")).to_have_count(0)
    page.get_by_role("link", name="2. First Shop").click()
    page.get_by_role("link", name="Not visited").click()
    page.get_by_label("Why not?").select_option("weather")
    keep(page)
    page.goto("/field#/")
    expect(page.get_by_role("link").filter(has_text="First Shop")).to_contain_text("weather")
    page.context.set_offline(False)

    sent(page, 4)
    assert market.rows("SELECT done_at IS NOT NULL FROM interaction") in ([(1,)], [(True,)])
    assert market.rows("SELECT reason FROM visit_missed") == [("weather",)]


def test_a_page_whose_storage_is_cleared_says_so_and_goes_on(phone: Open) -> None:
    page = phone()
    devtools = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")

    devtools.send(
        "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb,local_storage"}
    )
    page.goto("/field#/all")
    page.goto("/field#/queue")

    expect(page.get_by_role("status")).to_contain_text("was cleared")
    page.evaluate("fieldStore.add({kind: 'day_begun', place: {}}).then(fieldSync.soon)")
    sent(page, 1)
    page.goto("/field#/all")
    expect(page.locator("a.card").first).to_be_visible()


@pytest.mark.parametrize("view", ["outlet", "order", "collect", "note", "edit", "missed"])
def test_an_outlet_that_the_phone_does_not_know_is_said(phone: Open, view: str) -> None:
    page = phone()

    page.goto(f"/field#/{view}/NOPE")

    expect(page.locator("main")).to_contain_text("This phone knows no such outlet")


def test_a_survey_is_answered_without_a_line_and_goes_on_after_the_page_was_closed(
    phone: Open, market: Market
) -> None:
    texts = {"code": "SHELF", "title": "Shelf", "title_hi": "शेल्फ़", "from_day": "2026-11-01"}
    questions = "choice | Is it full? | क्या भरी है? | Yes=हाँ; No=नहीं\nnumber | How many? | कितने?"
    fields = read_survey_fields({**texts, "questions": questions})
    assert isinstance(fields, SurveyFields)
    field_of(market).surveys.add(fields, by="asha", scope=EVERYTHING)
    page = phone(locale="hi-IN")
    page.context.set_offline(True)
    page.goto("/field#/outlet/C2")
    page.get_by_role("link", name="शेल्फ़").click()
    page.get_by_label("क्या भरी है?").select_option("हाँ")
    page.reload()  # the owner was called away, and the phone slept
    expect(page.get_by_label("क्या भरी है?")).to_have_value("a")
    page.get_by_role("button", name="सहेजें").click()
    expect(page.get_by_label("कितने?")).to_be_focused()  # which nobody has answered
    page.get_by_label("कितने?").fill("3")
    page.get_by_role("button", name="सहेजें").click()
    expect(page.get_by_role("link", name="शेल्फ़")).to_be_visible()
    page.context.set_offline(False)

    sent(page, 1)
    assert market.rows("SELECT question, answer FROM survey_answer ORDER BY question") == [
        ("q1", "a"),
        ("q2", "3"),
    ]


VIEWS = (
    "/",
    "/all",
    "/new",
    "/leave",
    "/begin",
    "/queue",
    "/outlet/C2",
    "/note/C2",
    "/edit/C2",
    "/missed/C2",
    "/order/C2",
    "/return/C2",
    "/notices",
    "/deciding",
)
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((one) => one.checkVisibility() && !one.matches(".skip, label *"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height < 44 || box.width < 44)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width} by ${box.height}`)"""


@pytest.mark.parametrize("locale", ["en-US", "hi-IN"])
def test_every_view_has_large_targets_and_no_barrier(phone: Open, locale: str) -> None:
    page = phone(locale=locale)
    found = {}

    for view in VIEWS:
        page.goto(f"/field#{view}")
        expect(page.locator("main h1")).to_be_visible()
        if view == "/note/C2":
            for about in ("complaint", "stock_seen", "competitor_price"):
                page.locator("main select").first.select_option(about)
                found[f"{view} {about}"] = [*page.evaluate(SMALL), *barriers(page)]
        found[view] = [*page.evaluate(SMALL), *barriers(page)]
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found[view] += [] if fits else ["wider than the phone"]

    assert {view: faults for view, faults in found.items() if faults} == {}
