"""One word an idea: no catalogue says what the table of words rules out."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.test_catalogues import ROOT, SOURCES, read_messages

TABLE: Final = ROOT / "hub" / "locale" / "README.md"
_ROW: Final = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
_VALUE: Final = re.compile(r"\{[^}]*\}")
ALLOWED: Final = {
    "return_costs": "what a return costs is a sum by itself: there is no order to total",
}
"""Messages that may say a word that is ruled out, each with its reason."""


def ruled_out() -> list[str]:
    """Read the last column of the table, but what stands in brackets."""
    rows = _ROW.findall(TABLE.read_text(encoding="utf-8"))
    words = [word for row in rows[1:] for word in row[3].split(", ")]
    return [word for word in words if not word.startswith("(")]


def says(text: str, word: str) -> bool:
    """See whether a message says a word, as itself and not as a part of another.

    Devanagari's signs are no letters to regular expressions, so its whole block is named.
    """
    letter = r"[\w\u0900-\u097f]"
    pattern = rf"(?<!{letter}){re.escape(word)}(?!{letter})"
    return re.search(pattern, _VALUE.sub("", text), re.IGNORECASE) is not None


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_catalogue_says_nothing_that_the_table_rules_out(source: Path) -> None:
    with source.open("rb") as stream:
        messages = read_messages(stream)

    found = [
        f"{name}: {word!r} in {form!r}"
        for name, text in messages.items()
        for form in (text if isinstance(text, tuple) else (text,))
        for word in ruled_out()
        if name not in ALLOWED and says(form, word)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("text", "word", "is_said"),
    [
        ("Payable", "payable", True),
        ("{payable} in all", "payable", False),
        ("गोदाम", "दाम", False),
        ("लेबल का दाम", "दाम", True),
        ("slots", "lot", False),
        ("AS QUOTED", "as quoted", True),
    ],
)
def test_a_word_is_found_by_itself_and_not_within_another(
    text: str,
    word: str,
    *,
    is_said: bool,
) -> None:
    assert says(text, word) == is_said


def test_the_table_rules_words_out_in_both_languages() -> None:
    words = ruled_out()

    assert {"payable", "gross", "पीस"} <= set(words)
    assert not any("(" in word for word in words)
