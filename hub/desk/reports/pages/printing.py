"""A report on paper: what its page shows, all its rows, with the request written above them."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from hub.base import money
from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.papers import Press
from hub.base.papers.sheet import PaperSheet, SheetBar, SheetChart, SheetColumn, SheetTotal
from hub.base.words import PageWords, grouped
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.pages.filing import said_left_out, told_of
from hub.desk.reports.pages.showing import (
    Against,
    chart_of,
    row_of,
    said_days,
    total_row,
    totals_of,
)
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page
from hub.desk.reports.reads.sources import Asked
from hub.desk.workdays.reads import read_own
from hub.web import formats
from hub.web.frames.cells import Amount, Cell, Count, Day, Moment, Percent, Text

MOST_PRINTED: Final = 1_000
"""Rows on paper, some 35 pages: what is more is for other files, and the first line says so."""
_NOTHING: Final = "\N{EN DASH}"
_PRESS: Final = Press("sheet.typ")


def print_report(connection: Connection, asked: Asked, scope: Scope, *, words: PageWords) -> bytes:
    """Draw the report as a PDF file; what is left out is said first. Raises UnansweredError."""
    page = Page(0, MOST_PRINTED)
    answer = answer_report(connection, asked, scope=scope, page=page, compare=True)
    days = said_days(answer, words, read_own(connection, scope=scope))
    return _PRESS.draw_sheet(sheet_on_paper(answer, asked, scope, words=words, days=days))


def sheet_on_paper(
    answer: Answer, asked: Asked, scope: Scope, *, words: PageWords, days: str
) -> PaperSheet:
    """Write an answer as it stands on paper."""
    zone = asked.zone
    rows = [[_said(cell, words, zone) for cell in row_of(answer, line, words)]
            for line in answer.lines]  # fmt: skip
    last = [_said(cell, words, zone) if cell != Text("") else ""
            for cell in total_row(answer, words)]  # fmt: skip
    columns = [SheetColumn(words.text(one.label), one.is_figure) for one in answer.headings]
    return PaperSheet(
        title=words.named("report_name", asked.request.report),
        language=words.language,
        told=tuple(
            told_of(asked, scope, words=words, made=formats.exact(asked.now_ms, zone, words))
        ),
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        last=tuple(last),
        totals=tuple(
            SheetTotal(
                words.text(one.label),
                _said(one.cell, words, zone),
                tuple(_against(other, words, zone) for other in one.against),
            )
            for one in totals_of(answer, words)
        ),
        chart=_chart(answer, words, today=asked.today),
        days=days,
        notes=tuple((words.text(one.label), words.text(one.said)) for one in answer.measures),
        left_out=said_left_out(answer, words),
    )


def _against(other: Against, words: PageWords, zone: ZoneInfo) -> str:
    said = f"{other.words} {_said(other.cell, words, zone)}"
    return f"{said} ({'' if other.fell else '+'}{other.change})" if other.change else said


def _chart(answer: Answer, words: PageWords, *, today: date) -> SheetChart | None:
    drawn = chart_of(answer, words, today=today)
    if drawn is None:
        return None
    bars = tuple(SheetBar(formats.readable(one.words), one.said, one.size) for one in drawn.bars)
    return SheetChart(drawn.title, drawn.most, bars, drawn.lying)


def _said(cell: Cell, words: PageWords, zone: ZoneInfo) -> str:
    """Write a cell as the page does."""
    if isinstance(cell, Text):
        sub = f" {cell.sub}" if cell.sub else ""
        return formats.readable(f"{cell.value}{sub}") or _NOTHING
    if isinstance(cell, Amount) and cell.minor is not None:
        return money.money(cell.minor, cell.currency, cell.scale)
    if isinstance(cell, Count) and cell.number is not None:
        return grouped(cell.number)
    if isinstance(cell, Day) and cell.value is not None:
        return formats.day(cell.value, words)
    if isinstance(cell, Moment) and cell.at_ms is not None:
        return formats.exact(cell.at_ms, zone, words)
    return (str(cell) if isinstance(cell, Percent) else "") or _NOTHING
