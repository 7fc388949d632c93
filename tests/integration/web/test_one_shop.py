"""Two reps who found one shop while both had no line: both days are kept, the shops are joined."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.reads.beats import read_beat
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.reads.asking import local_date
from tests.builders.field_team import AT_C2, REP, entry, field_of, rows_of
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.integration.web.test_customer_pages import words
from tests.integration.web.test_field_pages import (  # noqa: F401 -- fixtures
    open_rep_market,
    serve_rep_market,
    sign_in_rep,
    upload,
)
from tests.integration.web.test_field_rep_pages import enter_as

DAY_MS = 24 * 3_600_000
OTHER = "nina"
LOTUS = {"name": "Lotus Stores", "city": "Pune", "phone": "9845012345"}


def found_shop() -> tuple[str, list[dict[str, Any]]]:
    """Write what a rep keeps without a line who finds Lotus Stores; gives its code too."""
    added = entry("outlet_added", fields=LOTUS)
    code = f"N-{added['id'][-10:].upper()}"
    begun = entry("visit_begun", outlet=code, place=AT_C2)
    goods = [{"sku": "SOAP", "quantity": 1}]
    ordered = entry("ordered", outlet=code, visit=begun["id"], lines=goods, payment="cash")
    told = entry("complained", outlet=code, text="late", due="2026-11-24")
    ended = entry("visit_ended", visit=begun["id"], outcome="order")
    return code, [added, begun, ordered, told, ended]


@pytest.fixture
def found(market: Market, phone: TestClient) -> tuple[str, str, list[dict[str, Any]]]:
    """Have both reps send what they found; gives both codes, and what the second sent."""
    Shelves(market.database).user(OTHER, "field_rep")
    first, of_ravi = found_shop()
    second, of_nina = found_shop()
    for user, entries in ((REP, of_ravi), (OTHER, of_nina)):
        enter_as(phone, user)
        added, *rest = entries  # what is of a new outlet waits on the phone for that outlet
        told = [*upload(phone, added, user=user), *upload(phone, *rest, user=user)]
        assert {one["state"] for one in told} == {"kept"}
    return first, second, of_nina


def test_one_shop_that_two_found_is_offered_to_who_lets_it_pass_and_joined_whole(
    found: tuple[str, str, list[dict[str, Any]]], client: TestClient, market: Market
) -> None:
    first, second, of_nina = found
    enter_as(client, "meena")
    page = words(client.get(f"/customers/{second}").text)
    done = client.post(f"/customers/{second}/join", data={"into": first, "why": "one signboard"})
    again = client.post(f"/customers/{second}/join", data={"into": first})

    assert re.search(rf"Lotus Stores {first}.*same phone", page)
    assert (done.headers["location"], again.status_code) == (f"/customers/{first}", 303)
    kept_at = {
        "visits": "SELECT count(*) FROM visit x JOIN party p ON p.id = x.party_id",
        "seen": "SELECT count(*) FROM interaction x JOIN party p ON p.id = x.party_id",
        "sent": "SELECT count(*) FROM field_entry x JOIN party p ON p.id = x.party_id",
    }
    counts = {
        one: market.rows(f"{query} WHERE p.code = :code", code=first)[0][0]
        for one, query in kept_at.items()
    }
    assert counts == {"visits": 2, "seen": 2, "sent": 8}
    of_both = market.rows("SELECT customer_code FROM order_ WHERE source = 'field' ORDER BY id")
    assert of_both == [(first,), (second,)]  # what was ordered keeps its account
    assert market.rows("SELECT status FROM party WHERE code = :code", code=second) == [("blocked",)]
    assert "Is one with" in words(client.get(f"/customers/{first}").text)
    assert market.broken() == set()

    enter_as(client, OTHER)
    told = client.get("/field/snapshot").json()
    sent_again = upload(client, *of_nina, user=OTHER)
    later = [
        entry("visit_begun", outlet=second, place=AT_C2),
        entry("ordered", outlet=second, lines=[{"sku": "RICE", "quantity": 1}], payment="cash"),
        entry("collected", outlet=second, fields={"amount": "20.00", "mode": "cash"}),
    ]
    kept = upload(client, *later, user=OTHER)

    assert [one["code"] for one in rows_of(told, "outlets")] == [first]
    assert told["joined"] == {second: first}
    assert {one["state"] for one in (*sent_again, *kept)} == {"kept"}
    assert market.rows("SELECT count(*) FROM order_ WHERE source = 'field'") == [(3,)]
    newest = "SELECT customer_code FROM order_ WHERE source = 'field' ORDER BY id DESC LIMIT 1"
    assert market.rows(newest) == [(first,)]
    payer = "SELECT p.code FROM payment m JOIN party p ON p.id = m.customer_id"
    assert market.rows(payer) == [(first,)]
    assert market.broken() == set()
    bell = words(client.get("/notices").text)
    assert "The shop that you added is Lotus Stores: both are one now" in bell


def test_a_shop_follows_where_the_one_that_it_is_turns_out_to_be_another(
    found: tuple[str, str, list[dict[str, Any]]], client: TestClient, market: Market
) -> None:
    first, second, _ = found
    acts = market.hub.ground.part(CustomerActs)
    acts.add("C9", LOTUS, by="asha", scope=EVERYTHING, anyway=True)

    acts.join(second, first, by="meena", scope=EVERYTHING)
    acts.join(first, "C9", by="meena", scope=EVERYTHING)
    enter_as(client, OTHER)
    told = client.get("/field/snapshot").json()
    goods = [{"sku": "RICE", "quantity": 1}]
    later = [
        entry("visit_begun", outlet=second, place=AT_C2),
        entry("ordered", outlet=second, lines=goods, payment="cash"),
    ]
    kept = upload(client, *later, user=OTHER)

    assert told["joined"][second] == "C9"
    assert [one["code"] for one in rows_of(told, "outlets")] == ["C9"]
    assert [one["state"] for one in kept] == ["kept", "kept"]
    newest = "SELECT customer_code FROM order_ WHERE source = 'field' ORDER BY id DESC LIMIT 1"
    assert market.rows(newest) == [("C9",)]
    at = "SELECT DISTINCT p.code FROM visit v JOIN party p ON p.id = v.party_id"
    assert market.rows(at) == [("C9",)]
    assert market.broken() == set()


def test_a_shop_that_had_left_its_beat_is_on_it_again_for_the_one_that_was_found(
    found: tuple[str, str, list[dict[str, Any]]], client: TestClient, market: Market
) -> None:
    """On a beat that both are on the same day it is once, at its own place."""
    first, second, _ = found
    plan = field_of(market).plan
    who: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    plan.add(BeatFields("B-7", "Lotus road", (first, "C2")), **who)
    plan.add(BeatFields("B-8", "Both", ("C2", first, second)), **who)
    market.clock.ms += DAY_MS
    plan.change(BeatFields("B-7", "Lotus road", ("C2", second)), **who)
    enter_as(client, "meena")

    client.post(f"/customers/{second}/join", data={"into": first})

    with market.database.read() as connection:
        today = local_date(market.clock.ms, read_distributor(connection).zone)
        beats = [
            read_beat(connection, code, day=today, scope=EVERYTHING) for code in ("B-7", "B-8")
        ]
    assert [one and [code for code, _, _ in one.outlets] for one in beats] == [
        ["C2", first],
        ["C2", first],
    ]


def test_who_added_a_shop_or_sees_one_of_both_alone_joins_nothing(
    found: tuple[str, str, list[dict[str, Any]]], client: TestClient, market: Market
) -> None:
    first, second, _ = found
    joined = client.post(f"/customers/{second}/join", data={"into": first})
    enter_as(client, "meena")
    of_old = client.post("/customers/C1/join", data={"into": first})
    of_self = client.post(f"/customers/{second}/join", data={"into": second})
    of_nobody = client.post(f"/customers/{second}/join", data={"into": "GONE"})
    join, stranger = market.hub.ground.part(CustomerActs).join, Scope(sellers=frozenset({9_999}))
    refusals = (
        join("GONE", first, by="meena", scope=EVERYTHING),
        join(second, first, by=OTHER, scope=EVERYTHING),
        join(second, first, by="meena", scope=stranger),
    )

    assert joined.status_code == 403  # a rep lets no customer pass
    assert "does not wait for a second person" in words(of_old.text)
    assert "is no other customer" in words(of_self.text)
    assert of_nobody.status_code == 409
    assert [
        (why.code, why.field) for one in refusals if isinstance(one, Refused) for why in one.reasons
    ] == [("customer_not_found", ""), ("request_own", ""), ("customer_not_found", "")]
    assert market.rows("SELECT count(*) FROM party_joined") == [(0,)]
