"""Customers as people keep them: added, changed by two, let pass by a second, handed over."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from hub.base import history
from hub.base.access import EVERYTHING, NOTHING, Scope
from hub.base.fields import Change, Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.orders.model.asked import AskedLine, AskedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.parties.store.customers import find_customer
from hub.desk.people.acts import PeopleActs
from tests.builders.hub_records import Shelves
from tests.builders.market import Market

pytestmark = pytest.mark.one_engine

GSTIN = "29AAPFU0939F1ZR"
DAY = 86_400_000


def acts(market: Market) -> CustomerActs:
    """Give the acts of customers."""
    return market.hub.ground.part(CustomerActs)


def add(market: Market, code: str = "N1", **texts: str) -> Kept | Refused:
    """Add a shop as Asha would."""
    said = {"name": "New Shop", **texts}
    return acts(market).add(code, said, by="asha", scope=EVERYTHING)


def change(
    market: Market, code: str = "C1", *, by: str = "asha", **changes: tuple[str, str]
) -> Kept | Refused:
    """Change fields from what was seen to what is wanted."""
    asked = {name: Change(*pair) for name, pair in changes.items()}
    return acts(market).change(code, asked, by=by, scope=EVERYTHING, why="by phone")


def customer(market: Market, code: str) -> dict[str, Any]:
    """Read a customer."""
    with market.hub.transactions.open(actor="test", at_ms=0) as t:
        found = find_customer(t, code, scope=EVERYTHING)
    assert found is not None
    return found


def codes(done: object) -> set[str]:
    """Name why something was not done."""
    assert isinstance(done, Refused), done
    assert all(sentence(one, language=name) for one in done.reasons for name in ("en", "hi"))
    return {one.code for one in done.reasons}


def kept(done: object) -> Kept:
    """Give what was done."""
    assert isinstance(done, Kept), done
    return done


def test_a_new_customer_may_order_for_cash_until_a_second_person_lets_it_pass(
    market: Market,
) -> None:
    request = kept(add(market, credit_limit="5000.00")).request
    assert request is not None

    before = customer(market, "N1")["credit_state"]
    own = acts(market).decide(request, grant=True, by="asha", scope=EVERYTHING)
    done = acts(market).decide(request, grant=True, by="vikram", scope=EVERYTHING)

    found = customer(market, "N1")
    assert before == "cash_only"
    assert codes(own) == {"request_own"}
    assert kept(done).changed == ("credit_limit",)
    assert (found["credit_state"], found["credit_limit"]) == ("amount", 500_000)


def test_an_owner_who_is_alone_lets_the_own_request_pass_with_a_reason(market: Market) -> None:
    people = Shelves(market.database)
    people.user("asha", "owner")
    people.user("ravi", "warehouse")
    request = kept(add(market, credit_limit="5000.00")).request
    assert request is not None
    decide = partial(acts(market).decide, request, grant=True, by="asha", scope=EVERYTHING)

    without = decide(why=" ")
    done = decide(why="I know the shop since 2019")

    assert codes(without) == {"request_alone_why"}
    assert kept(done).changed == ("credit_limit",)
    assert market.broken() == set()
    assert any("asha" in note and note.endswith(": 1") for note in market.audit().notes)


def test_where_somebody_else_could_have_decided_the_audit_finds_who_did_it_alone(
    market: Market,
) -> None:
    people = market.hub.ground.part(PeopleActs)
    people.add("asha", roles=("owner",), password="a long password of a user")
    request = kept(add(market)).request
    assert request is not None
    decide = partial(acts(market).decide, grant=True, by="asha", scope=EVERYTHING, why="alone")
    decide(request)
    market.clock.ms += DAY
    people.add("meera", roles=("sales",), password="a long password of a user")
    other = kept(add(market, "N2", name="Another Shop")).request
    assert other is not None
    refused = decide(other)
    sound = market.broken()

    change = "UPDATE party_request SET state = 'granted', decided_by = 'asha', decided_at = "
    market.change(f"{change}{market.clock.ms} WHERE id = {other}")

    assert codes(refused) == {"request_own"}
    assert sound == set()
    assert market.broken() == {"second_person"}


def test_a_request_is_decided_at_its_own_customer_alone(market: Market) -> None:
    request = kept(change(market, terms_days=("", "30"))).request
    assert request is not None
    decide = partial(acts(market).decide, request, grant=True, by="vikram", scope=EVERYTHING)

    elsewhere = decide(code="C2")
    there = decide(code="C1")

    assert codes(elsewhere) == {"request_unknown"}
    assert kept(there).changed == ("terms_days",)


def test_an_order_of_a_new_customer_is_decided_at_once(market: Market) -> None:
    add(market)
    placed = [
        market.orders.place(
            AskedOrder(
                key=payment,
                source="staff",
                customer="N1",
                lines=(AskedLine("SOAP", 2),),
                payment=payment,
            ),
            by=Requester("user", "asha"),
            scope=EVERYTHING,
        )
        for payment in ("cash", "credit")
    ]

    assert not any(hasattr(one, "reason") for one in placed), placed
    statuses = market.rows("SELECT status FROM order_ ORDER BY id")
    assert [one[0] for one in statuses] == ["allocated", "held"]


def test_a_limit_and_a_gstin_wait_for_a_second_person_and_a_phone_does_not(market: Market) -> None:
    done = change(
        market,
        credit_limit=("1000.00", "9000.00"),
        gstin=("", GSTIN),
        phone=("", "098450 12345"),
    )

    found = customer(market, "C1")
    assert kept(done).changed == ("phone",)
    assert set(kept(done).waiting) == {"credit_limit", "gstin"}
    assert (found["phone"], found["gstin"], found["credit_limit"]) == (
        "+919845012345",
        None,
        100_000,
    )


def test_a_refused_request_changes_nothing_and_cannot_be_decided_twice(market: Market) -> None:
    request = kept(change(market, terms_days=("", "30"))).request
    assert request is not None

    acts(market).decide(request, grant=False, by="vikram", scope=EVERYTHING, why="too long")
    again = acts(market).decide(request, grant=True, by="vikram", scope=EVERYTHING)

    assert codes(again) == {"request_decided"}
    assert customer(market, "C1")["terms_days"] is None


def test_a_request_about_a_customer_that_is_another_one_by_now_is_void(market: Market) -> None:
    first = kept(change(market, credit_limit=("1000.00", "2000.00"))).request
    second = kept(change(market, credit_limit=("1000.00", "3000.00"))).request
    assert first is not None
    assert second is not None

    acts(market).decide(first, grant=True, by="vikram", scope=EVERYTHING)
    late = acts(market).decide(second, grant=True, by="vikram", scope=EVERYTHING)

    assert codes(late) == {"request_outdated"}
    assert customer(market, "C1")["credit_limit"] == 200_000
    assert market.rows("SELECT state FROM party_request ORDER BY id") == [("granted",), ("void",)]


def test_of_two_people_the_second_is_told_what_changed_and_nothing_is_lost(market: Market) -> None:
    change(market, by="vikram", city=("", "Pune"))

    late = change(market, by="asha", city=("", "Mumbai"), contact=("", "Meena"))
    other = change(market, by="asha", contact=("", "Meena"))

    found = customer(market, "C1")
    assert codes(late) == {"field_crossed"}
    assert isinstance(late, Refused)
    assert "vikram" in sentence(late.reasons[0])
    assert kept(other).changed == ("contact",)
    assert (found["city"], found["contact"]) == ("Pune", "Meena")


def test_every_change_is_kept_with_who_when_old_new_and_why(market: Market) -> None:
    market.clock.ms += 1

    change(market, name=("First Shop", "Asha Stores"))

    with market.database.read() as connection:
        entry = history.read(connection, "party", "C1")[-1]
    assert (entry.field, entry.old, entry.new) == ("name", "First Shop", "Asha Stores")
    assert (entry.who, entry.at_ms, entry.why) == ("asha", market.clock.ms, "by phone")


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"gstin": "29AAPFU0939F1ZV", "gst_kind": "registered"}, "cell_gstin_check"),
        ({"gstin": GSTIN, "gst_kind": "registered", "state": "27"}, "gstin_state_differs"),
        ({"gstin": GSTIN, "gst_kind": "unregistered"}, "gstin_of_unregistered"),
        ({"gst_kind": "composition"}, "gstin_missing"),
        ({"pin": "056001"}, "cell_not_pin"),
        ({"phone": "12345"}, "cell_not_phone"),
        ({"status": "hold"}, "status_reason_missing"),
        ({"credit_limit": "-5"}, "cell_not_credit"),
        ({"credit_limit": "1,5"}, "cell_not_credit"),
        ({"terms_from": "delivery"}, "terms_without_days"),
        ({"place": "95, 10"}, "cell_not_place"),
        ({"name": "Sh\u200bop"}, "cell_hidden"),
        ({"colour": "red"}, "field_unknown"),
        ({"parent": "NOBODY"}, "parent_unknown"),
    ],
)
def test_what_does_not_fit_is_refused_in_both_languages(
    market: Market, texts: dict[str, str], code: str
) -> None:
    assert code in codes(add(market, **texts))
    assert market.rows("SELECT 1 FROM party WHERE code = 'N1'") == []


@pytest.mark.parametrize(
    "name", ["आशा स्टोर्स", "متجر آشا", "Shop \N{SHOPPING TROLLEY}\N{VARIATION SELECTOR-16}", "क्‍ष"]
)
def test_a_name_in_any_script_is_kept_as_it_is(market: Market, name: str) -> None:
    kept(add(market, name=name))

    assert customer(market, "N1")["name"] == name


def test_who_may_be_there_already_is_offered_by_gstin_phone_and_name(market: Market) -> None:
    kept(add(market, "N1", name="Ravi Traders", phone="9845012345", city="Pune"))

    by_phone = add(market, "N2", name="Other", phone="+91 98450-12345")
    by_name = add(market, "N3", name="RAVI  traders", city="Pune")
    elsewhere = add(market, "N4", name="Ravi Traders", city="Delhi")
    anyway = acts(market).add(
        "N5", {"name": "Ravi Traders", "city": "Pune"}, by="asha", scope=EVERYTHING, anyway=True
    )

    assert codes(by_phone) == codes(by_name) == {"customer_may_be_there"}
    assert isinstance(by_phone, Refused)
    assert isinstance(by_name, Refused)
    assert [(one.code, one.by) for one in by_phone.duplicates] == [("N1", "phone")]
    assert [(one.code, one.by) for one in by_name.duplicates] == [("N1", "name")]
    kept(elsewhere)
    kept(anyway)


def test_a_code_that_looks_like_another_is_refused(market: Market) -> None:
    assert codes(add(market, "c1")) == {"customer_code_taken"}
    assert codes(add(market, "#N/A")) == {"cell_spoilt"}
    assert codes(add(market, "C7@2026-11")) == {"customer_code_reserved"}


def test_a_hold_ends_by_itself_on_the_day_after_its_last_one(market: Market) -> None:
    change(
        market,
        status=("active", "hold"),
        status_reason=("", "season"),
        status_until=("", "2026-11-22"),
    )
    held = customer(market, "C1")["status"]
    market.clock.ms += DAY
    market.hub.jobs.run_due("test")
    still = customer(market, "C1")["status"]

    market.clock.ms += DAY
    market.hub.jobs.run_due("test")

    found = customer(market, "C1")
    assert (held, still, found["status"]) == ("hold", "hold", "active")
    assert (found["status_reason"], found["status_until"]) == ("", None)


def test_a_customer_cannot_stand_below_itself(market: Market) -> None:
    kept(change(market, "C2", parent=("", "C1")))

    assert codes(change(market, "C1", parent=("", "C2"))) == {"parent_below"}
    assert customer(market, "C2")["parent"] == "C1"


def test_nobody_changes_a_customer_that_they_do_not_see(market: Market) -> None:
    asked = {"city": Change("", "Pune")}

    for scope in (NOTHING, Scope(user=7, narrowed=True)):
        assert codes(acts(market).change("C1", asked, by="x", scope=scope)) == {
            "customer_not_found"
        }


def test_all_customers_of_a_rep_are_handed_over_in_one_step_from_a_day_on(market: Market) -> None:
    for name in ("ravi", "meena"):
        market.change(
            "INSERT INTO user_account (name, password_hash, roles, active, created_at) "
            "VALUES (:name, 'x', 'sales', true, 1)",
            name=name,
        )
    for code in ("C1", "C2"):
        span = Span("ravi", date(2026, 1, 1))
        kept(acts(market).map(code, "rep", span, by="asha", scope=EVERYTHING))

    handed = acts(market).map.hand_over(
        "rep", "ravi", "meena", day=date(2026, 12, 1), by="asha", scope=EVERYTHING
    )

    rows = market.rows(
        "SELECT p.code, m.who, m.from_day, m.until_day FROM party_mapping m "
        "JOIN party p ON p.id = m.party_id ORDER BY p.code, m.from_day"
    )
    assert handed == ["C1", "C2"]
    assert [(code, who, str(first), str(last)) for code, who, first, last in rows] == [
        ("C1", "ravi", "2026-01-01", "2026-11-30"),
        ("C1", "meena", "2026-12-01", "None"),
        ("C2", "ravi", "2026-01-01", "2026-11-30"),
        ("C2", "meena", "2026-12-01", "None"),
    ]


def test_only_somebody_there_is_mapped(market: Market) -> None:
    done = acts(market).map(
        "C1", "warehouse", Span("NOWHERE", date(2026, 1, 1)), by="asha", scope=EVERYTHING
    )

    assert codes(done) == {"mapping_unknown"}
