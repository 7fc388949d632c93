"""What the counter says of an order: its headline, sound, colour, and what the person does now."""

from dataclasses import replace

import pytest

from broker.contract.messages import Reason
from terminal.core.fate import KnownOrder, Paper, fate_of
from terminal.core.text import Currency
from terminal.core.words import Voice

ENGLISH, HINDI = Voice(), Voice("hi")
ORDER = KnownOrder("shop-1-00042")
RUPEES = Currency("INR", 2)
OVER = Reason(
    code="credit_limit_exceeded",
    text="the hub's words",
    params={"exposed": 120_000, "limit": 100_000, "over": 20_000},
)
SHORT = Reason(
    code="short_stock",
    text="",
    line=2,
    params={
        "stock": ["stock.product", {"available": 7, "quantity": 12, "product": "Cola 600 ml"}],
        "rest": [],
    },
)


@pytest.mark.parametrize(
    ("known", "headline", "look"),
    [
        (ORDER, "Order shop-1-00042 stored", ("ok", "amber")),
        (
            replace(ORDER, reach="offline"),
            "Order shop-1-00042 stored; it goes out when the hub is reached",
            ("done", "amber"),
        ),
        (
            replace(ORDER, queued_slip="waiting"),
            "Order shop-1-00042 queued, not confirmed: the hub has not answered yet",
            ("ok", "amber"),
        ),
        (replace(ORDER, status="confirmed"), "Order shop-1-00042 confirmed", ("done", "green")),
        (
            replace(ORDER, status="held", reasons=(OVER,), currency=RUPEES),
            "Order shop-1-00042 held: credit 1,200.00 of a limit of 1,000.00, 200.00 too much",
            ("error", "amber"),
        ),
        (
            replace(ORDER, status="held", reasons=(OVER,)),
            "Order shop-1-00042 held: the hub's words",
            ("error", "amber"),
        ),
        (
            replace(ORDER, status="rejected", reasons=(Reason(code="customer_blocked", text=""),)),
            "Order shop-1-00042 rejected: the customer is blocked",
            ("error", "red"),
        ),
        (
            replace(
                ORDER, status="refused", reasons=(Reason(code="sequence_conflict", text="No"),)
            ),
            "Order shop-1-00042 not taken: No",
            ("error", "red"),
        ),
        (replace(ORDER, status="cancelled"), "Order shop-1-00042 cancelled", ("error", "red")),
        (
            replace(
                ORDER, status="confirmed", reasons=(Reason(code="cheque_returned", text="Pay"),)
            ),
            "Order shop-1-00042: Pay",
            ("error", "amber"),
        ),
        (replace(ORDER, status="of tomorrow"), "shop-1-00042: of tomorrow", ("error", "amber")),
    ],
)
def test_the_headline_is_what_became_of_the_order(
    known: KnownOrder, headline: str, look: tuple[str, str]
) -> None:
    fate = fate_of(known, ENGLISH)

    assert (fate.headline, (fate.tone, fate.light)) == (headline, look)


def test_a_change_names_the_product_and_its_line() -> None:
    known = replace(ORDER, status="confirmed_changed", reasons=(SHORT,), currency=RUPEES)

    fate = fate_of(known, ENGLISH)

    assert "changed: Line 2: 7 of 12 Cola 600 ml in stock" in fate.headline
    assert fate.now == "What changed stands on the slip."
    assert (fate.tone, fate.light) == ("done", "amber")


def test_of_many_reasons_the_first_three_are_told_and_equal_ones_once() -> None:
    many = [Reason(code="of_the_hub", text=f"reason {number}") for number in (1, 1, 2, 3, 4, 5)]

    fate = fate_of(replace(ORDER, status="rejected", reasons=tuple(many)), ENGLISH)

    assert fate.headline.endswith("reason 1; reason 2; reason 3; and 2 more, on the slip")


def test_a_held_order_names_who_decides() -> None:
    held = replace(ORDER, status="held", reasons=(OVER,), currency=RUPEES)

    named = fate_of(replace(held, deciders=("manager", "area_head", "manager")), ENGLISH)

    assert named.now.startswith("It waits for the distributor's manager or area head;")
    assert fate_of(held, ENGLISH).now.startswith("The distributor decides;")


@pytest.mark.parametrize(
    ("paper", "status", "says"),
    [
        ("none", "", ""),
        ("waiting", "", "The answer prints by itself when it comes."),
        ("printed", "", "The slip says QUEUED; the answer prints by itself."),
        ("none", "confirmed", ""),
        ("waiting", "confirmed", ""),
        ("printed", "confirmed", "The slip that says QUEUED no longer holds."),
    ],
)
def test_a_slip_is_spoken_of_only_where_there_is_one(paper: Paper, status: str, says: str) -> None:
    assert fate_of(replace(ORDER, status=status, queued_slip=paper), ENGLISH).now == says


def test_support_is_named_where_an_order_was_not_taken() -> None:
    rejected = replace(ORDER, status="rejected")

    assert "080 4000 1234" in fate_of(rejected, ENGLISH, support="080 4000 1234").now
    held = replace(ORDER, status="held")
    assert "080" not in fate_of(held, ENGLISH, support="080 4000 1234").now


def test_a_fate_is_told_in_hindi() -> None:
    known = replace(ORDER, status="held", reasons=(OVER,), currency=RUPEES, deciders=("manager",))

    fate = fate_of(known, HINDI)

    assert fate.headline.startswith("ऑर्डर shop-1-00042 रोका गया: ")
    assert fate.now == "डिस्ट्रीब्यूटर की ओर से मैनेजर को तय करना है; फ़ैसला अपने आप छपेगा।"
