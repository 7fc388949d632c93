"""Addresses of reports: a request as one, and the address of the rows that a row stands for."""

from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode

from hub.base.access import Permission
from hub.desk.reports.model.addressed import query_of, read_request
from hub.desk.reports.model.answers import Answer, Line
from hub.desk.reports.model.forms import CUSTOMER_TYPES, ENTITIES, REPORTS
from hub.desk.reports.model.periods import last_of
from hub.desk.reports.model.requests import Named, Period, ReportRequest, RequestError

PLACE: Final = "/reports"
_FINER: Final = {"quarter": "month", "month": "day", "week": "day", "day": "order"}
_MADE_OF: Final = frozenset({"customer", "product", "scheme"})
"""Rows that have a record, and are made of others all the same."""
_ROWS: Final = ("order", "batch")
"""What a row leads to: the orders or the batches that it is made of."""


def address_of(request: ReportRequest, *more: tuple[str, str], place: str = PLACE) -> str:
    """Write the address of a report, and what is asked of its page besides."""
    query = urlencode([*query_of(request), *more])
    return f"{place}/{request.report}?{query}" if query else f"{place}/{request.report}"


def request_at(address: str, today: date) -> ReportRequest | None:
    """Read the request of a report's address; None where the address is of something else."""
    path, _, query = address.partition("?")
    report = path.removeprefix(f"{PLACE}/")
    if path == report or report not in REPORTS:
        return None
    try:
        return read_request(report, dict(parse_qsl(query)), today)
    except RequestError:
        return None


def rows_behind(answer: Answer, line: Line) -> str:
    """Give the address of what a row is made of; of a record's row, the record's own."""
    if line.address and answer.grain not in _MADE_OF:
        return line.address
    if answer.grain == "reason":
        return f"/orders?{urlencode({'status': 'held', 'days': '0', 'reason': line.key})}"
    return _narrowed_or_own(answer, line)


def needed_at(address: str) -> Permission:
    """Give the permission that a row's address asks for beside the report's own: a customer's."""
    return "customers.read" if address.startswith("/customers/") else ""


def _narrowed_or_own(answer: Answer, line: Line) -> str:
    narrowed = _narrowed(answer, line)
    if narrowed is None or narrowed == answer.request:
        return line.address
    return address_of(narrowed)


def _narrowed(answer: Answer, line: Line) -> ReportRequest | None:
    """Ask for the rows of one row: its customer's orders, its month's days."""
    request, grain, form = answer.request, answer.grain, answer.request.form
    by = next((one for one in _ROWS if one in form.groups), None)
    plain = replace(request, sort=None, limit=None)
    if grain in _FINER:
        days = _within(grain, date.fromisoformat(line.key), request.period)
        finer = _FINER[grain]
        return replace(plain, period=days, group_by=finer if finer in form.groups else by)
    value = _value_of(grain, line)
    if value is None or grain not in form.filters:
        return None
    try:
        return replace(plain.having(grain, value), group_by=by)
    except RequestError:
        return None


def _value_of(grain: str, line: Line) -> Named | str | None:
    if grain in ENTITIES:
        name = str(line.values["label"] or "")
        return Named(name, line.code) if name else None
    if grain == "status" or line.key in CUSTOMER_TYPES:
        return line.key
    return None


def _within(span: str, first: date, period: Period | None) -> Period:
    """Give the days of a stretch of time that lie in the period."""
    last = last_of(span, first)
    if period is not None:
        first, last = max(first, period.first), min(last, period.last)
    return Period(f"{first}..{last}", first, last)
