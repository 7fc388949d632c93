"""What a report's page and its files show: cells, chips, tiles of the totals, and the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.base import money
from hub.base.access import Scope
from hub.base.words import PageWords, grouped
from hub.desk.reports.model.answers import Answer, Compared, Heading, Line, Value
from hub.desk.reports.model.measures import MEASURES
from hub.desk.reports.model.periods import PERIODS, last_of, stretches
from hub.desk.reports.model.requests import FilterValue, Period, ReportRequest
from hub.desk.reports.pages.addresses import address_of, needed_at, rows_behind
from hub.desk.reports.reads.results.waiting import is_decided
from hub.desk.workdays.model import Workdays
from hub.web import formats
from hub.web.frames.cells import Amount, Cell, Count, Day, Moment, Percent, Text
from hub.web.frames.charts import Bar, Chart, sizes
from rules import group_digits

CHOICE_WORDS: Final = {
    "customer_type": "customer_type",
    "measure": "measure",
    "aimed": "target_kind",
    "span": "target_span",
}
"""By which words the filters are named that are one of some words."""
_NEVER: Final = date(9999, 12, 31)
_TO: Final = " \u2013 "
_MOST_BARS: Final = 100
_MOST_NAMES: Final = 10
_TIMES: Final = ("day", "week", "month", "quarter")


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the request that is set: what it says, and the address without it."""

    label: str
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Against:
    """A total of another period beside this one's; `change` is in hundredths of a percent."""

    words: str
    cell: Cell
    change: Percent | None
    fell: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A measure's total with what it is compared with."""

    label: str
    cell: Cell
    against: Sequence[Against]


def cell_of(answer: Answer, heading: Heading, value: Value, *, words: PageWords) -> Cell:
    """Write one value as its column has it."""
    if heading.name in MEASURES:
        return figure_of(answer, heading.name, value if isinstance(value, int) else None)
    if heading.span:
        return Text(said_span(heading.span, date.fromisoformat(str(value)), words))
    if heading.kind == "word":
        return Text(words.named(heading.family, value) if value else "")
    if heading.kind == "day":
        return Day(value if isinstance(value, date) and value != _NEVER else None)
    if heading.kind == "moment":
        return Moment(value if isinstance(value, int) else None)
    return Text(str(value or "") or words.text("report.none_named"))


def figure_of(answer: Answer, measure: str, value: int | None) -> Cell:
    """Write a figure in its measure's unit; no amount where there are several currencies."""
    unit = MEASURES[measure].unit
    if unit == "money":
        return Amount(value if answer.currency else None, answer.currency, answer.scale)
    return Percent(value) if unit == "percent" else Count(value)


def row_of(answer: Answer, line: Line, words: PageWords) -> list[Cell]:
    """Write a row; its first cell leads to what the row is made of."""
    _, *others = answer.headings
    name = name_of(answer, line, words)
    lead = name.value if isinstance(name, Text) else str(line.values["label"])
    sub = line.code if line.code != lead and "sku" not in line.values else ""
    cells = [cell_of(answer, one, line.values[one.name], words=words) for one in others]
    address = rows_behind(answer, line)
    return [Text(lead, sub=sub, href=address, needs=needed_at(address)), *cells]


def name_of(answer: Answer, line: Line, words: PageWords) -> Cell:
    """Write what a row is of; a scheme by what its rule pack calls it in the reader's language."""
    called = answer.called(line.key, words.language)
    if called:
        return Text(called)
    return cell_of(answer, answer.headings[0], line.values["label"], words=words)


def total_row(answer: Answer, words: PageWords) -> list[Cell]:
    """Write the row of totals, which are made as each measure says."""
    named = [
        figure_of(answer, one.name, answer.totals[one.name]) if one.name in MEASURES else Text("")
        for one in answer.headings[1:]
    ]
    return [Text(words.text("word.total")), *named]


def totals_of(answer: Answer, words: PageWords) -> list[Total]:
    """Put each total beside those of other periods."""
    return [
        Total(
            one.label,
            figure_of(answer, one.name, answer.totals[one.name]),
            [
                _against(answer, one.name, other, words=words)
                for other in answer.compared
                if one.counted != "now"
            ],
        )
        for one in answer.measures
    ]


def _against(answer: Answer, measure: str, other: Compared, *, words: PageWords) -> Against:
    now, then = answer.totals[measure], other.totals.get(measure)
    change = None
    if now is not None and then:
        change = (2 * (now - then) * 10_000 + then) // (2 * then)
    return Against(
        words.named("compared", other.name),
        figure_of(answer, measure, then),
        None if change is None else Percent(change),
        fell=bool(change and change < 0),
    )


def said_days(answer: Answer, words: PageWords, workdays: Workdays) -> str:
    """Say the days of each period and how many of them are worked: unequal ones mislead."""
    period = answer.request.period
    if period is None or not answer.compared:
        return ""
    known = [("now", period)]
    known += [(one.name, Period(one.name, one.first, one.last)) for one in answer.compared]
    return "; ".join(
        words.text(
            "report.days",
            which=words.named("compared", name),
            days=said_period(one, words, dates=True),
            working=grouped(workdays.count(one.first, one.last)),
        )
        for name, one in known
    )


def scope_words(scope: Scope, words: PageWords) -> str:
    """Say whose rows the reader sees."""
    if scope.narrowed:
        return words.text("report.scope_own")
    return words.text("report.scope_seller" if scope.sellers else "report.scope_party")


def chips_of(request: ReportRequest, words: PageWords) -> list[Chip]:
    """Say the whole request, each part with the address without it."""
    chips = []
    if request.period is not None:
        said = said_period(request.period, words)
        chips.append(
            Chip(f"report_by.{request.form.by}", said, address_of(request.without("period")))
        )
    chips += [
        Chip(
            f"report_filter.{name}",
            said_value(request, name, value, words=words),
            address_of(request.without(name)),
        )
        for name, value in request.filters
    ]
    if request.limit is not None:
        said = words.text("report.first_rows", count=grouped(request.limit))
        chips.append(Chip("report.rows", said, address_of(request.without("limit"))))
    return chips


def said_value(request: ReportRequest, name: str, value: FilterValue, *, words: PageWords) -> str:
    """Say what a filter is set to."""
    if name == "status":
        return status_words(request.report, str(value), words)
    if name in CHOICE_WORDS:
        return words.named(CHOICE_WORDS[name], value)
    if name in {"amount_gt", "amount_lt"}:
        return group_digits(int(str(value)), indian=True)
    if name == "mine" and request.report == "approvals" and not is_decided(request):
        return words.text("approvals.mine")
    return words.text("word.yes") if value is True else formats.readable(str(value))


def status_words(report: str, word: str, words: PageWords) -> str:
    """Name a word of a report's status; the four of orders are everywhere the same."""
    family = "decision" if report == "approvals" else "report_status"
    return words.named(family, word)


def said_period(period: Period, words: PageWords, *, dates: bool = False) -> str:
    """Say a period: `last 30 days`, and which these are."""
    first, last = formats.day(period.first, words), formats.day(period.last, words)
    days = first if period.first == period.last else f"{first}{_TO}{last}"
    if dates or period.expr not in PERIODS:
        return days
    return f"{words.named('report_period', period.expr)} ({days})"


def said_span(span: str, first: date, words: PageWords) -> str:
    """Say a stretch of time: a day, the two ends of a week, or `Nov 2026`."""
    if span == "day":
        return formats.day(first, words)
    last = last_of(span, first)
    if span == "week":
        return f"{formats.day(first, words)}{_TO}{formats.day(last, words)}"
    month = words.named("month", first.month)
    if span == "month":
        return f"{month} {first.year}"
    return f"{month}{_TO}{words.named('month', last.month)} {last.year}"


def chart_of(answer: Answer, words: PageWords, *, today: date) -> Chart | None:
    """Draw the main measure where people would look at it: over time, or of the first names.

    A day, a week or a month without a row is drawn as nothing, not left out.
    """
    over_time = answer.grain in _TIMES
    if not answer.currency or answer.main not in MEASURES or (not over_time and _is_list(answer)):
        return None
    lines = _all_stretches(answer)[-_MOST_BARS:] if over_time else answer.lines[:_MOST_NAMES]
    if len(lines) < 2:  # noqa: PLR2004 -- one bar tells nothing
        return None
    figures = [_int(line.values[answer.main]) for line in lines]
    bars = [
        Bar(
            _words_of(name_of(answer, line, words), words),
            said_figure(answer, figure, words),
            size,
            rows_behind(answer, line),
        )
        for line, figure, size in zip(lines, figures, sizes(figures), strict=True)
    ]
    ends = last_of(answer.grain, date.fromisoformat(lines[-1].key)) if over_time else date.min
    title, most = words.named("measure", answer.main), said_figure(answer, max(figures), words)
    return Chart(title, bars, most, lying=not over_time, open_end=ends >= today)


def _all_stretches(answer: Answer) -> list[Line]:
    """Give a row for each stretch of the period, in the order of time."""
    period = answer.request.period
    found = {line.key: line for line in answer.lines}
    if period is None:
        return [found[key] for key in sorted(found)]
    keys = [first.isoformat() for first in stretches(answer.grain, period)]
    return [found.get(key) or Line(key, {"label": key, answer.main: 0}) for key in keys]


def said_figure(answer: Answer, figure: int, words: PageWords) -> str:
    """Write a figure of the main measure shortly, as charts have room for."""
    if MEASURES[answer.main].unit != "money":
        return grouped(figure)
    return money.short_money(
        figure, answer.currency, answer.scale, name_step=lambda name: words.named("step", name)
    )


def _is_list(answer: Answer) -> bool:
    return answer.grain in {
        *("order", "batch", "movement", "decision", "terminal", "low", "target")
    }


def _words_of(cell: Cell, words: PageWords) -> str:
    if isinstance(cell, Day):
        return formats.day(cell.value, words) if cell.value else ""
    return cell.value if isinstance(cell, Text) else ""


def _int(value: Value) -> int:
    return value if isinstance(value, int) else 0
