"""Times and other people's text, as staff read them."""

from zoneinfo import ZoneInfo

import pytest

from hub.base.words import PageWords
from hub.web import formats

KOLKATA = ZoneInfo("Asia/Kolkata")
ENGLISH, HINDI = PageWords("en"), PageWords("hi")
NOON = 1_795_242_600_000  # 21 November 2026, 12:00 in Kolkata


def test_moments_are_told_in_the_distributors_zone() -> None:
    assert formats.exact(NOON, KOLKATA, ENGLISH) == "21 Nov 2026, 12:00:00 IST"
    assert formats.exact(NOON, KOLKATA, HINDI) == "21 नव 2026, 12:00:00 IST"
    assert formats.clock(NOON, KOLKATA) == "12:00:00"


@pytest.mark.parametrize(
    ("past_ms", "shown"),
    [
        (-5_000, "just now"),
        (9_999, "just now"),
        (40_000, "40\u00a0s ago"),
        (3_599_000, "59\u00a0min ago"),
        (26 * 3_600_000, "1\u00a0d ago"),
        (15 * 86_400_000, "2\u00a0wk ago"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit(past_ms: int, shown: str) -> None:
    assert formats.ago(NOON - past_ms, NOON, ENGLISH) == shown


@pytest.mark.parametrize(
    ("length_ms", "shown"),
    [
        (0, "0\u00a0सेकंड"),
        (3_600_000, "1\u00a0घंटा"),
        (3 * 3_600_000, "3\u00a0घंटे"),
        (7 * 86_400_000, "1\u00a0हफ़्ता"),
        (15 * 86_400_000, "2\u00a0हफ़्ते"),
    ],
)
def test_a_length_of_time_has_the_form_of_its_count(length_ms: int, shown: str) -> None:
    assert formats.span(length_ms, HINDI) == shown


def test_hindi_says_how_long_ago_as_people_do() -> None:
    assert formats.ago(NOON - 5_000, NOON, HINDI) == "अभी-अभी"
    assert formats.ago(NOON - 3_600_000, NOON, HINDI) == "1\u00a0घंटे पहले"


@pytest.mark.parametrize(
    "text", ["हिन्दी", "شاي الكرك", "👩\u200d👩\u200d👧 Café", "क्\u200dष", "a < b & c"]
)
def test_words_of_any_script_stay_as_they_are(text: str) -> None:
    assert formats.readable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a\\x00b"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("one\ntwo", "one\\ntwo"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("\ud800", "\\ud800"),
    ],
)
def test_characters_that_hide_or_move_text_are_shown_as_escapes(text: str, shown: str) -> None:
    assert formats.readable(text) == shown
