"""One word an idea: no catalogue says what the table of words rules out."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
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


_ALIKE: Final = str.maketrans("ँऑॉ", "ंआा")
"""Signs in whose place another is often written."""


def hindi_words() -> Iterator[tuple[str, str]]:
    """Give each word of the Hindi catalogues with the message that says it."""
    for source in SOURCES:
        if source.parts[-3] != "hi":
            continue
        with source.open("rb") as stream:
            messages = read_messages(stream)
        for name, text in messages.items():
            for form in text if isinstance(text, tuple) else (text,):
                written = unicodedata.normalize("NFC", _VALUE.sub("", form))
                for word in re.findall("[\u0900-\u0963]+", written):
                    yield word, name


def bare(word: str) -> str:
    """Write a word without what its spellings differ in: nukta, chandrabindu, half nasals."""
    plain = unicodedata.normalize("NFD", word).replace("\u093c", "").translate(_ALIKE)
    return re.sub("[ङञणनम]्(?=[क-म])", "ं", plain)


def spellings(words: Iterator[tuple[str, str]]) -> list[dict[str, str]]:
    """Give the words that are spelled in several ways, each spelling with a message of it."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for word, name in words:
        found[bare(word)].setdefault(word, name)
    return [each for each in found.values() if len(each) > 1]


def test_a_hindi_word_is_spelled_in_one_way_in_all_catalogues() -> None:
    assert spellings(hindi_words()) == []


def test_qa_and_gha_of_persian_words_are_written_as_everybody_writes_them() -> None:
    """`बाकी`, `कागज़`, not `बाक़ी`, `काग़ज़`; `ग़लत` alone keeps its dot."""
    found = [
        f"{name}: {word}"
        for word, name in hindi_words()
        if "क\u093c" in word or ("ग\u093c" in word and not word.startswith("ग\u093cलत"))
    ]

    assert found == []


@pytest.mark.parametrize("two", ["बाकी बाक़ी", "हिंदी हिन्दी", "ऑर्डर आर्डर", "पहुँचा पहुंचा"])
def test_two_spellings_of_a_word_are_found(two: str) -> None:
    assert len(spellings((word, "message") for word in two.split())) == 1


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
