"""A report as a file: all its rows, with the request written in it."""

from collections.abc import Iterator, Sequence
from typing import Final

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.pages.showing import chips_of, row_of, scope_words, total_row
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page
from hub.desk.reports.reads.sources import Asked
from hub.web.frames import exports
from hub.web.frames.cells import Cell, Plain

MOST_FILED: Final = 200_000


def sheet_of(
    connection: Connection, asked: Asked, scope: Scope, *, words: PageWords, most: int = MOST_FILED
) -> exports.Sheet:
    """Make the file of all rows; what is left out is said first. Raises UnansweredError."""
    answer = answer_report(connection, asked, scope=scope, page=Page(0, most))
    name = asked.request.report
    told = told_of(asked, scope, words=words, made=exports.moment(asked.now_ms, asked.zone))
    left = said_left_out(answer, words)
    if left:
        told.insert(0, (words.text("report.cut"), left))
    headings = [words.text(one.label) for one in answer.headings]
    coded = any(line.code for line in answer.lines)
    if coded:
        headings.insert(1, words.text("report_fact.code"))
    return exports.Sheet(
        name=name,
        title=words.named("report_name", name),
        told=told,
        headings=headings,
        rows=_plain_rows(answer, asked, words, coded=coded),
    )


def _plain_rows(
    answer: Answer, asked: Asked, words: PageWords, *, coded: bool
) -> Iterator[Sequence[Plain]]:
    """Write one row after another, and the totals last: a large file is never held as cells."""
    for line in answer.lines:
        yield _plain(row_of(answer, line, words), asked, words, code=line.code if coded else None)
    yield _plain(total_row(answer, words), asked, words, code="" if coded else None)


def _plain(
    row: Sequence[Cell], asked: Asked, words: PageWords, *, code: str | None
) -> Sequence[Plain]:
    first, *others = (cell.plain(asked.zone, words) for cell in row)
    return [first, *others] if code is None else [first, code, *others]


def told_of(asked: Asked, scope: Scope, *, words: PageWords, made: str) -> list[tuple[str, str]]:
    """Say what was asked for, when, and whose rows these are: what stands above each file.

    `made` is the moment of the file as its reader has it: a program, or whoever holds a paper.
    """
    told = [(words.text("listing.made"), made)]
    told += [(words.text(one.label), one.words) for one in chips_of(asked.request, words)]
    told.append((words.text("report.scope"), scope_words(scope, words)))
    return told


def said_left_out(answer: Answer, words: PageWords) -> str:
    """Say how many rows a file leaves out; empty where it has all of them."""
    left = count_shown(answer) - len(answer.lines)
    return words.counted("report.left_out", left) if left > 0 else ""


def count_shown(answer: Answer) -> int:
    """Count the rows of an answer, those on other pages too, as far as its limit lets them."""
    limit = answer.request.limit
    return answer.count if limit is None else min(limit, answer.count)
