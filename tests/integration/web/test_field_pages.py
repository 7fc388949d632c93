"""The field by page and by phone: uploads taken one by one, others' rows, beats and the team."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.base.fields import Change
from hub.desk.field.acts import AT_ONCE, FieldActs
from hub.desk.field.model.beats import Journey, read_plan, write_plan
from hub.desk.products.acts import ProductActs
from tests.builders.delivered import BY, picked, sent
from tests.builders.field_team import AT_C2, REP, entry, field_of, rows_of, send_rep
from tests.builders.hub_records import PASSWORD, Shelves, SteppedClock
from tests.builders.market import NOON, Market
from tests.builders.peopled_market import open_peopled
from tests.fixtures.browser import Role, Site
from tests.integration.web.test_customer_pages import fields, words

SignIn = Callable[[Role], TestClient]


@pytest.fixture(name="market")
def open_rep_market(sqlite_market: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a hub with a user of each role, and a rep on a beat."""
    with open_peopled(sqlite_market, tmp_path) as opened:
        send_rep(opened)
        yield opened


@pytest.fixture(name="site")
def serve_rep_market(market: Market) -> Site:
    """Serve the market's hub."""
    return Site(market.hub, SteppedClock(NOON), Shelves(market.database))


@pytest.fixture(name="phone")
def sign_in_rep(client: TestClient) -> TestClient:
    """Give a client that is signed in as the rep."""
    assert client.post("/sign-in", data={"name": REP, "password": PASSWORD}).status_code == 303
    return client


def upload(phone: TestClient, *entries: dict[str, Any], user: str = REP) -> list[dict[str, Any]]:
    """Send entries as the phone does, and give what was answered to each."""
    body = {"user": user, "sent_at": NOON, "entries": list(entries)}
    answer = phone.post("/field/entries", json=body)
    assert answer.status_code == 200
    answers: list[dict[str, Any]] = answer.json()["answers"]
    return answers


def test_a_day_s_work_is_kept_once_and_each_entry_is_answered_by_itself(
    phone: TestClient, market: Market
) -> None:
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    ordered = entry(
        "ordered", outlet="C2", visit=begun["id"], lines=[{"sku": "TEA", "quantity": 2}]
    )
    paid = entry(
        "collected", outlet="C2", visit=begun["id"], fields={"amount": "50.00", "mode": "cash"}
    )
    spoilt = {**entry("noted", outlet="C2"), "text": 7}
    foreign = entry("ordered", outlet="C4", lines=[{"sku": "TEA", "quantity": 1}])
    work = (begun, ordered, spoilt, foreign, paid)

    first, second = upload(phone, *work), upload(phone, *work)

    assert [one["state"] for one in first] == ["kept", "kept", "refused", "refused", "kept"]
    assert first[1]["status"] == "allocated"
    assert first[1]["total"] == "₹220.00"
    assert "$.text" in first[2]["words"] or "$.about" in first[2]["words"]
    assert first[3]["words"]
    assert [one.get("again") for one in second] == [True, True, None, None, True]
    assert market.rows("SELECT source, requester, status FROM order_") == [
        ("field", REP, "allocated")
    ]
    assert market.rows("SELECT amount, collector FROM payment") == [(5_000, REP)]
    assert market.broken() == set()


def test_an_order_that_the_rules_reject_is_kept_and_says_why(
    phone: TestClient, market: Market
) -> None:
    (told,) = upload(phone, entry("ordered", outlet="C3", lines=[{"sku": "TEA", "quantity": 1}]))

    assert (told["state"], told["status"]) == ("kept", "rejected")
    assert told["words"]
    assert market.rows("SELECT status FROM order_") == [("rejected",)]


@pytest.mark.parametrize(
    ("line", "status", "why"),
    [
        ({"sku": "TEA", "quantity": 1, "unit": "BOX"}, "rejected", "Tea is not sold by BOX"),
        ({"sku": "NOPE", "quantity": 1}, "rejected", "product NOPE is not in the catalogue"),
        ({"sku": "HONEY", "quantity": 80}, "allocated", "50 of 80 Honey in stock"),
    ],
)
def test_a_rep_is_told_which_line_is_otherwise_than_asked(
    phone: TestClient, line: dict[str, Any], status: str, why: str
) -> None:
    (told,) = upload(phone, entry("ordered", outlet="C2", payment="cash", lines=[line]))

    assert told["status"] == status
    assert why in told["words"]


def test_another_person_s_entries_are_not_taken(phone: TestClient, market: Market) -> None:
    body = {"user": "sita", "sent_at": NOON, "entries": [entry("day_begun")]}

    answer = phone.post("/field/entries", json=body)

    assert (answer.status_code, answer.json()) == (409, {"user": REP})
    assert market.rows("SELECT count(*) FROM field_entry") == [(0,)]


def test_a_phone_comes_again_where_others_are_being_taken(
    phone: TestClient, market: Market
) -> None:
    acts = replace(field_of(market), patience_s=0.2)
    market.hub.ground.acts[FieldActs] = acts
    for _ in range(AT_ONCE):
        asyncio.run(acts.turns.acquire())
    body = {"user": REP, "sent_at": NOON, "entries": [entry("day_begun")]}

    busy = phone.post("/field/entries", json=body)
    acts.turns.release()
    taken = phone.post("/field/entries", json=body)

    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
    assert taken.json()["answers"][0]["state"] == "kept"


def test_money_that_the_hub_has_is_kept_though_the_outlet_was_handed_over_meanwhile(
    phone: TestClient, market: Market
) -> None:
    fields = {"amount": "50.00", "mode": "cash"}
    lost = entry("collected", outlet="C2", fields=fields)
    assert upload(phone, lost)[0]["state"] == "kept"
    market.change("DELETE FROM party_mapping")

    again, later = upload(phone, lost, entry("collected", outlet="C2", fields=fields))

    assert (again["state"], again["again"]) == ("kept", True)
    assert (later["state"], later["code"]) == ("refused", "outlet_unknown")
    assert market.rows("SELECT count(*) FROM payment") == [(1,)]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"user": "ravi", "sent_at": "now", "entries": []}',
        b'{"user": "ravi", "sent_at": 1, "entries": [7]}',
        b'{"user": "ravi", "sent_at": 1, "entries": [{"a": ' + b"[" * 5_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_upload_is_refused_with_where(phone: TestClient, body: bytes) -> None:
    answer = phone.post("/field/entries", content=body)

    assert answer.status_code == 400
    assert answer.json()["text"]


def test_the_snapshot_has_own_outlets_alone_and_comes_once(phone: TestClient) -> None:
    first = phone.get("/field/snapshot")
    again = phone.get("/field/snapshot", headers={"If-None-Match": first.headers["etag"]})

    told = first.json()
    assert {one["code"] for one in rows_of(told, "outlets")} == {"C1", "C2", "C3"}
    assert ["TEA", "Tea", "PCS", "CASE=12"] in [one[:4] for one in rows_of(told, "products")]
    assert (again.status_code, again.content) == (304, b"")


def test_a_rep_s_own_day_stands_first_at_the_bottom_of_the_phone(
    phone: TestClient, sign_in: SignIn
) -> None:
    def bottom(page: str) -> list[str]:
        (nav,) = re.findall(r'<nav class="ow-bottom".*?</nav>', page, re.DOTALL)
        return re.findall(r'<a href="([^"]*)"', nav)

    of_rep = bottom(phone.get("/orders").text)
    phone.cookies.clear()
    of_manager = bottom(sign_in("manager").get("/orders").text)

    assert of_rep == ["/", "/field", "/orders", "/deliveries"]
    assert of_manager == ["/", "/orders", "/approvals", "/customers"]


def test_a_price_is_told_and_nothing_is_kept(phone: TestClient, market: Market) -> None:
    asked = entry("ordered", outlet="C2", lines=[{"sku": "TEA", "quantity": 1, "unit": "CASE"}])

    told = phone.post("/field/price", json=asked)
    unknown = phone.post("/field/price", json={**asked, "outlet": "C4"})

    assert (told.status_code, told.json()["total"]) == (200, "₹1,320.00")
    assert (unknown.status_code, bool(unknown.json()["text"])) == (422, True)
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


def test_who_looks_on_sees_the_team_and_where_the_visits_were(
    phone: TestClient, sign_in: SignIn
) -> None:
    begun = entry("visit_begun", outlet="C2", place={**AT_C2, "latitude": 12_976_600})
    upload(phone, entry("day_begun"), begun)
    phone.cookies.clear()

    client = sign_in("manager")
    team = words(client.get("/field/team?first=2026-11-21&last=2026-11-21").text)
    visits = words(client.get("/field/visits?verdict=far").text)
    performance = client.get("/field/team?first=2026-11-30&last=2026-11-21").text

    assert "50.00" in team  # one of two planned
    assert "556 m away" in visits
    assert "A period ends no earlier than it begins" in words(performance)


def test_a_planner_says_which_days_are_worked_and_takes_a_day_back(sign_in: SignIn) -> None:
    client = sign_in("manager")
    holiday = {"day": "2026-11-24", "name": "Fair", "name_hi": "मेला", "mark": "off"}

    marked = client.post("/workdays/marks", data=holiday)
    late = client.post("/workdays/marks", data={**holiday, "day": "2026-11-03"})
    shown = words(client.get("/workdays").text)
    week = client.post(
        "/workdays/weeks", data={"from_day": "2026-12-01", "weekday_0": "1", "weekday_6": "1"}
    )
    nothing = client.post("/workdays/weeks", data={"from_day": "2026-12-01"})
    unsaid = words(client.get("/field/beats/B-1").text)
    six = {f"weekday_{one}": "1" for one in range(6)}
    client.post("/workdays/weeks", data={"from_day": "2026-11-21", **six})
    beat = words(client.get("/field/beats/B-1").text)
    dropped = client.post("/workdays/drop", data={"kind": "mark", "day": "2026-11-24"})
    after = words(client.get("/workdays").text)

    assert (marked.status_code, week.status_code, dropped.status_code) == (303, 303, 303)
    assert (late.status_code, nothing.status_code) == (422, 422)
    assert "3 Nov 2026 is over" in words(late.text)
    assert "Fair nobody works everywhere meena" in shown
    assert "Nov 24 " in shown  # of 25 days, one is the fair
    assert "Nobody works on" not in unsaid
    assert "Nobody works on Sun" in beat  # which the rep walks every day
    assert "Mon, Sun everywhere" in after
    assert "Nov 25 " in after
    assert "Holiday 2026-11-24 : Fair / मेला" in after


def test_phones_ask_for_a_photo_once_somebody_has_them_ask(
    phone: TestClient, sign_in: SignIn
) -> None:
    before = phone.get("/field/snapshot").json()
    upload(phone, entry("day_begun"))
    phone.cookies.clear()
    client = sign_in("manager")
    asked = client.post("/field/selfie", data={"asked": "1"})
    team = words(client.get("/field/team").text)
    client.cookies.clear()
    phone.post("/sign-in", data={"name": REP, "password": PASSWORD})

    assert (before["selfie"], before["rest"], before["unended"]) == (False, None, [])
    assert asked.status_code == 303
    assert "no photo" in team
    assert "1 of 6" in team  # days of the week from Monday to Saturday
    assert phone.get("/field/snapshot").json()["selfie"] is True


def test_a_planner_makes_a_beat_changes_it_and_sends_somebody(sign_in: SignIn) -> None:
    client = sign_in("manager")
    form = fields(client.get("/field/beats/new").text)

    wrong = client.post(
        "/field/beats/new",
        data={**form, "code": "B-2", "name": "Market", "outlets": "C1\nC9", "form_step": "send"},
    )
    made = client.post(
        "/field/beats/new",
        data={**form, "code": "B-2", "name": "Market", "outlets": "C1\nC4", "form_step": "send"},
    )
    walked = client.post(
        "/field/beats/B-2/journeys",
        data={
            "user": REP,
            "weekdays": ["0", "3"],
            "every_weeks": "2",
            "from_day": "2026-11-23",
            "classes": ["b", "none"],
        },
    )
    changed = client.post(
        "/customers/C4/change",
        data={
            **fields(client.get("/customers/C4/change").text),
            "outlet_class": "a",
            "form_step": "send",
        },
    )
    when = {"user": REP, "weekdays": "0", "from_day": "2026-11-23"}
    of_none = client.post("/field/beats/B-2/journeys", data={**when, "classes": "e"})
    nobody = client.post("/field/beats/B-2/journeys", data={"user": REP, "from_day": "2026-11-23"})
    shown = words(client.get("/field/beats/B-2").text)

    assert "C9" in words(wrong.text)
    assert (made.status_code, walked.status_code, nobody.status_code) == (303, 303, 422)
    assert "Mon, Thu" in shown
    assert "Choose among these classes of outlets: a, b, c, d, none." in words(of_none.text)
    assert "every 2 weeks; class: B, without a class" in shown
    assert changed.status_code == 303
    assert "1 outlet is of a class that nobody comes to: C4" in shown
    assert "Fourth Shop C4 · A" in shown
    assert f"1 outlet is not on the phone of {REP}, who is neither its rep nor its" in shown
    assert "C4" in words(client.get("/customers?outlet_class=a").text)
    assert "C4" not in words(client.get("/customers?outlet_class=b").text)
    current = re.findall(
        r'href="([^"]*)"[^>]* aria-current="page"', client.get("/field/beats").text
    )
    assert set(current) == {"/field/team"}  # not the rep's own day, which is another page


def test_who_brings_goods_records_what_became_of_them_and_visits_nobody(
    client: TestClient, market: Market
) -> None:
    Shelves(market.database).user("om", "warehouse")
    assert client.post("/sign-in", data={"name": "om", "password": PASSWORD}).status_code == 303
    (note,) = sent(market, market.place(("RICE", 5)).order).notes
    brought = entry("brought", delivery=note, receiver="Asha")
    short = {"line": 1, "back": 9, "reason": "refused"}

    visit = entry("visit_begun", outlet="C2", place=AT_C2)
    more = entry("brought", delivery=note, receiver="Asha", lines=[short])
    stranger = entry("brought", delivery=999, receiver="Asha")
    refused = upload(client, visit, more, stranger, user="om")
    kept = upload(client, brought, brought, user="om")
    otherwise = upload(client, {**brought, "receiver": "Meena"}, user="om")
    other = upload(client, entry("brought", delivery=note, receiver="Meena"), user="om")

    codes = ["entry_not_permitted", "delivery_more_back", "delivery_unknown"]
    assert [one["code"] for one in refused] == codes
    assert [(one["state"], one["paper"]) for one in kept] == [
        ("kept", f"/deliveries/{note}/proof.pdf")
    ] * 2
    assert [one["code"] for one in (*otherwise, *other)] == ["delivery_settled"] * 2
    assert client.get("/field/figures").status_code == 403
    assert market.rows("SELECT kind, document FROM field_entry") == [("brought", str(note))]
    assert market.broken() == set()


def test_a_driver_has_the_notes_of_the_own_trip_first_and_nothing_of_who_visits(
    client: TestClient, market: Market
) -> None:
    Shelves(market.database).user("om", "warehouse")
    wave = picked(market, *(market.place(("RICE", 2)).order for _ in range(3)))
    for note, driver in zip(wave.notes, ("Dev", "Om", "Eva"), strict=True):
        market.deliveries.dispatch((note,), vehicle="KA-01", driver=driver, by=BY, scope=EVERYTHING)
    assert client.post("/sign-in", data={"name": "om", "password": PASSWORD}).status_code == 303

    told = client.get("/field/snapshot").json()

    assert [one["driver"] for one in rows_of(told, "notes")] == ["Om", "Eva", "Dev"]
    of_visits = ("visits", "owners", "targets", "tasks", "surveys", "leaves")
    assert [told[name] for name in of_visits] == [[]] * len(of_visits)
    assert [name for name, marks in told["marks"].items() if marks] == ["notes"]
    assert (told["user"], told["walks"], told["rest"]) == ("om", False, None)


def test_a_rep_brings_nothing(phone: TestClient, market: Market) -> None:
    (note,) = sent(market, market.place(("RICE", 5)).order).notes

    (answer,) = upload(phone, entry("brought", delivery=note, receiver="Asha"))

    assert answer["code"] == "entry_not_permitted"
    assert phone.get("/field/snapshot").json()["marks"]["notes"] == []
    assert market.rows("SELECT state FROM delivery") == [("dispatched",)]


def test_what_a_phone_holds_of_a_snapshot_is_not_sent_again(phone: TestClient) -> None:
    whole = phone.get("/field/snapshot")
    held, marks = whole.json()["pieces"], whole.json()["marks"]
    upload(phone, entry("visit_begun", outlet="C2", place=AT_C2))

    told = phone.get("/field/snapshot", params={"held": "".join(held)}).json()
    sent_again = phone.get("/field/snapshot").json()

    assert (told["marks"], told["pieces"]) == (marks, {})
    assert (sent_again["marks"], sent_again["pieces"]) == (marks, held)
    assert [one["outlet"] for one in told["visits"]] == ["C2"]
    assert whole.headers["content-encoding"] == "gzip"


def test_a_phone_is_sent_the_neighbours_of_what_is_otherwise_and_no_whole_list(
    phone: TestClient, market: Market
) -> None:
    products = market.hub.ground.part(ProductActs).keep
    for number in range(200):
        products.add(f"P{number}", {"name": f"Product {number}"}, by="asha")
    before = phone.get("/field/snapshot").json()
    held = before["pieces"]
    products.change("P7", {"name": Change("Product 7", "Green tea")}, by="asha")
    products.change("P8", {"active": Change("yes", "no")}, by="asha")

    told = phone.get("/field/snapshot", params={"held": "".join(held)}).json()

    sent = [row[0] for rows in told["pieces"].values() for row in rows]
    now = {row[0]: row[1] for row in rows_of(told, "products", held)}
    was = {row[0]: row[1] for row in rows_of(before, "products")}
    assert was.pop("P8") == "Product 8"
    assert now == {**was, "P7": "Green tea"}
    assert {"P7"} < set(sent) < now.keys()
    assert len(told["pieces"]) <= 2 < len(before["marks"]["products"])


def test_an_entry_of_no_kind_at_all_keeps_no_other_back(phone: TestClient, market: Market) -> None:
    said = {"outlet": "C2", "text": "shut at noon"}
    kinds: tuple[Any, ...] = (["noted"], {}, 7)
    odd = [{**entry("noted", **said, about="note"), "kind": kind} for kind in kinds]
    half = entry("noted", **said, about="goods_back")

    answers = upload(phone, *odd, half, entry("noted", **said, about="note"))

    assert [one["state"] for one in answers] == [*["refused"] * 4, "kept"]
    assert {one["code"] for one in answers[:4]} == {"entry_wrong"}
    assert market.rows("SELECT text FROM interaction") == [("shut at noon",)]


def test_who_has_not_begun_the_day_is_on_the_team_s_page_of_today_all_the_same(
    phone: TestClient, sign_in: SignIn
) -> None:
    def today() -> str:
        page = sign_in("manager").get("/field/team").text
        return words(page[page.index('id="team-today"') : page.index("Plan and visits")])

    expected = today()
    phone.post("/sign-in", data={"name": REP, "password": PASSWORD})
    upload(phone, entry("visit_begun", outlet="C2", place=AT_C2))
    visited = today()

    assert f"{REP} not begun" in expected
    assert f"{REP} not begun 1" in visited
    assert "Second Shop" in visited
    assert "Second Shop" not in expected


def test_the_changes_of_a_beat_are_told_in_words(sign_in: SignIn, market: Market) -> None:
    walk = Journey(0, REP, 0, 0b1001, 2, date(2026, 11, 23), date(2026, 12, 31), ("a", "none"))
    field_of(market).plan.walk("B-1", walk, by="asha", scope=EVERYTHING)

    page = words(sign_in("manager").get("/field/beats/B-1").text)
    told = page[page.index("What was changed") :]

    assert read_plan(write_plan(walk)) == replace(walk, id=0)
    assert f"{REP} : Mon, Thu; every 2 weeks; " in told
    assert "From 23 Nov 2026, Until 31 Dec 2026" in told
    assert "/2" not in told


def test_a_manager_s_phone_says_how_much_waits_beyond_what_it_keeps(
    phone: TestClient, sign_in: SignIn
) -> None:
    days = [date(2026, 12, 1) + timedelta(days=one) for one in range(223)]
    for first in range(0, len(days), 40):
        upload(phone, *(entry("leave", day=one.isoformat()) for one in days[first : first + 40]))
    for number in range(24):
        upload(phone, entry("outlet_added", fields={"name": f"Shop number {number} of all"}))

    told = sign_in("manager").get("/field/snapshot").json()

    assert [len(told["deciding"][kind]) for kind in ("leaves", "outlets")] == [20, 20]
    assert told["beyond"] == 203 + 4
    assert told["looks_on"] is True


def test_the_tile_of_who_is_active_counts_who_began_the_day_in_the_field(
    phone: TestClient, sign_in: SignIn
) -> None:
    upload(phone, entry("day_begun"))

    home = sign_in("manager").get("/").text
    tile = words(home[home.index('id="tile-active"') :])

    assert re.search(r"\b1 person in the field", tile), tile[:300]
