"""What people call the rules of a pack, by their ids."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rules.language.vocabulary import LANGUAGES

Texts = Mapping[str, Mapping[str, str]]
"""The texts of rules by id and language; `""` is for all languages."""

_ANY: Final = ""
_UNNAMED: Final = frozenset({"cases", "warehouses"})
"""Lists of a pack that are no rules."""


def texts_of(document: Mapping[str, Any]) -> Texts:
    """Give the texts of all rules of a packed document that have any."""
    return dict(_texts(document))


def read_texts(packed: bytes) -> Texts:
    """Give the texts of a pack's rules without compiling it; none of bytes that are no pack.

    A page that names rules of an old decision needs no more of its pack.
    """
    try:
        document = json.loads(packed)
    except ValueError:
        return {}
    return texts_of(document) if isinstance(document, dict) else {}


def names_in(texts: Texts, language: str) -> dict[str, str]:
    """Give what people who read a language call rules, by id; English where it lacks."""
    found = {}
    for name, by_language in texts.items():
        wanted = (language, _ANY, LANGUAGES[0], *by_language)
        found[name] = next(by_language[one] for one in wanted if one in by_language)
    return found


def _texts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for section, rules in document.items():
        # What is read sparingly is a sequence of rules and no list.
        if section in _UNNAMED or isinstance(rules, str) or not isinstance(rules, Sequence):
            continue
        for rule in rules:
            text = rule.get("text")
            if isinstance(text, dict):
                yield rule["id"], text
            elif text and text != rule["id"]:
                yield rule["id"], {_ANY: text}
