"""How far a target is: what was due by now, and what each working day that is left has to bring."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from hub.desk.reports.model.requests import Period
from hub.desk.workdays.model import Workdays

Word = Literal["reached", "ahead", "behind", "missed", "to_come"]
"""How a target stands: reached; ahead of what was due by now, or behind it; over, and not reached;
or its days are still to come."""
WORDS: Final[tuple[Word, ...]] = get_args(Word)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """A target beside what was achieved so far.

    Of its working `days`, `gone` are over: today is none of them. `due` is what was due by then in
    proportion, `needed` what each day that is left has to bring, today with it; None where no
    working day is left, nothing where the target is reached.
    """

    days: int
    gone: int
    due: int
    needed: int | None
    word: Word


def pace_of(target: int, achieved: int, *, days: Period, today: date, workdays: Workdays) -> Pace:
    """Give how far a target is on a day, by the working days of whose it is.

    Of 250,000.00 for November 2026, with its 25 working days, 17 are over on the 21st: 170,000.00
    were due. With 145,000.00 achieved, each of the 8 days left has to bring 13,125.00.
    """
    count, gone = workdays.count(days.first, days.last), _gone(days, today, workdays)
    due = (2 * target * gone + count) // (2 * count) if count else target
    return Pace(
        count,
        gone,
        due,
        _needed(target - achieved, count - gone),
        _word(target, achieved, due=due, days=days, today=today),
    )


def _gone(days: Period, today: date, workdays: Workdays) -> int:
    """Count the working days of a period that are over."""
    return workdays.count(days.first, min(days.last, today - _A_DAY))


def _needed(missing: int, left: int) -> int | None:
    if missing <= 0:
        return 0
    return -(-missing // left) if left else None


def _word(target: int, achieved: int, *, due: int, days: Period, today: date) -> Word:
    if achieved >= target:
        return "reached"
    if today < days.first:
        return "to_come"
    if today > days.last:
        return "missed"
    return "ahead" if achieved >= due else "behind"
