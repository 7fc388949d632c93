"""Reasons in words: amounts as on slips, and a sentence for each code."""

import pytest

from hub.base.fields import LONGEST_REASON
from hub.desk.orders.model.reasons import Reason, read_reasons, shortened, write_reasons
from hub.desk.orders.words import sentence


@pytest.mark.parametrize(
    ("amount", "scale", "text"),
    [
        (120_400, 2, "1,204.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (0, 2, "0.00"),
        (1_234, 0, "1,234"),
        (1_234_567, 3, "1,234.567"),
    ],
)
def test_an_amount_is_written_with_its_decimals_and_thousands_parted(
    amount: int, scale: int, text: str
) -> None:
    said = sentence(Reason("total_changed", {"now": amount, "then": 1}), scale)

    assert said.startswith(f"the total is {text}, the counter showed ")


def test_a_code_with_the_engines_own_text_says_that() -> None:
    assert sentence(Reason("short_stock", {"text": "1 of 3 is missing"}), 2) == "1 of 3 is missing"


@pytest.mark.parametrize("code", ["customer_unknown", "price_changed", "total_changed"])
def test_a_reason_of_before_there_were_parameters_keeps_its_sentence(code: str) -> None:
    assert sentence(Reason(code, {"text": "as it was said then"}), 2) == "as it was said then"


def test_a_sentence_around_a_text_is_said_with_it() -> None:
    reason = Reason("offer_beyond_terms", {"text": "2 is above 1"})

    assert sentence(reason, 2) == "this cannot be offered: 2 is above 1"


def test_what_an_offer_goes_beyond_is_said_in_the_language_of_the_sentence() -> None:
    faults = [["offer_line_larger", {"line": 2}], ["offer_payment_barred", {"payment": "cash"}]]
    reason = Reason("offer_beyond_terms", {"faults": faults})

    assert sentence(reason, 2) == (
        "this cannot be offered: line 2 is larger than was asked for; "
        "payment by cash may not be offered"
    )
    assert sentence(reason, 2, language="hi") == (
        "यह पेशकश नहीं की जा सकती: लाइन 2 माँगी गई मात्रा से ज़्यादा है; नकद भुगतान की पेशकश नहीं की जा सकती"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "manager or area manager, then owner; manager decides"),
        ("hi", "फ़ैसला मैनेजर या एरिया मैनेजर, फिर मालिक; मैनेजर का है"),
    ],
)
def test_who_decides_is_named_in_the_language_of_the_sentence(language: str, said: str) -> None:
    routes = [[["manager", "area_manager"], ["owner"]], [["manager"]]]

    assert sentence(Reason("role_not_asked", {"who": routes}), 2, language=language) == said


def test_a_person_who_gives_no_words_leaves_no_colon() -> None:
    reason = Reason("cancelled", {"why": shortened("  ")})

    assert sentence(reason, 2) == "cancelled by the distributor"


def test_a_persons_words_are_kept_whole_as_long_as_they_may_be() -> None:
    why = "late " * (LONGEST_REASON // 5)
    reason = Reason("cancelled", {"why": shortened(f" {why}")})

    assert sentence(reason, 2) == f"cancelled by the distributor: {why.strip()}"


def test_a_code_that_nobody_worded_is_said_as_it_is() -> None:
    assert sentence(Reason("brand_new_code"), 2) == "brand new code"


def test_reasons_are_read_back_as_they_were_written() -> None:
    reasons = (
        Reason("customer_unknown", {"customer": "C9"}),
        Reason("short_stock", {"text": "1 of 3", "missing": 1}, "AL-ALL", 2),
    )

    assert read_reasons(write_reasons(reasons)) == reasons
    assert read_reasons(b"") == ()
