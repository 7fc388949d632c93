"""What stands beside what in a question: two shops, this month and the last one, a year ago.

Days that are compared become a request whose rows have both: the trends of sales, or any other
report month by month. What no report has side by side is asked back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hub.desk.assistant.model.choosing import Heard
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.periods import first_of, last_of, period_of
from hub.desk.reports.model.requests import Period, RequestError

_A_DAY: Final = timedelta(days=1)
_SPANS: Final = ("day", "week", "month", "quarter")
_SALES: Final = frozenset({"sales", "customer_sales", "product_contribution"})
_OF_DAYS: Final = frozenset(
    (
        *("trends", "orders", "order_summary", "customer_orders", "payments", "stock_movement"),
        *("unfilled", "delivery_notes", "order_to_cash", "scheme_performance", "claims"),
        *("visit_compliance", "productivity", "attendance"),
    )
)
"""The reports of what happened on days: what is owed or in stock was another thing last month."""
_NOW: Final[Mapping[str, str]] = {
    "yesterday": "today",
    "last_week": "this_week",
    "last_month": "this_month",
    "last_quarter": "this_quarter",
    "last_fy": "fy",
}
"""What stands beside a period that is named alone: beside last month, this one."""
_OVER: Final = frozenset(("over", "against", "from", "than", "on", "versus"))
_APRIL: Final = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """The report that has both times in its rows, over which days, and by what stretch of time.

    No period is the report's usual one.
    """

    report: str
    period: Period | None
    span: str | None


def is_compared(heard: Heard) -> bool:
    """Say whether a question compares: `vs`, `ke muqable`, `growth over last year`."""
    grew = any(one.tag == ("reports", "trends") for one in heard.said)
    return heard.cue("compare") or (grew and bool(heard.leads & _OVER))


def compare_days(report: str, heard: Heard, today: date) -> Beside | None:
    """Give what answers a question that compares days; None where nothing has both times."""
    if heard.two is not None:
        now, base = heard.two
    elif heard.period is None:
        return Beside(report, None, None) if report == "trends" else None
    elif (word := _NOW.get(heard.period.expr)) is not None:
        now, base = period_of(word, today), heard.period
    else:
        return None
    report = "trends" if report in _SALES else report
    if _is_year_before(now, base):
        whole = base.expr == "last_fy" and now.expr == "fy"
        return Beside(report, None if whole else now, None) if report == "trends" else None
    span = next((one for one in _SPANS if _is_next(one, base, now)), None)
    if span is None or report not in _OF_DAYS or span not in REPORTS[report].groups:
        return None
    days = now if report == "trends" else _both(base, now)
    return None if days is None else Beside(report, days, span)


def _is_next(span: str, base: Period, now: Period) -> bool:
    """Say that one period is a whole stretch of time, and the other the next one, so far."""
    is_whole = base.first == first_of(span, base.first) and base.last == last_of(span, base.first)
    begins = now.first == base.last + _A_DAY
    return is_whole and begins and now.last <= last_of(span, now.first)


def _is_year_before(now: Period, base: Period) -> bool:
    """Say that one period begins a year before the other, and lasts as long or to a year's end."""
    try:
        begun = now.first.replace(year=now.first.year - 1)
        ended = now.last.replace(year=now.last.year - 1)
    except ValueError:  # 29 February
        return False
    whole = now.expr == "fy" and base.first.month == _APRIL and base.last >= ended
    is_month = last_of("month", begun) == base.last and now.last <= last_of("month", now.first)
    return base.first == begun and (base.last == ended or whole or is_month)


def _both(base: Period, now: Period) -> Period | None:
    try:
        return Period(f"{base.first}..{now.last}", base.first, now.last)
    except RequestError:
        return None
