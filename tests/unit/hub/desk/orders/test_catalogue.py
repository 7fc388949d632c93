"""Every code and phrase of the hub has its sentence in each language, with the same values."""

import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.words import sentence
from hub.run.bootstrap import NOUNS
from rules import LANGUAGES, PHRASES, REGISTRY, Phrase, ReasonCode
from rules.words.catalogues import RULES

LOCALE = Path(__file__).parents[5] / "hub" / "locale"


def messages(language: str) -> dict[str, str]:
    """Read the hub's sentences in a language."""
    with (LOCALE / language / "LC_MESSAGES" / "hub.po").open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_po(stream) if one.id}


def placeholders(text: str) -> set[str]:
    """Name the values in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_and_phrase_that_a_noun_registers_is_worded_with_its_values(
    language: str,
) -> None:
    assert NOUNS  # all nouns have registered
    registered: dict[str, ReasonCode | Phrase] = {**REGISTRY, **PHRASES}
    known = {name for name in registered if RULES.find("en", name) is None}
    texts = messages(language)

    ours = {name: registered[name] for name in texts}

    assert known == set(ours) - {name for name in ours if RULES.find("en", name) is not None}
    assert {name: placeholders(text) for name, text in texts.items()} == {
        name: set(one.params) for name, one in ours.items()
    }


def test_a_reason_is_said_in_the_language_of_who_reads_it() -> None:
    reason = Reason("cancelled", {"why": "दुकान बंद"})

    said = sentence(reason, 2, language="hi")

    assert said == "डिस्ट्रीब्यूटर ने रद्द किया: दुकान बंद"


def test_a_language_that_nobody_wrote_is_english() -> None:
    assert (
        sentence(Reason("decided_again"), 2, language="fr") == "decided again by the rules of today"
    )
