"""What goes wrong while a phone is off: each thing is said in words, and no entry is lost by it."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from tests.builders.field_team import AT_C2, EVERY_DAY, REP, entry, field_of
from tests.builders.market import Market, packed
from tests.integration.web.test_field_pages import (  # noqa: F401 -- fixtures
    open_rep_market,
    serve_rep_market,
    sign_in_rep,
    upload,
)

DAY_MS = 24 * 3_600_000


def test_what_happens_while_a_phone_is_off_is_said_and_loses_nothing(
    phone: TestClient, market: Market
) -> None:
    field, customers = field_of(market), market.hub.ground.part(CustomerActs)
    # A beat without outlets is walked, and nobody is expected anywhere by it.
    field.plan.add(BeatFields("B-0", "Nowhere yet"), by="asha", scope=EVERYTHING)
    walk = Journey(0, REP, 0, EVERY_DAY, 1, date(2026, 11, 2))
    field.plan.walk("B-0", walk, by="asha", scope=EVERYTHING)
    told = phone.get("/field/snapshot").json()
    figures = phone.get("/field/figures").json()["figures"]
    assert told["ways"][told["day"]] == ["C2", "C1"]
    assert (figures["planned"], figures["on_beats"]) == (2, 2)

    # Places that say little: each visit is kept with its word, and only one counts as verified.
    places = {
        "verified": AT_C2,
        "denied": {"denied": True},
        "mocked": {**AT_C2, "mocked": True},
        "old": {**AT_C2, "age_s": 3 * 24 * 3_600},
        "far": {**AT_C2, "latitude": AT_C2["latitude"] + 20_000},
        "unknown": {},
    }
    for number, place in enumerate(places.values()):
        begun = entry("visit_begun", outlet="C2", place=place)
        begun["at"] -= number * DAY_MS  # each on a day of its own
        (kept,) = upload(phone, begun)
        assert kept["state"] == "kept"
    verdicts = market.rows("SELECT verdict FROM visit ORDER BY day DESC")
    assert [row[0] for row in verdicts] == list(places)

    # The price list changes: the hub decides by today's, and tells what it comes to.
    ordered = entry("ordered", outlet="C2", lines=[{"sku": "SOAP", "quantity": 2}])
    before = phone.post("/field/price", json={**ordered, "kind": "ordered"}).json()["total"]
    market.publish(packed(version=2, soap="15.00"))
    (placed,) = upload(phone, ordered)
    assert (before, placed["total"], placed["state"]) == ("₹20.00", "₹30.00", "kept")

    # An outlet that moves by 2 km waits for a second person; what else is changed does not.
    at = {"seen": "12.971600, 77.594600", "wanted": "12.989600, 77.594600"}
    phoned = {"seen": "", "wanted": "98450 54321"}
    moved = entry("outlet_changed", outlet="C2", changes={"place": at, "phone": phoned})
    (waits,) = upload(phone, moved)
    assert "Place" in waits["words"]
    query = "SELECT p.latitude, p.phone FROM customer_profile p JOIN party c ON c.id = p.party_id"
    assert market.rows(f"{query} WHERE c.code = 'C2'") == [(12_971_600, "+919845054321")]

    # The outlet is another's since yesterday: the visit of that morning counts, today's order is
    # refused with the outlet's name and stays with the rep.
    customers.map("C1", "rep", Span("vera", date(2026, 11, 21)), by="asha", scope=EVERYTHING)
    morning = entry("visit_begun", outlet="C1", place={})
    morning["at"] -= DAY_MS
    today = entry("ordered", outlet="C1", lines=[{"sku": "TEA", "quantity": 1}])
    answers = upload(phone, morning, today)
    assert [one["state"] for one in answers] == ["kept", "refused"]
    assert "C1" in answers[1]["words"]
    assert market.broken() == set()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("9999-12-31", "goods cannot be wanted on 31 Dec 9999: the last day is 22 Nov 2027"),
        ("2027-11-23", "goods cannot be wanted on 23 Nov 2027: the last day is 22 Nov 2027"),
        ("2026-11-20", "goods cannot be wanted on 20 Nov 2026: the first day is 21 Nov 2026"),
        ("0001-01-01", "goods cannot be wanted on 1 Jan 1: the first day is 21 Nov 2026"),
    ],
)
def test_a_wanted_day_that_is_over_or_years_ahead_is_refused_with_the_day_that_would_do(
    phone: TestClient, market: Market, wanted: str, said: str
) -> None:
    lines = [{"sku": "TEA", "quantity": 1}]
    asked = entry("ordered", outlet="C2", lines=lines, delivery_date=wanted)

    (answer,) = upload(phone, asked)
    price = phone.post("/field/price", json=asked)

    assert (answer["state"], answer["words"]) == ("refused", said)
    assert (price.status_code, price.json()["text"]) == (422, said)
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]
