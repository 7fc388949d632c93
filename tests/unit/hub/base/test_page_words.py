"""The words of pages: texts by their ids, forms by their counts, codes by their families."""

import pytest

from hub.base import money
from hub.base.words import PageWords
from rules import UnwordedError

ENGLISH, HINDI = PageWords("en"), PageWords("hi")


def test_a_text_is_written_with_its_values_in_its_language() -> None:
    assert ENGLISH.text("order.title", number="shop-1-7") == "Order shop-1-7"
    assert HINDI.text("order.title", number="shop-1-7") == "ऑर्डर shop-1-7"


@pytest.mark.parametrize(
    ("count", "english", "hindi"),
    [
        (0, "0 slips wait", "0 पर्ची बाकी"),
        (1, "1 slip waits", "1 पर्ची बाकी"),
        (2, "2 slips wait", "2 पर्चियाँ बाकी"),
        (1_200, "1,200 slips wait", "1,200 पर्चियाँ बाकी"),
    ],
)
def test_a_count_has_the_form_of_its_language(count: int, english: str, hindi: str) -> None:
    assert ENGLISH.counted("terminals.slips", count) == english
    assert HINDI.counted("terminals.slips", count) == hindi


def test_a_code_is_named_by_its_family_and_by_the_words_of_reasons_where_pages_have_none() -> None:
    assert HINDI.named("role", "rule_writer") == "नियम लेखक"
    assert HINDI.named("payment", "credit") == "उधार"


def test_a_code_that_nobody_worded_is_shown_itself() -> None:
    assert HINDI.named("role", "regional_head") == "regional head"


def test_a_text_that_is_not_there_is_no_empty_page() -> None:
    with pytest.raises(UnwordedError):
        ENGLISH.text("order.nothing_of_the_kind")
    with pytest.raises(UnwordedError):
        ENGLISH.counted("order.title", 2)


def test_lakh_and_crore_are_named_in_the_language_of_the_page() -> None:
    def shown(minor: int) -> str:
        return money.short_money(minor, "INR", 2, name_step=lambda step: HINDI.named("step", step))

    assert shown(123_456_750) == "₹12.34\u00a0लाख"
    assert shown(3_200_000_000) == "₹3.20\u00a0करोड़"
