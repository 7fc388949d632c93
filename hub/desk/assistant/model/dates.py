"""The days that a question asks about: weeks from Monday, years of account from 1 April.

Words in English and Hindi are first brought to a few plain ones (`pichhle hafte` is `last week`);
then one table of patterns reads them, the longest pattern first. Periods are cut at today.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hub.desk.assistant.model.amounts import NUMBER_WORDS
from hub.desk.assistant.model.day_words import MONTHS, PLAIN_WORDS, WEEKDAYS
from hub.desk.assistant.model.spelling import Word, distance
from hub.desk.reports.model.requests import Period, RequestError

_UNSURE: Final = frozenset(
    {"may", "mai", "mar", "sat", "sun", "mon", "is", "sal", "wed", "dec", "second"}
)
_SHORT: Final = 4
_SHORT_MONTHS: Final = frozenset(
    (
        *("jan", "feb", "mar", "apr", "may", "mai", "june", "july", "jun", "jul", "joon"),
        *("aug", "sep", "sept", "oct", "nov", "dec"),
    )
)
"""Short names of months count only as they are written: `now` is not `nov`, nor `me` `may`."""
_SHORTEST_MISTYPED: Final = 5
_CLOSED: Final = frozenset(["month", "week", "year", "quarter", "today", "yesterday"]) | set(MONTHS)


@dataclass(frozen=True, slots=True)
class ReadDays:
    """What a question says of days: the period, the words it stands in, or a date there is not.

    `two` are two periods apart from each other, the later one first: one stands beside the other.
    """

    period: Period | None = None
    used: frozenset[int] = frozenset()
    impossible: str = ""
    two: tuple[Period, Period] | None = None


_M: Final = f"(?P<m>{'|'.join(MONTHS)})"
_M2: Final = _M.replace("<m>", "<m2>")
_Y: Final = r"(?: (?P<y>20\d\d))?"
_Y2: Final = _Y.replace("<y>", "<y2>")
_D: Final = r"(?P<d>\d{1,2})(?: ?(?:st|nd|rd|th|tarikh))?"
_D2: Final = _D.replace("<d>", "<d2>")
_OF: Final = r"(?: of| the)*"
_TO: Final = r" (?:to|till|and|se|from)(?: the)? "
_N: Final = r"(?P<n>\d+)"
_UNIT: Final = r"(?P<u>day|week|month|quarter|year)"
_BEGIN: Final = r"(?:(?:between|from|since|on|dated|date)(?: the)? )?"
_END: Final = r"(?: (?:till|se|to|between|of between)\b(?! \d))*"
_YEAR_ALONE: Final = r"(?P<year>20[0-3]\d)(?! (?:k|lakh|rs|rupees|day|piece|order)s?\b)"
_DATE: Final = r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4})"
_DATE2: Final = _DATE.replace("<iso>", "<iso2>")
_NOW: Final = r"(?: (?:till|to|se)(?: the)? (?:today|date|now))?"


def first_of_quarter(day: date) -> date:
    """Give the first day of a day's quarter: April, July, October or January."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def first_of_account(day: date) -> date:
    """Give the 1 April that begins a day's year of account."""
    return date(day.year - (day.month < 4), 4, 1)  # noqa: PLR2004 - April


def _shift(day: date, months: int) -> date:
    """Give the first day of the month so many months away."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _end_of(first: date, months: int = 1) -> date:
    return _shift(first, months) - timedelta(1)


@dataclass(frozen=True, slots=True)
class _Days:
    """Makes periods as seen from a day."""

    today: date

    def unit(self, way: str, unit: str) -> Period:
        """Give this or the last week, month, quarter or year of account."""
        if unit == "day":
            day = self.today - timedelta(way == "last")
            return self.between(day, day, "yesterday" if way == "last" else "today")
        monday = self.today - timedelta(self.today.weekday())
        first = {
            "week": monday,
            "month": self.today.replace(day=1),
            "quarter": first_of_quarter(self.today),
            "year": first_of_account(self.today),
        }[unit]
        name = "fy" if unit == "year" else unit
        if way == "this":
            return self.between(first, self.today, "fy" if name == "fy" else f"this_{name}")
        before = (
            first - timedelta(7)
            if unit == "week"
            else _shift(first, -{"month": 1, "quarter": 3, "year": 12}[unit])
        )
        return self.between(before, first - timedelta(1), f"last_{name}")

    def rolling(self, count: int, unit: str) -> Period:
        """Give the last so many days, today among them; months are counted back by their date."""
        if unit in {"day", "week"}:
            days = count * (7 if unit == "week" else 1)
            return self.between(self.today - timedelta(days - 1), self.today, f"last_{days}_days")
        first = self._earlier(count, unit) + timedelta(1)
        return self.between(first, self.today, f"last_{count}_{unit}s")

    def month(self, number: int, year: str | None) -> date:
        """Give the first day of a month: of the year that is named, else the latest one."""
        if year:
            return date(int(year), number, 1)
        return date(self.today.year - (number > self.today.month), number, 1)

    def back(self, count: int, unit: str = "day") -> Period:
        """Give the one day so many days, weeks, months, quarters or years ago."""
        if unit in {"day", "week"}:
            day = self.today - timedelta(count * (7 if unit == "week" else 1))
        else:
            day = self._earlier(count, unit)
        return self.between(day, day)

    def _earlier(self, count: int, unit: str) -> date:
        """Give the same date so many months, quarters or years ago: of 31 May, 30 April."""
        start = _shift(self.today, -count * {"month": 1, "quarter": 3, "year": 12}[unit])
        return start.replace(day=min(self.today.day, _end_of(start).day))

    def between(self, first: date, last: date, expr: str = "") -> Period:
        """Give the days from one to another, cut at today where they began before."""
        if first <= self.today < last:
            last = self.today
        return Period(expr or f"{first}..{last}", first, last)


def _number(name: str) -> int:
    return MONTHS.index(name) + 1


def _one_date(text: str) -> date:
    if "/" not in text:
        year, month, day = (int(one) for one in text.split("-"))
        return date(year, month, day)
    day, month, year = (int(one) for one in text.split("/"))
    return date(year + 2000 if year < 100 else year, month, day)  # noqa: PLR2004 - 26 is 2026


Maker = Callable[[re.Match[str], _Days], Period]


def _iso(m: re.Match[str], d: _Days) -> Period:
    first = _one_date(m["iso"])
    last = _one_date(m["iso2"]) if "iso2" in m.re.groupindex else first
    return d.between(first, last)


def _days_of_month(m: re.Match[str], d: _Days) -> Period:
    """`1 to 15 October`, `5 Nov 2026`, `1 Oct to 10 Nov`."""
    found = m.groupdict()
    start = d.month(_number(found["m"]), found.get("y") or found.get("y2"))
    first = start.replace(day=int(found["d"]))
    last = first
    if found.get("m2"):
        start = d.month(_number(found["m2"]), found.get("y2") or found.get("y"))
        last = start.replace(day=int(found["d2"]))
        if first > last:
            first = first.replace(year=first.year - 1)
    elif found.get("d2"):
        last = first.replace(day=int(found["d2"]))
    return d.between(first, last)


def _days_of_this(m: re.Match[str], d: _Days) -> Period:
    """`between the 1st and the 10th of this month`."""
    start = d.unit(m["w"] or "this", "month").first
    last = m.groupdict().get("d2") or m["d"]
    return d.between(start.replace(day=int(m["d"])), start.replace(day=int(last)))


def _months(m: re.Match[str], d: _Days) -> Period:
    """`October`, `September 2026`, `July to September`."""
    found = m.groupdict()
    if not found.get("m2"):
        first = d.month(_number(found["m"]), found.get("y"))
        return d.between(first, _end_of(first))
    last = d.month(_number(found["m2"]), found.get("y2"))
    year = found.get("y") or str(last.year - (_number(found["m"]) > last.month))
    return d.between(d.month(_number(found["m"]), year), _end_of(last))


def _since_month(m: re.Match[str], d: _Days) -> Period:
    first = d.month(_number(m["m"]), m["y"])
    if first == first_of_account(d.today):
        return d.unit("this", "year")
    return d.between(first, d.today)


def _since_day(m: re.Match[str], d: _Days) -> Period:
    start = d.month(_number(m["m"]), m["y"])
    return d.between(start.replace(day=int(m["d"])), d.today)


def _since_day_of_this(m: re.Match[str], d: _Days) -> Period:
    return d.between(d.unit(m["w"], "month").first.replace(day=int(m["d"])), d.today)


def _until_day_of(m: re.Match[str], d: _Days) -> Period:
    """`this month till the 10th`, `till 10 November this month`: from the month's first day on."""
    found = m.groupdict()
    start = d.unit(found["w"], "month").first
    if found.get("m") and _number(found["m"]) != start.month:
        raise ValueError(m.group())
    return d.between(start, start.replace(day=int(found["d"])))


def _since_date(m: re.Match[str], d: _Days) -> Period:
    return d.between(_one_date(m["iso"]), d.today)


def _years(m: re.Match[str], d: _Days) -> Period:
    """`in 2025`, `from 2016 to 2026`: whole years from 1 January, unless one is of account."""
    last = int(m.groupdict().get("year2") or m["year"])
    return d.between(date(int(m["year"]), 1, 1), date(last, 12, 31))


def _since_year(m: re.Match[str], d: _Days) -> Period:
    return d.between(date(int(m["year"]), 1, 1), d.today)


def _since_weekday(m: re.Match[str], d: _Days) -> Period:
    back = (d.today.weekday() - WEEKDAYS.index(m["wd"])) % 7
    if back == d.today.weekday():
        return d.unit("this", "week")
    return d.between(d.today - timedelta(back), d.today)


def _weekday(m: re.Match[str], d: _Days) -> Period:
    back = (d.today.weekday() - WEEKDAYS.index(m["wd"])) % 7
    back = 7 if back == 0 and m["w"] else back
    day = d.today - timedelta(back)
    return d.between(day, day)


def _account(m: re.Match[str], d: _Days) -> Period:
    """`FY 2025-26`, `FY26`, `financial year 2025-26`."""
    text = m["fy"]
    start = int(text[:4]) if len(text) > 4 else _account_of(text)  # noqa: PLR2004
    first = date(start, 4, 1)
    expr = {0: "fy", 1: "last_fy"}.get(first_of_account(d.today).year - start, f"fy_{start}")
    return d.between(first, date(start + 1, 3, 31), expr)


def _this(unit: str) -> Maker:
    return lambda _, d: d.unit("this", unit)


def _account_of(text: str) -> int:
    """FY26 and FY 2026 end in 2026."""
    return int(text) % 100 + 2000 - 1


def _quarter(m: re.Match[str], d: _Days) -> Period:
    """`Q1`, `second quarter of FY 2025-26`: quarters of the year of account."""
    order = ("first", "second", "third", "fourth")
    number = int(m["q"]) if m["q"] else order.index(m["nth"]) + 1
    start = first_of_account(d.today)
    if m["fy"]:
        start = _account(m, d).first
    elif m["w"] == "last":
        start = _shift(start, -12)
    first = _shift(start, 3 * (number - 1))
    if first > d.today and not m["fy"] and not m["w"]:
        first = _shift(first, -12)
    return d.between(first, _end_of(first, 3))


def _half(m: re.Match[str], d: _Days) -> Period:
    """`H1`, `second half of FY 2025-26`: April to September, October to March."""
    is_first = m["h"] == "1" or m["nth"] == "first"
    start = _account(m, d).first if m["fy"] else first_of_account(d.today)
    start = date(int(m["y"]), 4, 1) if m["y"] else start
    start = _shift(start, -12) if m["w"] == "last" else start
    first = start if is_first else _shift(start, 6)
    if first > d.today and not (m["fy"] or m["w"] or m["y"]):
        first = _shift(first, -12)
    return d.between(first, _end_of(first, 6))


def _part_of_month(m: re.Match[str], d: _Days) -> Period:
    """`first week of October`, `first half of this month`, `last 10 days of September`."""
    found = m.groupdict()
    start = (
        d.month(_number(found["m"]), found.get("y"))
        if found.get("m")
        else d.unit(found["w"], "month").first
    )
    end = _end_of(start)
    order = {"first": 0, "second": 1, "third": 2, "fourth": 3}
    if found["part"] == "last":
        days = int(found["n"] or 1) * (7 if found["pu"] == "week" else 1)
        return d.between(end - timedelta(days - 1), end)
    if found["pu"] == "half":
        half = start + timedelta(15)
        if found["part"] == "first":
            return d.between(start, half - timedelta(1))
        return d.between(half, end)
    if found["pu"] == "week":
        first = start + timedelta(7 * order[found["part"]])
        return d.between(first, min(end, first + timedelta(6)))
    return d.between(start, start + timedelta(int(found["n"] or 1) - 1))


def _ago(m: re.Match[str], d: _Days) -> Period:
    return d.back(int(m["n"]), m["u"])


_FY: Final = r"(?:the )?(?:financial )?(?:year|fy) (?P<fy>20\d\d[-/]\d\d|20\d\d|\d\d)"
_WD: Final = f"(?P<wd>{'|'.join(WEEKDAYS)})"
_PART: Final = r"(?P<part>first|second|third|fourth|last)(?: (?P<n>\d+))? (?P<pu>day|week|half)"
_W: Final = r"(?P<w>this|last)"
_IN: Final = r"(?:(?:in|for|during|over|within) )?(?:the )?"
_YEAR: Final = r"(?:financial year|fy|year)"
_TILL: Final = r" (?:till|to)(?: the)? "
_TILL_NOW: Final = r" se(?: (?:till|today|now|abhi))*"
_QUARTER: Final = (
    r"(?:the )?(?:q (?P<q>[1-4])|(?P<nth>first|second|third|fourth) quarter)"
    rf"(?:(?: of)?(?: (?:the|{_W}))?(?: {_FY}| {_YEAR})?)?"
)
_HALF: Final = (
    r"(?:the )?(?:h (?P<h>[12])|(?P<nth>first|second) half)"
    rf"(?:(?: of)?(?: (?:the|{_W}))?(?: {_FY}| {_YEAR}|{_Y})?)?"
)
_TABLE: Final[tuple[tuple[str, Maker], ...]] = (
    (f"{_BEGIN}{_DATE}{_TO}{_DATE2}{_END}", _iso),
    (f"{_BEGIN}{_D}{_OF} {_M}{_Y}{_TO}{_D2}{_OF} {_M2}{_Y2}{_END}", _days_of_month),
    (f"{_BEGIN}{_M} {_D}{_Y}{_TO}{_M2} {_D2}{_Y2}{_END}", _days_of_month),
    (f"{_BEGIN}{_D}{_TO}{_D2}{_OF} {_M}{_Y}{_END}", _days_of_month),
    (f"{_BEGIN}{_M} {_D}{_TO}{_D2}{_Y}{_END}", _days_of_month),
    (f"{_BEGIN}{_D}{_TO}{_D2}{_OF} {_W} month{_END}", _days_of_this),
    (f"{_IN}{_W} month{_TILL}{_D}(?:{_OF} {_M})?", _until_day_of),
    (f"(?:till|to)(?: the)? {_D}(?:{_OF} {_M})?{_OF} {_W} month", _until_day_of),
    (f"(?:since|from) {_DATE}{_NOW}", _since_date),
    (f"{_BEGIN}{_DATE}", _iso),
    (f"(?:since|from)(?: the)? {_D}{_OF} {_M}{_Y}{_NOW}", _since_day),
    (f"{_D}{_OF} {_M}{_Y}{_TILL_NOW}", _since_day),
    (f"(?:since|from)(?: the)? {_D}{_OF} {_W} month{_NOW}", _since_day_of_this),
    (f"(?:on |dated )?(?:the )?{_D}{_OF} {_M}{_Y}", _days_of_month),
    (f"(?:on )?{_M} {_D}(?! lakh| k | rupees| day)(?: (?P<y>20\\d\\d))?", _days_of_month),
    (f"(?:on )?(?:the )?{_D}{_OF} {_W} month", _days_of_this),
    (f"{_IN}{_PART}{_OF} {_M}{_Y}", _part_of_month),
    (f"{_M}{_Y} of (?:the )?{_PART}", _part_of_month),
    (f"{_IN}{_PART}{_OF} {_W} month", _part_of_month),
    (f"{_BEGIN}{_M}{_Y}{_TO}{_M2}{_Y2}{_END}", _months),
    (f"(?:since|from){_OF}(?: (?:start|beginning) of)? {_M}{_Y}{_NOW}", _since_month),
    (f"{_M}{_Y}{_TILL_NOW}", _since_month),
    (f"{_IN}(?:month of )?{_M}{_Y}(?: month)?", _months),
    (_QUARTER, _quarter),
    (f"{_IN}{_HALF}", _half),
    (f"{_IN}{_FY}", _account),
    (
        f"(?:between|from) {_YEAR_ALONE}{_TO}{_YEAR_ALONE.replace('<year>', '<year2>')}{_END}",
        _years,
    ),
    (f"(?:since|from) {_YEAR_ALONE}{_NOW}", _since_year),
    (f"(?:in|for|during|of|over)(?: the)?(?: calendar)?(?: year)? {_YEAR_ALONE}", _years),
    (f"{_IN}{_W} (?:financial year|fy)", lambda m, d: d.unit(m["w"], "year")),
    (f"{_IN}(?:ytd|(?:this )?(?:financial year|fy)(?: to date)?|year to date)", _this("year")),
    (f"{_IN}{_W} {_YEAR}", lambda m, d: d.unit(m["w"], "year")),
    (f"{_IN}(?:mtd|month to date)", _this("month")),
    (f"{_IN}(?:qtd|quarter to date)", _this("quarter")),
    (f"(?:since|from) (?:last )?{_WD}{_NOW}", _since_weekday),
    (f"{_WD}{_TILL_NOW}", _since_weekday),
    (f"(?:on )?(?:{_W} )?{_WD}", _weekday),
    (f"{_IN}last {_N} {_UNIT}", lambda m, d: d.rolling(int(m["n"]), m["u"])),
    (f"(?:since )?{_N} {_UNIT} (?:ago|first)", _ago),
    (
        f"(?:since|from) (?:the )?(?:start|beginning)(?: of)?(?: this| the)? {_UNIT}",
        lambda m, d: d.unit("this", m["u"]),
    ),
    (r"(?:the )?day before yesterday|parso", lambda _, d: d.back(2)),
    (f"{_IN}{_W} {_UNIT}(?: (?:so far|to date))?", lambda m, d: d.unit(m["w"], m["u"])),
    (r"yesterday|kal", lambda _, d: d.unit("last", "day")),
    (r"today", lambda _, d: d.unit("this", "day")),
)
_PATTERNS: Final = tuple((re.compile(rf"(?<!\S)(?:{text})(?!\S)"), make) for text, make in _TABLE)


def read_days(
    words: Sequence[Word], today: date, *, taken: frozenset[int] = frozenset()
) -> ReadDays:
    """Read the period of a question, and the places of the words that say it.

    Of two periods the one that holds the other is meant (`was today busier than the rest of this
    week`); two apart from each other are no period (`impossible` says so), nor is 31 February.
    """
    plain = plain_words(words, taken)
    text = " ".join(plain)
    starts = _starts(plain)
    found: list[tuple[Period, frozenset[int]]] = []
    used: set[int] = set()
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(text):
            places = frozenset(starts[at] for at in range(*match.span()) if at in starts)
            if not places or places & used:
                continue
            try:
                found.append((make(match, _Days(today)), places))
            except (ValueError, OverflowError, RequestError):
                return ReadDays(None, places, match.group())
            used |= places
    return _widest(found, frozenset(used))


def _widest(found: Sequence[tuple[Period, frozenset[int]]], used: frozenset[int]) -> ReadDays:
    if not found:
        return ReadDays()
    widest = max(found, key=lambda one: (one[0].last - one[0].first, one[0].last))[0]
    for period, _ in found:
        if period.first < widest.first or period.last > widest.last:
            later, *others = sorted({one for one, _ in found}, key=lambda one: one.first)[::-1]
            two = (later, others[0]) if len(others) == 1 else None
            return ReadDays(None, used, "two periods", two)
    return ReadDays(widest, used)


def _starts(plain: Sequence[str]) -> dict[int, int]:
    """Give the word of each place in the joined text at which a word begins."""
    starts: dict[int, int] = {}
    at = 0
    for number, word in enumerate(plain):
        starts[at] = number
        at += len(word) + 1
    return starts


def plain_words(words: Sequence[Word], taken: frozenset[int] = frozenset()) -> list[str]:
    """Bring the words to those that the patterns know; taken ones become `_`."""
    plain = ["_" if at in taken else _plain_word(words, at) for at in range(len(words))]
    for at, word in enumerate(plain[:-1]):
        if words[at].fold == "is" and not words[at].hindi:
            after = plain[at + 1]
            units = ("week", "month", "quarter", "year", "financial", "fy")
            plain[at] = "this" if after in units else "_"
        if word == "second" and words[at].text not in {"second", "dusre", "doosre", "dusra"}:
            plain[at] = "_"
    return plain


def _plain_word(words: Sequence[Word], at: int) -> str:
    word = words[at]
    if word.fold in NUMBER_WORDS and _counts(words, at):
        return str(NUMBER_WORDS[word.fold])
    found = PLAIN_WORDS.get(word.fold)
    if found is None:
        return word.text if word.text[0].isdigit() else _mistyped(word.fold) or word.text
    if len(word.text) <= _SHORT and found in MONTHS and word.text not in _SHORT_MONTHS:
        return word.text
    return "_" if word.text in _UNSURE and not _dated(words, at, found) else found


def _counts(words: Sequence[Word], at: int) -> bool:
    """Say whether a word that may be a number stands before days, weeks, months."""
    after = words[at + 1].fold if at + 1 < len(words) else ""
    return PLAIN_WORDS.get(after) in {"day", "week", "month", "quarter", "year"}


def _dated(words: Sequence[Word], at: int, found: str) -> bool:
    """Say whether a word that may be a month or a day of the week stands where one would."""
    if found in {"this", "year", "second"}:
        return True
    near = [words[one].text for one in (at - 1, at + 1) if 0 <= one < len(words)]
    before = words[at - 1].text if at else ""
    leads = {"in", "of", "for", "since", "from", "on", "last", "to", "and", "between", "during"}
    return any(one.isdigit() for one in near) or before in leads


@lru_cache(maxsize=20_000)
def _mistyped(word: str) -> str:
    """Give the month or stretch of time that a word is one wrong letter from."""
    if len(word) < _SHORTEST_MISTYPED:
        return ""
    for known, plain in PLAIN_WORDS.items():
        near = known[0] == word[0] and len(known) >= _SHORTEST_MISTYPED - 1
        if near and plain in _CLOSED and distance(word, known, 1) == 1:
            return plain
    return ""
