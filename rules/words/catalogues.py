"""Catalogues of sentences in gettext's files: `locale/hi/LC_MESSAGES/rules.mo` and the like."""

import gettext
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from rules.language.vocabulary import COUNTER_LANGUAGES, LANGUAGES


class Catalogue(NamedTuple):
    """The sentences of one package: `folder` holds a folder a language, `domain` names the file."""

    folder: Path
    domain: str

    def find(self, language: str, name: str) -> str | None:
        """Give the message of an id; None where the catalogue has none."""
        found = _translations(self, language)
        text = found.gettext(name)
        return None if text == name else text

    def find_counted(self, language: str, name: str, count: int) -> str | None:
        """Give the form of a message that goes with a count, as of `{count} line` and `lines`."""
        text = _translations(self, language).ngettext(name, name, count)
        return None if text == name else text


RULES: Final = Catalogue(Path(__file__).parent.parent / "locale", "rules")
"""The sentences of the engine's own codes."""

_catalogues: Final = [RULES]


def add_catalogue(catalogue: Catalogue) -> None:
    """Let sentences be found in a further catalogue, as one that holds the hub's own codes."""
    if catalogue not in _catalogues:
        _catalogues.append(catalogue)
        message.cache_clear()


@lru_cache(maxsize=4_096)
def message(language: str, name: str) -> str | None:
    """Give the message of an id from the catalogue that has it; in English where only that has."""
    for wanted in (language, LANGUAGES[0]):
        for catalogue in _catalogues:
            text = catalogue.find(wanted, name)
            if text is not None:
                return text
    return None


@cache
def _translations(catalogue: Catalogue, language: str) -> gettext.NullTranslations:
    known = language if language in COUNTER_LANGUAGES else LANGUAGES[0]
    return gettext.translation(catalogue.domain, str(catalogue.folder), [known], fallback=True)
