"""Say amounts, times and other people's text the way staff read them."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.words import PageWords

_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7 * _DAY
_LAST_MS: Final = 253_402_128_000_000
"""9999-12-30, so that it is a date in every zone."""
_UNITS: Final = {"wk": _WEEK, "d": _DAY, "h": _HOUR, "min": _MINUTE, "s": _SECOND}
_JUST_NOW: Final = 10 * _SECOND


def local(at_ms: int, zone: ZoneInfo) -> datetime:
    """Give a moment, kept as Unix milliseconds, in the distributor's zone.

    A stranger's clock may have said anything: later than the last day that can be written is that.
    """
    return datetime.fromtimestamp(min(at_ms, _LAST_MS) / _SECOND, UTC).astimezone(zone)


def exact(at_ms: int, zone: ZoneInfo, words: PageWords) -> str:
    """Write a moment in the distributor's zone: 21 Nov 2026, 14:05:09 IST."""
    moment = local(at_ms, zone)
    return f"{day(moment, words)}, {moment:%H:%M:%S %Z}"


def clock(at_ms: int, zone: ZoneInfo) -> str:
    """Write the time of day in the distributor's zone: 14:05:09."""
    return f"{local(at_ms, zone):%H:%M:%S}"


def day(value: date, words: PageWords) -> str:
    """Write a date: 21 Nov 2026."""
    return words.day(value)


def ago(at_ms: int, now_ms: int, words: PageWords) -> str:
    """Say how long ago a moment was; `app.js` keeps the words true while a page is open."""
    past = now_ms - at_ms
    if past < _JUST_NOW:
        return words.text("ago.now")
    unit, count = _largest(past)
    return words.text(f"ago.{unit}", count=count)


def span(length_ms: int, words: PageWords) -> str:
    """Say a length of time in its largest unit: 40 s, 12 min, 3 h, 2 d, 5 wk."""
    unit, count = _largest(length_ms)
    return words.counted(f"span.{unit}", count)


def _largest(length_ms: int) -> tuple[str, int]:
    """Measure a length of time in the largest unit that it fills."""
    for unit, length in _UNITS.items():
        if length_ms >= length:
            return unit, length_ms // length
    return "s", 0


def readable(text: str) -> str:
    """Show control characters as escapes, so that nothing a sender wrote can hide or move text.

    Format characters (category Cf) are kept where scripts need them: joiners in Indic and Arabic
    words and in emoji; direction overrides are shown.
    """
    return "".join(char if _plain(char) else ascii(char)[1:-1] for char in text)


def _plain(char: str) -> bool:
    if char in "\u200c\u200d\ufe0f":
        return True
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
