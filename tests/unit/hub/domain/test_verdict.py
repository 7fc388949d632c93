"""From what the engine found to what the shop is told."""

from dataclasses import replace
from datetime import date

import pytest

from broker.contract import OrderData, OrderLine, Quote
from hub.domain.verdict import Terms, answer_of, judge
from rules import (
    Allocation,
    Batch,
    Minor,
    Outcome,
    Params,
    PricedLine,
    Product,
    Quantity,
    Reason,
    Result,
    Short,
    Totals,
    UnitPrice,
)

TERMS = Terms("a" * 64, 4, "INR", scale=2, business_date="2026-11-21")
HASH = "b" * 64
TEA = {"available": 2, "quantity": 3, "product": "Tea"}
SHORT: Params = {"stock": ["stock.product", TEA], "rest": []}
TERM = ["terms.by", {"pieces": 2}]
UP = {"ordered": 1, "product": "Tea", "terms": [TERM], "sent": 2}
ROUNDED: Params = {"how": ["rounded.up", UP]}


def result(outcome: Outcome = "accept", payable: int = 120_400) -> Result:
    """Write a result of one line of tea."""
    line = PricedLine(
        number=1,
        sku="TEA",
        ordered=Quantity(3),
        quantity=Quantity(2),
        unit_price=UnitPrice(1),
        price_rule="PL",
        gross=Minor(payable),
        line_discount=Minor(0),
        order_discount=Minor(0),
        net=Minor(payable),
        taxes=(),
        tax=Minor(0),
        total=Minor(payable),
    )
    amount, none = Minor(payable), Minor(0)
    return Result(
        outcome=outcome,
        reasons=(),
        lines=(line,),
        free=(),
        totals=Totals(amount, none, net=amount, tax=none, round_off=none, payable=amount),
        allocations=(Allocation(1, free=False, sku="TEA", batch="T1", quantity=Quantity(2)),),
        shorts=(),
        changes=(),
        trace=(),
        near_misses=(),
        price_hash=HASH,
        result_hash=HASH,
        approvals=(),
    )


def quote(**changed: object) -> Quote:
    """Write the quote that fits the result."""
    said = {"pack": "a" * 64, "pack_version": 4, "facts": HASH, "price_hash": HASH}
    return Quote(**{**said, "payable": 120_400, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quoted", "status"),
    [
        (quote(pack="c" * 64, price_hash="c" * 64), "held"),
        (quote(pack="c" * 64), "confirmed"),
        (quote(price_hash="c" * 64), "confirmed_changed"),
        (None, "confirmed"),
    ],
)
def test_other_prices_than_an_earlier_pack_quoted_wait_for_a_person_where_the_pack_says_so(
    quoted: Quote | None, status: str
) -> None:
    verdict = judge(result(), quoted, replace(TERMS, approve_changes=True))

    assert verdict.status == status


def test_a_quote_that_holds_is_confirmed_without_words() -> None:
    verdict = judge(result(), quote(), TERMS)

    assert (verdict.status, verdict.reasons) == ("confirmed", ())


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"price_hash": "c" * 64, "payable": 119_000},
            "the total is 1,204.00, the slip said 1,190.00",
        ),
        (
            {"price_hash": "c" * 64},
            "prices of lines have changed since the slip; the total is still 1,204.00",
        ),
        (
            {"price_hash": "c" * 64, "payable": 119_000, "pack": "d" * 64, "pack_version": 3},
            "the total is 1,204.00, the slip said 1,190.00 (priced with rule pack 3, now 4)",
        ),
        ({"payable": 119_000}, "the total is 1,204.00, the slip said 1,190.00"),
    ],
)
def test_what_differs_from_the_slip_is_said_in_amounts(
    changed: dict[str, object], text: str
) -> None:
    verdict = judge(result(), quote(**changed), TERMS)

    assert verdict.status == "confirmed_changed"
    assert verdict.reasons[0].text == text


def test_a_cut_changes_the_order_even_if_nothing_was_quoted() -> None:
    cut = replace(
        result(),
        shorts=(Short(1, free=False, sku="TEA", missing=Quantity(1), action="cut"),),
        reasons=(Reason("allocation", "short_stock", SHORT, line=1),),
    )

    verdict = judge(cut, None, TERMS)

    assert verdict.status == "confirmed_changed"
    assert [(reason.code, reason.line) for reason in verdict.reasons] == [("short_stock", 1)]


@pytest.mark.parametrize(("outcome", "status"), [("hold", "held"), ("reject", "rejected")])
def test_a_held_or_rejected_order_promises_no_batches(outcome: Outcome, status: str) -> None:
    found = result(outcome)
    verdict = judge(found, None, TERMS)

    answer = answer_of(
        order(),
        verdict,
        found,
        terms=TERMS,
        products={"TEA": Product("TEA", "Tea")},
        batches={"TEA": (lot(),)},
        credit_left=None,
    )

    assert answer.status == status
    assert answer.lines[0].batches == []


def test_a_confirmed_line_names_its_batches_with_their_expiry() -> None:
    found = result()

    answer = answer_of(
        order(),
        judge(found, None, TERMS),
        found,
        terms=TERMS,
        products={"TEA": Product("TEA", "Tea")},
        batches={"TEA": (lot(),)},
        credit_left=7,
    )

    (pick,) = answer.lines[0].batches
    assert (pick.batch, pick.qty, pick.expiry) == ("T1", 2, "2027-01-31")
    assert (answer.lines[0].name, answer.lines[0].ordered, answer.credit_left) == ("Tea", 3, 7)


def order() -> OrderData:
    """Write the order."""
    return OrderData(
        order="01a1fce7-0000-7000-8000-000000000000",
        number="S-1",
        customer="C1",
        lines=[OrderLine(line=1, sku="TEA", qty=3)],
        captured_at=1,
        mono_ms=1,
        clock_trusted=True,
    )


def lot() -> Batch:
    """Write the batch of tea."""
    return Batch(
        "T1",
        "TEA",
        "MAIN",
        available=Quantity(9),
        received=date(2026, 1, 1),
        expiry=date(2027, 1, 31),
    )


def test_a_rounded_quantity_is_a_change_even_at_the_quoted_price() -> None:
    rounded = Reason("quantity", "quantity_rounded", ROUNDED, rule="Q", line=1)

    verdict = judge(replace(result(), reasons=(rounded,)), quote(), TERMS)

    assert verdict.status == "confirmed_changed"
    assert [reason.code for reason in verdict.reasons] == ["quantity_rounded"]
