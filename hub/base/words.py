"""The words of the hub: sentences of reasons, texts of pages, and how states look.

Catalogues stand in `hub/locale`: `hub` holds sentences under the codes and phrases that the nouns
register, `pages` what pages say besides.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from hub.base import money
from rules import (
    LANGUAGES,
    Catalogue,
    DecimalWriter,
    UnwordedError,
    add_catalogue,
    group_digits,
    shown_amount,
)
from rules.words.catalogues import message

_LOCALE: Final = Path(__file__).parent.parent / "locale"
CATALOGUE: Final = Catalogue(_LOCALE, "hub")
PAGES: Final = Catalogue(_LOCALE, "pages")
add_catalogue(CATALOGUE)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: the id of its words in `pages`, its colour's class and its icon."""

    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """What pages say in one language: texts of the catalogue `pages` by their ids."""

    language: str = LANGUAGES[0]

    def text(self, name: str, /, **values: object) -> str:
        """Write a text with its values: `text("order.title", number="shop-1-7")`.

        Raises UnwordedError where the catalogue has none of this id.
        """
        return self.message(name).format(**values)

    def message(self, name: str) -> str:
        """Give the text of an id as the catalogue has it, its values yet to come."""
        found = PAGES.find(self.language, name)
        if found is None:
            raise UnwordedError(name, f"has no text in '{self.language}'")
        return found

    def counted(self, name: str, count: int, /, **values: object) -> str:
        """Write a text in the form that goes with a count: `1 line`, `2 lines`."""
        return self.counted_message(name, count).format(count=grouped(count), **values)

    def counted_message(self, name: str, count: int) -> str:
        """Give the form of a text that goes with a count, its values yet to come."""
        found = PAGES.find_counted(self.language, name, count)
        if found is None:
            raise UnwordedError(name, f"has no forms in '{self.language}'")
        return found

    def day(self, value: date) -> str:
        """Write a date: 21 Nov 2026."""
        return f"{value.day} {self.named('month', value.month)} {value.year}"

    def named(self, family: str, code: object) -> str:
        """Name a code in words: `named("role", "rule_writer")` is `rule writer`.

        Words of `pages` come first, those of reasons next; a code that nobody worded is its own.
        """
        name = f"{family}.{code}"
        found = PAGES.find(self.language, name) or message(self.language, name)
        return found or str(code).replace("_", " ")


def grouped(count: int) -> str:
    """Write a count with its thousands parted: 1,234,567; with the minus that amounts have."""
    digits = group_digits(abs(count), indian=False)
    return f"{money.MINUS}{digits}" if count < 0 else digits


@dataclass(frozen=True, slots=True)
class SentenceWriter(DecimalWriter):
    """Writes the values in the hub's sentences: amounts as in their currency, days in words."""

    language: str = LANGUAGES[0]

    def day(self, day: str) -> str:
        """Write a day as pages do, 2026-11-21 as 21 Nov 2026; what is none, as it stands."""
        try:
            return PageWords(self.language).day(date.fromisoformat(day))
        except ValueError:
            return day

    def money(self, amount: int) -> str:
        """Write an amount of the minor unit: 121000000 at scale 2 is `12,10,000.00` of rupees."""
        return shown_amount(amount, self.currency, self.scale)
