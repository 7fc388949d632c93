"""Catalogues of every package: compiled from their sources, the same ids in each language."""

import gettext
import string
from pathlib import Path
from typing import IO

import pytest
from babel.messages.pofile import read_po

from hub.desk.orders.words import TOLD_ON_SLIPS
from rules import COUNTER_LANGUAGES, LANGUAGES, REGISTRY
from terminal.core.words import kind_of

ROOT = Path(__file__).parents[2]
IN_THE_HUBS_WORDS = {"unit_unknown", "price_changed", "order_settled", "discount_now"}
"""What slips say as it came: packs, states, rates and prices in them are phrases of the hub."""
SOURCES = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))
IN_ENGLISH = sorted(ROOT.glob("*/locale/en/LC_MESSAGES/*.po"))


def read_messages(stream: IO[bytes]) -> dict[str, str | tuple[str, ...]]:
    """Read the messages of a source by their ids; of one with a count, every form."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for one in read_po(stream, abort_invalid=True):
        if isinstance(one.id, tuple):
            messages[one.id[0]] = tuple(str(form) for form in one.string or ())
        elif one.id:
            messages[str(one.id)] = str(one.string)
    return messages


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_compiled_catalogue_is_made_of_its_source(source: Path) -> None:
    with source.open("rb") as stream:
        written = read_messages(stream)
    with source.with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)

    found = {
        name: tuple(compiled.ngettext(name, name, count) for count in (1, 2))
        if isinstance(text, tuple)
        else compiled.gettext(name)
        for name, text in written.items()
    }

    assert found == written, "write it anew: .venv/bin/python docs/renew_catalogues.py"


@pytest.mark.parametrize("source", IN_ENGLISH, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_language_has_the_same_messages_with_the_same_values(source: Path) -> None:
    languages = COUNTER_LANGUAGES if source.stem in {"terminal", "rules"} else LANGUAGES
    values = {}
    for language in languages:
        with (source.parents[2] / language / "LC_MESSAGES" / source.name).open("rb") as stream:
            messages = read_messages(stream)
        values[language] = {
            name: tuple(
                placeholders(form) for form in (text if isinstance(text, tuple) else (text,))
            )
            for name, text in messages.items()
            if all(text)
        }

    assert values == dict.fromkeys(languages, values["en"])


@pytest.mark.parametrize("language", sorted({*COUNTER_LANGUAGES} - {*LANGUAGES}))
def test_what_counters_say_of_rules_in_a_further_language_has_the_same_values(
    language: str,
) -> None:
    """A reason that is not worded there is said in English, with the same amounts."""
    texts = {}
    for one in (LANGUAGES[0], language):
        with (ROOT / "rules/locale" / one / "LC_MESSAGES/rules.po").open("rb") as stream:
            texts[one] = read_messages(stream)

    assert texts[language].keys() <= texts[LANGUAGES[0]].keys()
    for name, text in texts[language].items():
        assert placeholders(str(text)) == placeholders(str(texts[LANGUAGES[0]][name])), name


def test_counters_word_what_shops_are_told_with_the_same_values() -> None:
    with (ROOT / "terminal/locale/en/LC_MESSAGES/terminal.po").open("rb") as stream:
        messages = read_messages(stream)
    said = {name[5:]: str(text) for name, text in messages.items() if name.startswith("told.")}
    with (ROOT / "rules/locale/en/LC_MESSAGES/rules.po").open("rb") as stream:
        of_the_rules = read_messages(stream).keys()

    assert TOLD_ON_SLIPS - of_the_rules == said.keys() | IN_THE_HUBS_WORDS
    for code, text in said.items():
        assert placeholders(text) == REGISTRY[code].params.keys(), code


def test_counters_write_the_values_of_what_shops_are_told_as_the_hub_does() -> None:
    written = {"money", "day", "payment"}
    as_it_came = {"name", "code", "codes", "count"}
    with (ROOT / "terminal/locale/en/LC_MESSAGES/terminal.po").open("rb") as stream:
        codes = {name[5:] for name in read_messages(stream) if name.startswith("told.")}

    kinds = {(code, one): kind for code in codes for one, kind in REGISTRY[code].params.items()}

    assert set(kinds.values()) <= written | as_it_came
    assert {place: kind_of(*place) for place in kinds} == {
        place: kind if kind in written else None for place, kind in kinds.items()
    }


def placeholders(text: str) -> set[str]:
    """Name the values in a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
