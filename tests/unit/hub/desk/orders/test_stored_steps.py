"""Steps of stored decisions in words: those stored as codes, and those once stored as sentences."""

import msgspec
import pytest

from hub.desk.orders.reads.steps import Near, Step, steps_in_words
from rules import Minor, NearMiss, Reason

BENEFIT = ["benefit.percent", {"percent": 25_000}]


def test_steps_stored_as_codes_are_worded() -> None:
    miss = NearMiss(
        "S", 1, "nearly_earned", {"more": ["more.order", {"amount": 500}], "benefit": BENEFIT}
    )
    step = Reason("tax", "taxed", {"tax": "GST 5 %", "net": 1000}, "T", 2, Minor(50))

    steps, near = steps_in_words(msgspec.json.encode(([step], [miss])), 2)

    assert steps == [Step("tax", "taxed", "GST 5 % of 10.00", "T", 2, 50)]
    assert near == [Near("S", 1, "5.00 more and you get 2.5 % off")]


@pytest.mark.parametrize(
    ("currency", "said"),
    [("INR", "12,34,559.90"), ("USD", "1,234,559.90"), ("", "1,234,559.90")],
)
def test_amounts_in_steps_and_near_misses_are_grouped_as_totals_are(
    currency: str, said: str
) -> None:
    more = ["more.order", {"amount": 123_455_990}]
    miss = NearMiss("S", None, "nearly_earned", {"more": more, "benefit": BENEFIT})
    step = Reason("tax", "taxed", {"tax": "GST 5 %", "net": 123_455_990}, "T", 2, Minor(50))

    steps, near = steps_in_words(msgspec.json.encode(([step], [miss])), 2, currency=currency)

    assert steps[0].text == f"GST 5 % of {said}"
    assert near[0].text == f"{said} more and you get 2.5 % off"


def test_steps_stored_as_sentences_are_read_as_they_stand() -> None:
    step = ["tax", "taxed", "GST 5 % of 10.00", "T", 2, 50]
    written = msgspec.json.encode([[step], [["S", 1, "6 more and you get 2 free"]]])

    steps, near = steps_in_words(written, 2)

    assert steps == [Step("tax", "taxed", "GST 5 % of 10.00", "T", 2, 50)]
    assert near == [Near("S", 1, "6 more and you get 2 free")]


def test_a_step_whose_code_is_gone_is_shown_by_its_code() -> None:
    written = b'[[["tax","taxed_as_never_again",{"what":1},"T",2,50]],[]]'

    steps, _ = steps_in_words(written, 2)

    assert [step.text for step in steps] == ["taxed_as_never_again"]


def test_a_rule_is_named_as_its_pack_names_it() -> None:
    step = Reason(
        "line_schemes", "scheme_applied", {"rule": "TEN", "amount": 5}, "TEN", 1, Minor(5)
    )
    written = msgspec.json.encode(([step], []))

    steps, _ = steps_in_words(written, 2, names={"TEN": "Ten percent off"})

    assert [(one.text, one.rule) for one in steps] == [("Ten percent off takes off 0.05", "TEN")]
