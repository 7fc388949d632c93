"""Sentences of what is wrong with a field: amounts as the house writes them."""

import pytest

from hub.base.fields import Reason, Refused
from hub.base.fields.words import refusal_lines, sentence, sentences
from hub.base.money import HouseMoney
from hub.desk.payments import words as payment_words

assert payment_words  # it registers the reason
LEFT = Reason("payment_left", {"left": 25_000_050}, "amount")


@pytest.mark.parametrize(
    ("currency", "written"), [("INR", "2,50,000.50"), ("GBP", "250,000.50"), ("NPR", "2,50,000.50")]
)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_amount_of_a_refusal_is_grouped_as_the_house_does(
    currency: str, written: str, language: str
) -> None:
    money = HouseMoney(currency)

    assert written in sentence(LEFT, language=language, money=money)
    assert written in sentences([LEFT], language=language, money=money)["amount"]


def test_a_command_line_tells_the_field_and_the_amount_of_the_house() -> None:
    (line,) = refusal_lines(Refused((LEFT,)), money=HouseMoney("GBP"))

    assert line.startswith("amount: ")
    assert "250,000.50" in line
