"""`report`: the rows of a report, for people and for programs."""

import argparse
import json
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.base import money
from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, example, opened
from hub.base.words import PageWords, grouped
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.model.addressed import read_whole_request
from hub.desk.reports.model.answers import Answer, Heading, Value
from hub.desk.reports.model.forms import GROUPS, SORTS
from hub.desk.reports.model.periods import PERIODS
from hub.desk.reports.model.requests import RequestError
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.documents import write_answer
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import UnansweredError

_WIDTH: Final = 24


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "report",
        help="answer a report",
        description="Answers a report as its page does: the same rows, the same totals.",
        epilog=example("report sales --by month --from 2026-04-01 --json"),
    )
    parser.add_argument("name", choices=tuple(DEFINITIONS), metavar="NAME",
                        help=f"one of {', '.join(DEFINITIONS)}")  # fmt: skip
    parser.add_argument("--by", choices=GROUPS, metavar="WHAT", help="put rows together by it")
    parser.add_argument("--period", choices=PERIODS, metavar="WORD", help="as `last_week`")
    parser.add_argument("--from", dest="first", metavar="DATE", help="first day, as 2026-04-01")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last day")
    parser.add_argument(
        "--where", action="append", default=[], metavar="FILTER=VALUE", help="as `area=Nashik`"
    )
    parser.add_argument("--sort", choices=SORTS, metavar="SORT", help="as `amount_desc`")
    parser.add_argument("--limit", metavar="COUNT", help="the first so many rows")
    parser.add_argument("--data", metavar="DIR", help="the hub's folder (see `config`)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Answer the report."""
    with opened(arguments) as ground, ground.database.read() as connection:
        now_ms, zone = ground.clock.now_ms(), read_distributor(connection).zone
        today = local_date(now_ms, zone)
        try:
            wanted = read_whole_request(arguments.name, _fields(arguments), today)
            asked = ask(wanted, reader="", now_ms=now_ms, zone=zone)
            answer = answer_report(connection, asked, scope=EVERYTHING)
        except (RequestError, UnansweredError) as error:
            raise CommandError(str(error)) from error
    print(json.dumps(write_answer(answer)) if arguments.json else write_table(answer, zone))
    return 0


def _fields(arguments: argparse.Namespace) -> dict[str, str]:
    named = {
        "group_by": arguments.by,
        "period": arguments.period,
        "from": arguments.first,
        "to": arguments.last,
        "sort": arguments.sort,
        "limit": arguments.limit,
    }
    fields = {name: value for name, value in named.items() if value}
    for one in arguments.where:
        name, is_set, value = one.partition("=")
        if not is_set:
            raise CommandError(f"--where {one}: write FILTER=VALUE, as area=Nashik")
        fields[name] = value
    return fields


def write_table(answer: Answer, zone: ZoneInfo) -> str:
    """Write an answer for people, with its totals at the end; moments are those of the zone."""
    words = PageWords()
    rows = [[words.text(one.label) for one in answer.headings]]
    rows += [
        [
            (one.name == "label" and answer.called(line.key, words.language))
            or _said(answer, one, line.values[one.name], words=words, zone=zone)
            for one in answer.headings
        ]
        for line in answer.lines
    ]
    totals = [
        _said(answer, one, answer.totals.get(one.name), words=words, zone=zone)
        for one in answer.headings
    ]
    rows.append([words.text("word.total"), *totals[1:]])
    figures = [one.is_figure for one in answer.headings]
    return "\n".join(
        "  ".join(
            f"{text:>{_WIDTH}}" if is_figure else f"{text:<{_WIDTH}}"
            for text, is_figure in zip(row, figures, strict=True)
        ).rstrip()
        for row in rows
    )


def _said(
    answer: Answer, heading: Heading, value: Value, *, words: PageWords, zone: ZoneInfo
) -> str:
    if value is None or value == "":
        return "-"
    if heading.kind == "money" and isinstance(value, int):
        return money.number(value, answer.currency, answer.scale) if answer.currency else "-"
    if heading.kind == "percent" and isinstance(value, int):
        return f"{money.number(value, '', 2)} %"
    if heading.kind == "count" and isinstance(value, int):
        return grouped(value)
    if heading.kind == "moment" and isinstance(value, int):
        return f"{datetime.fromtimestamp(value // 1_000, UTC).astimezone(zone):%Y-%m-%d %H:%M}"
    return words.named(heading.family, value) if heading.kind == "word" else str(value)
