"""Decisions as the messages that terminals print from."""

from dataclasses import replace
from datetime import date

import pytest

from hub.desk.orders.model.availability import Counterparty
from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.verdict import judge
from hub.desk.orders.words import sentence
from hub.desk.products.model import Catalogue
from hub.desk.terminals.wire.answers import Voice, answer_data
from rules import Credit, Facts, Outcome, Result
from tests.builders.decisions import LOT, PACK, SHOP, TEA, order, quote, request, result

TODAY = date(2026, 11, 24)
"""Three days after the order."""


def decided(found: Result, **changed: object) -> Decided:
    """Write the decision that a result comes to, on an order quoted as priced."""
    asked = request()
    made = Decided(
        request=asked,
        verdict=judge(found, None, PACK),
        pack=PACK,
        catalogue=Catalogue("h", {"TEA": TEA}, {"TEA": 1}),
        result=found,
        facts=Facts("1", SHOP, {"TEA": TEA}, batches={"TEA": (LOT,)}),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(("outcome", "status"), [("hold", "held"), ("reject", "rejected")])
def test_a_held_or_rejected_order_promises_no_batches(outcome: Outcome, status: str) -> None:
    answer = answer_data(decided(result(outcome)), Voice(sentence, "en"), today=TODAY)

    assert answer.status == status
    assert answer.lines[0].batches == []


def test_a_confirmed_line_names_its_batches_with_their_expiry() -> None:
    answer = answer_data(decided(result(), credit_left=7), Voice(sentence, "en"), today=TODAY)

    (pick,) = answer.lines[0].batches
    assert (pick.batch, pick.qty, pick.expiry) == ("T1", 2, "2027-01-31")
    assert (answer.lines[0].name, answer.lines[0].ordered, answer.credit_left) == ("Tea", 3, 7)
    assert (answer.status, answer.revision, answer.business_date) == ("confirmed", 1, "2026-11-21")


def test_a_change_is_told_as_confirmed_changed_with_its_reason_in_words() -> None:
    verdict = judge(result(), quote(payable=119_000), PACK)

    answer = answer_data(decided(result(), verdict=verdict), Voice(sentence, "en"), today=TODAY)

    assert answer.status == "confirmed_changed"
    assert [(one.code, one.text) for one in answer.reasons] == [
        ("total_changed", "the total is 1,204.00, the counter showed 1,190.00")
    ]


@pytest.mark.parametrize(
    ("weekdays", "wanted", "told"),
    [
        ("thu", None, "2026-11-26"),
        ("tue", None, "2026-11-24"),
        ("mon,thu", None, ""),
        ("thu", date(2026, 12, 2), "2026-12-02"),
    ],
    ids=["its next day", "today", "over by now", "another day is wanted"],
)
def test_a_confirmed_order_tells_when_it_is_brought(
    weekdays: str, wanted: date | None, told: str
) -> None:
    customer = Counterparty(1, SHOP, "Shop", Credit("none"), delivery_days=weekdays)
    asked = request(order=order(delivery_date=wanted))
    found = decided(result(), request=asked, counterparty=customer)

    answer = answer_data(found, Voice(sentence, "en"), today=TODAY)

    assert answer.delivery_day == told


@pytest.mark.parametrize("found", [result("hold"), result("reject"), replace(result(), lines=())])
def test_no_day_is_told_of_what_is_not_to_be_brought(found: Result) -> None:
    customer = Counterparty(1, SHOP, "Shop", Credit("none"), delivery_days="thu")

    told = answer_data(decided(found, counterparty=customer), Voice(sentence, "en"), today=TODAY)

    assert told.delivery_day == ""


def test_an_order_that_was_not_decided_has_no_lines_and_no_amounts() -> None:
    answer = answer_data(
        decided(result("reject"), result=None, pack=None), Voice(sentence, "en"), today=TODAY
    )

    assert (answer.lines, answer.totals, answer.pack) == ([], None, None)
