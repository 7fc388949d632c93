"""The filters of a list: what may be chosen, how it stands in the address, and on its chip."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final, Protocol

from sqlalchemy import Connection
from starlette.datastructures import QueryParams

from hub.base import money
from hub.base.access import Session
from hub.base.words import PageWords
from hub.web import formats

_LONGEST: Final = 100
_MOST: Final = 20
_LARGEST: Final = 2**63 - 1
_WRITTEN: Final = re.compile(r"[0-9][0-9,]*(\.[0-9]+)?")


class FilterError(ValueError):
    """What stands in the address is nothing that the filter knows."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks at a list, in which words, and the database to find what may be chosen.

    `house` writes amounts of the books.
    """

    session: Session
    words: PageWords
    connection: Connection
    house: money.HouseMoney


@dataclass(frozen=True, slots=True)
class Option:
    """One value that may be chosen; `words` are what people call it."""

    value: str
    words: str


GiveOptions = Callable[[Asking], Sequence[Option]]


class Filter(Protocol):
    """One filter of a list; `label` is the id of its words, `kind` says how it is drawn."""

    @property
    def kind(self) -> str:
        """Say how the filter is drawn."""

    @property
    def name(self) -> str:
        """Give its name in the address, and among what is chosen."""

    @property
    def label(self) -> str:
        """Give the id of its words."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Give the names of its fields in the address."""

    def read(self, query: QueryParams) -> tuple[str, ...]:
        """Read what is chosen from an address, nothing where it is not set; raises FilterError."""

    def write(self, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
        """Write what is chosen into an address."""

    def say(self, chosen: tuple[str, ...], asking: Asking) -> str:
        """Say what is chosen, for the filter's chip."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One or several of some values; one with `usual` is set so where the address is silent.

    Of a choice with `usual`, the value `0` stands for all.
    """

    kind: ClassVar[str] = "choice"
    name: str
    label: str
    options: GiveOptions
    usual: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Give the name of its field."""
        return (self.name,)

    def read(self, query: QueryParams) -> tuple[str, ...]:
        """Read the values; that each is one that may be chosen is the list's to see."""
        given = [value for value in query.getlist(self.name) if value]
        if not given and self.usual:
            return (self.usual,)
        if len(given) > _MOST or any(len(value) > _LONGEST for value in given):
            raise FilterError(self.name)
        return () if self.usual and given == ["0"] else tuple(dict.fromkeys(given))

    def write(self, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
        """Write the values; nothing where it is as usual."""
        if self.usual:
            return [] if chosen == (self.usual,) else [(self.name, "".join(chosen) or "0")]
        return [(self.name, value) for value in chosen]

    def say(self, chosen: tuple[str, ...], asking: Asking) -> str:
        """Name the chosen values."""
        names = {option.value: option.words for option in self.options(asking)}
        return ", ".join(names.get(value, value) for value in chosen)


@dataclass(frozen=True, slots=True)
class Match:
    """A text that something has to match, such as a customer's code or name."""

    kind: ClassVar[str] = "match"
    name: str
    label: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Give the name of its field."""
        return (self.name,)

    def read(self, query: QueryParams) -> tuple[str, ...]:
        """Read the text."""
        text = query.get(self.name, "").strip()
        if len(text) > _LONGEST:
            raise FilterError(self.name)
        return (text,) if text else ()

    def write(self, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
        """Write the text."""
        return [(self.name, value) for value in chosen]

    def say(self, chosen: tuple[str, ...], asking: Asking) -> str:
        """Repeat the text."""
        del asking
        return formats.readable(chosen[0])


@dataclass(frozen=True, slots=True)
class _Range:
    """A range that may be open at either end."""

    name: str
    label: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Give the names of both ends."""
        return (f"{self.name}_from", f"{self.name}_to")

    def write(self, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
        """Write both ends, where they are set."""
        ends = zip(self.fields, chosen, strict=False)
        return [(name, self.show(value)) for name, value in ends if value]

    def show(self, value: str) -> str:
        """Write an end as the field has it."""
        return value

    def _ends(self, query: QueryParams) -> tuple[str, str]:
        first, last = (query.get(name, "").strip() for name in self.fields)
        if max(len(first), len(last)) > _LONGEST:
            raise FilterError(self.name)
        return first, last


@dataclass(frozen=True, slots=True)
class Dates(_Range):
    """A range of dates, both ends in it."""

    kind: ClassVar[str] = "dates"

    def read(self, query: QueryParams) -> tuple[str, ...]:
        """Read both days; raises FilterError for what is no date."""
        ends = self._ends(query)
        try:
            read = tuple(date.fromisoformat(end).isoformat() if end else "" for end in ends)
        except ValueError as error:
            raise FilterError(self.name) from error
        return read if any(read) else ()

    def say(self, chosen: tuple[str, ...], asking: Asking) -> str:
        """Write both days, as `1 Nov 2026` to `7 Nov 2026`."""
        words = asking.words
        days = [formats.day(date.fromisoformat(end), words) if end else "" for end in chosen]
        return _between(days, words)


@dataclass(frozen=True, slots=True)
class Amounts(_Range):
    """A range of amounts, both ends in it; the address has them in the major unit."""

    kind: ClassVar[str] = "amounts"
    scale: int = money.HOUSE_SCALE

    def read(self, query: QueryParams) -> tuple[str, ...]:
        """Read `1,200.50` as `120050`; raises FilterError for what is no amount."""
        read = tuple(self._minor(end) if end else "" for end in self._ends(query))
        return read if any(read) else ()

    def show(self, value: str) -> str:
        """Write an amount as the field has it."""
        return f"{Decimal(value).scaleb(-self.scale):f}"

    def say(self, chosen: tuple[str, ...], asking: Asking) -> str:
        """Write both amounts."""
        ends = [asking.house.write(int(end)) if end else "" for end in chosen]
        return _between(ends, asking.words)

    def _minor(self, written: str) -> str:
        if not _WRITTEN.fullmatch(written):
            raise FilterError(self.name)
        try:
            minor = int(Decimal(written.replace(",", "")).scaleb(self.scale))
        except (InvalidOperation, OverflowError) as error:
            raise FilterError(self.name) from error
        if minor > _LARGEST:
            raise FilterError(self.name)
        return str(minor)


def _between(ends: Sequence[str], words: PageWords) -> str:
    first, last = ends
    if first and last:
        return f"{first} \u2013 {last}"
    if first:
        return words.text("listing.from", value=first)
    return words.text("listing.to", value=last)


def worded(family: str, codes: Sequence[str]) -> GiveOptions:
    """Make the options of a fixed set of codes, named by a family of words."""

    def give(asking: Asking) -> Sequence[Option]:
        return [Option(code, asking.words.named(family, code)) for code in codes]

    return give
