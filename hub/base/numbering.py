"""Numbering: the numbers of documents, without a gap in a seller's financial year.

A series belongs to a seller and a kind of document (`invoice`, `credit_note`), and begins again
with each financial year. Its row is locked from the number to the commit: a transaction that is
rolled back gives its number back.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Column, Connection, Integer, Table, select, text

from hub.base.engine.columns import Amount, BigId, Word, metadata
from hub.base.transaction import LockRank, Transaction

LONGEST: Final = 16
"""The most characters that a document's number may have in GST (rule 46(b))."""
_APRIL: Final = 4
_DECEMBER: Final = 12
_YEAR: Final = "{year}"
_ALLOWED: Final = re.compile(r"[A-Z1-9][A-Z0-9/-]*")

series: Final = Table(
    "series",
    metadata,
    Column("seller_id", BigId, primary_key=True, autoincrement=False),
    Column("kind", Word, primary_key=True),
    Column("financial_year", Word, primary_key=True),
    Column("prefix", Word, nullable=False),
    Column("digits", Integer, nullable=False),
    Column("start_month", Integer, nullable=False),
    Column("next", Amount, nullable=False),
    Column("skipped", Amount, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)
"""The series of a seller's documents; `skipped` counts the numbers that papers outside have."""
_NEWEST: Final = """
SELECT start_month, prefix, digits FROM series
WHERE seller_id = ? AND kind = ? ORDER BY financial_year DESC LIMIT 1
"""
_BEGIN: Final = """
INSERT INTO series (seller_id, kind, financial_year, start_month, prefix, digits, next)
VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (seller_id, kind, financial_year)
"""
_DEFINE: Final = (
    _BEGIN
    + """
DO UPDATE SET prefix = excluded.prefix, digits = excluded.digits
WHERE series.next = 1 OR (series.prefix = excluded.prefix AND series.digits <= excluded.digits)
RETURNING next
"""
)
_OTHERS: Final = """
SELECT kind, prefix, digits FROM series s WHERE seller_id = ? AND kind <> ? AND financial_year = (
    SELECT max(n.financial_year) FROM series n WHERE n.seller_id = s.seller_id AND n.kind = s.kind
) ORDER BY kind
"""
_OF_YEAR: Final = " WHERE seller_id = ? AND kind = ? AND financial_year = ?"
_LOCK: Final = "SELECT prefix, digits, next FROM series" + _OF_YEAR  # noqa: S608  # all of it ours
_RAISE: Final = "UPDATE series SET next = next + ?" + _OF_YEAR  # noqa: S608
_SKIP: Final = "UPDATE series SET next = next + ?, skipped = skipped + ?" + _OF_YEAR  # noqa: S608


class SeriesError(Exception):
    """A series of numbers cannot be as asked; the text says why."""


class UndefinedSeriesError(SeriesError):
    """A seller has no series for a kind of document."""

    def __init__(self, seller: int, kind: str) -> None:
        super().__init__(f"seller {seller} has no series for {kind}")
        self.seller: Final = seller
        self.kind: Final = kind


class FullSeriesError(SeriesError):
    """A series has no number left in its financial year; more digits make room."""

    def __init__(self, kind: str, year: str) -> None:
        super().__init__(f"the series {kind} of {year} has no number left: give it more digits")
        self.kind: Final = kind
        self.year: Final = year


class TakenSeriesError(SeriesError):
    """Another kind of a seller's documents has the numbers of a series, or begins alike."""

    def __init__(self, kind: str, prefix: str) -> None:
        super().__init__(f"{prefix} is the beginning of another kind: {kind}")
        self.kind: Final = kind


class LongNumberError(SeriesError):
    """A number of a series would have more characters than the law allows."""

    def __init__(self, number: str, longest: int) -> None:
        super().__init__(f"{number} has more than {longest} characters")
        self.number: Final = number
        self.longest: Final = longest


class WrongNumberError(SeriesError):
    """A number of a series would have characters that the law does not allow."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} is not made of capital letters, digits, - and /, "
            "beginning with a letter or a digit other than 0"
        )
        self.number: Final = number


class BegunSeriesError(SeriesError):
    """A series has numbers in its financial year: until the next one its prefix stays."""

    def __init__(self, kind: str, year: str) -> None:
        super().__init__(f"the series {kind} of {year} has numbers already")
        self.year: Final = year


@dataclass(frozen=True, slots=True)
class Series:
    """How a seller numbers a kind of document.

    `prefix` may hold `{year}`: `A{year}/` with five digits numbers `A26-27/00001`. A year begins
    with the first of its `start_month`. `longest` is the most characters a number may have.
    """

    seller: int
    kind: str
    prefix: str
    digits: int = 5
    start_month: int = _APRIL
    longest: int = LONGEST

    def __post_init__(self) -> None:
        if not 1 <= self.start_month <= _DECEMBER:
            raise SeriesError(f"a year does not begin in month {self.start_month}")
        if self.digits < 1:
            raise SeriesError("a number has one digit at least")
        year = financial_year(date(2026, self.start_month, 1), self.start_month)
        for counted in (1, 10**self.digits - 1):
            number = _written(self.prefix, year=year, digits=self.digits, counted=counted)
            if len(number) > self.longest:
                raise LongNumberError(number, self.longest)
            if not _ALLOWED.fullmatch(number):
                raise WrongNumberError(number)


def financial_year(day: date, start_month: int = _APRIL) -> str:
    """Name the financial year of a day: 2026-27 from 1 April 2026; from January it is 2026."""
    begins = day.year if day.month >= start_month else day.year - 1
    if start_month == 1:
        return str(begins)
    return f"{begins}-{(begins + 1) % 100:02d}"


def define(t: Transaction, terms: Series, *, day: date) -> None:
    """Define a series from the financial year of a day on, until it is defined anew.

    Once the year has a number its prefix stays, and its digits may only become more. No other kind
    of the seller's documents may have its numbers. Raises SeriesError.
    """
    t.lock(LockRank.SERIES, {(terms.seller, terms.kind)})
    year = financial_year(day, terms.start_month)
    for kind, prefix, digits in t.rows(_OTHERS, (terms.seller, terms.kind)):
        if _meet((terms.prefix, terms.digits), (prefix, digits), year=year):
            raise TakenSeriesError(kind, prefix)
    row = (terms.seller, terms.kind, year, terms.start_month, terms.prefix, terms.digits)
    if not t.rows(_DEFINE, row):
        raise BegunSeriesError(terms.kind, year)


def define_usual(t: Transaction, terms: Series, *, day: date) -> None:
    """Define a series that nobody has set; an `X` stands before it where another kind has it."""
    try:
        define(t, terms, day=day)
    except TakenSeriesError:
        define(t, replace(terms, prefix=f"X{terms.prefix}"), day=day)


def next_number(t: Transaction, *, seller: int, kind: str, day: date) -> str:
    """Take the next number of a seller's series; the last lock of the transaction.

    Who takes from several series takes in the order of their kinds. Raises UndefinedSeriesError,
    FullSeriesError.
    """
    return next_numbers(t, seller=seller, kind=kind, day=day, count=1)[0]


def next_numbers(t: Transaction, *, seller: int, kind: str, day: date, count: int) -> list[str]:
    """Take so many numbers at once, as `next_number` does."""
    found = _lock_year(t, seller=seller, kind=kind, day=day)
    if found.next + count > 10**found.digits:
        raise FullSeriesError(kind, found.key[2])
    t.many(_RAISE, [(count, *found.key)])
    return [found.write(counted) for counted in range(found.next, found.next + count)]


@dataclass(frozen=True, slots=True)
class _Year:
    """A series in a financial year, under lock."""

    key: tuple[int, str, str]
    prefix: str
    digits: int
    next: int

    def write(self, counted: int) -> str:
        return _written(self.prefix, year=self.key[2], digits=self.digits, counted=counted)


def _lock_year(t: Transaction, *, seller: int, kind: str, day: date) -> _Year:
    """Lock a series in the financial year of a day, which begins with its first number."""
    t.lock(LockRank.SERIES, {(seller, kind)})
    newest = t.rows(_NEWEST, (seller, kind))
    if not newest:
        raise UndefinedSeriesError(seller, kind)
    key = (seller, kind, financial_year(day, newest[0][0]))
    lock = _LOCK + t.database.lock
    rows = t.rows(lock, key)
    if not rows:
        t.many(_BEGIN + "DO NOTHING", [(*key, *newest[0])])
        rows = t.rows(lock, key)
    return _Year(key, *rows[0])


@dataclass(frozen=True, slots=True)
class Skipped:
    """Numbers that were skipped, as they are written; `after` is the one that is given next."""

    first: str
    last: str
    after: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """A number to which a series cannot be moved on; `after` is the one that is given next."""

    after: str


def move_on(
    t: Transaction, *, seller: int, kind: str, day: date, last: str, most: int
) -> Skipped | Unfit:
    """Skip the numbers up to one that a paper has of which these books know nothing.

    `last` is that number, whole (`INV26-27/000050`) or its count (`50`). One that was given already
    is unfit, as is one that lies more than `most` ahead. Raises UndefinedSeriesError.
    """
    found = _lock_year(t, seller=seller, kind=kind, day=day)
    after = found.write(found.next)
    digits = last.strip().upper().removeprefix(found.write(1).removesuffix(f"{1:0{found.digits}d}"))
    counted = int(digits) if digits.isascii() and digits.isdigit() else 0
    skipped = counted + 1 - found.next
    if not 0 < skipped <= most or counted >= 10**found.digits - 1:
        return Unfit(after)
    t.many(_SKIP, [(skipped, skipped, *found.key)])
    return Skipped(after, found.write(counted), found.write(counted + 1))


def last_number(connection: Connection, *, seller: int, kind: str, day: date) -> str | None:
    """Read the last number given in the financial year of a day; None where none was."""
    query = select(series).where(series.c.seller_id == seller, series.c.kind == kind)
    for row in connection.execute(query):
        is_of_year = row.financial_year == financial_year(day, row.start_month)
        if is_of_year and row.next > 1:
            return _written(
                row.prefix, year=row.financial_year, digits=row.digits, counted=row.next - 1
            )
    return None


def _written(prefix: str, *, year: str, digits: int, counted: int) -> str:
    """Write a number: its prefix, with the short year in it, and its count with leading zeros."""
    return f"{prefix.replace(_YEAR, year[2:])}{counted:0{digits}d}"


def _meet(one: tuple[str, int], other: tuple[str, int], *, year: str) -> bool:
    """Say whether two series begin alike, or have a number in common.

    `A` with six digits and `A0` with five have: `A000001` is the first of both.
    """
    (short, few), (long, many) = sorted(
        ((prefix.replace(_YEAR, year[2:]), digits) for prefix, digits in (one, other)),
        key=lambda said: len(said[0]),
    )
    if short == long:
        return True
    rest = long.removeprefix(short)
    is_longer = len(rest) < len(long) or not short
    return is_longer and rest.isdecimal() and len(short) + few == len(long) + many


class SeriesRow(NamedTuple):
    """A series in its newest year: the number that is given next, and how many are skipped."""

    seller: int
    kind: str
    year: str
    after: str
    given: int
    skipped: int


def newest_series(connection: Connection, sellers: Collection[int]) -> list[SeriesRow]:
    """Read the series of some sellers, each in its newest financial year."""
    query = select(series).where(series.c.seller_id.in_(sellers))
    newest: dict[tuple[int, str], SeriesRow] = {}
    order = (series.c.seller_id, series.c.kind, series.c.financial_year)
    for row in connection.execute(query.order_by(*order)):
        after = _written(row.prefix, year=row.financial_year, digits=row.digits, counted=row.next)
        given = row.next - 1 - row.skipped
        newest[row.seller_id, row.kind] = SeriesRow(
            row.seller_id, row.kind, row.financial_year, after, given, row.skipped
        )
    return list(newest.values())
