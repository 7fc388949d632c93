"""What stands in one cell of a list: the same for the page and for a file that is made of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from hub.base import money
from hub.base.access import Permission
from hub.base.words import Look, PageWords
from hub.web import formats

Plain = str | int | Decimal | date | datetime | None
"""What a file holds in a cell; a moment is of the distributor's zone, which it does not name."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, with a smaller one below it; `href` is where it leads those who have `needs`."""

    kind: ClassVar[str] = "text"
    value: str
    sub: str = ""
    href: str = ""
    needs: Permission = ""

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the text alone."""
        del zone, words
        return self.value


@dataclass(frozen=True, slots=True)
class State:
    """A state, drawn as a badge, with a note beside it."""

    kind: ClassVar[str] = "state"
    look: Look
    note: str = ""

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the state's words, and the note."""
        del zone
        said = words.text(self.look.words)
        return f"{said}: {self.note}" if self.note else said


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of a currency's minor unit, None where there is none yet.

    Without a currency it is in the house's own, which the page knows.
    """

    kind: ClassVar[str] = "amount"
    minor: int | None
    currency: str = ""
    scale: int = money.HOUSE_SCALE

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the amount in the major unit."""
        del zone, words
        return None if self.minor is None else Decimal(self.minor).scaleb(-self.scale)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; None where nobody knows."""

    kind: ClassVar[str] = "count"
    number: int | None
    sub: str = ""

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the number."""
        del zone, words
        return self.number


@dataclass(frozen=True, slots=True)
class Percent:
    """A part of a whole in hundredths of a percent, None where there is no whole."""

    kind: ClassVar[str] = "percent"
    hundredths: int | None

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the percent, with two decimals."""
        del zone, words
        return None if self.hundredths is None else Decimal(self.hundredths).scaleb(-2)

    def __str__(self) -> str:
        """Write it for people: 12.50 %."""
        if self.hundredths is None:
            return ""
        return f"{money.number(self.hundredths, '', 2)}\N{NO-BREAK SPACE}%"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in Unix milliseconds, None where it never was; `whole` with its day and zone."""

    kind: ClassVar[str] = "moment"
    at_ms: int | None
    ago: bool = False
    whole: bool = False

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the moment in the distributor's zone, to the second."""
        del words
        if self.at_ms is None:
            return None
        return formats.local(self.at_ms, zone).replace(microsecond=0, tzinfo=None)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, None where there is none."""

    kind: ClassVar[str] = "day"
    value: date | None

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give the date."""
        del zone, words
        return self.value


@dataclass(frozen=True, slots=True)
class Raw:
    """What somebody sent, as it came: unfolded under a few words."""

    kind: ClassVar[str] = "raw"
    said: str
    text: str

    def plain(self, zone: ZoneInfo, words: PageWords) -> Plain:
        """Give what was sent."""
        del zone, words
        return self.text


Cell = Text | State | Amount | Count | Percent | Moment | Day | Raw
