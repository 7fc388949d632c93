"""What the commands of tasks and surveys do."""

import argparse
import csv
import sys
from pathlib import Path

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, opened
from hub.base.listing import Wanted
from hub.desk.field.acts import FieldActs
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.field.commands.steps import read_day_of, tell_refusal, today_of
from hub.desk.field.model.entries import TASKS
from hub.desk.field.model.surveys import SurveyFields, read_survey_fields
from hub.desk.field.reads.interactions import SOONEST, list_interactions
from hub.desk.field.reads.surveys import export_answers
from hub.desk.people.commands.proving import prove_user
from hub.web.frames.exports import harmless

_MOST = 100


def run_tasks(arguments: argparse.Namespace) -> int:
    """List tasks, the soonest first."""
    given = {"owner": arguments.owner, "customer": arguments.customer, "state": arguments.state}
    chosen = {name: (value,) for name, value in given.items() if value}
    wanted = Wanted(SOONEST, "", {**chosen, "about": TASKS}, size=_MOST)
    with opened(arguments) as ground, ground.database.read() as connection:
        day = today_of(ground)
        page = list_interactions(connection, wanted, day=day, scope=EVERYTHING)
    for row in page.rows:
        print(f"{row.uuid}  {row.due_day}  {row.state(day)}  {row.owner}  {row.code}  {row.text}")
    return 0


def run_settle(arguments: argparse.Namespace) -> int:
    """Hand a task over, or say that it is done or open again."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.settle")
        wanted = TaskFields(arguments.owner, read_day_of(arguments.due), arguments.done)
        act = ground.part(FieldActs).settle
        done = act(arguments.task, wanted, why=arguments.why, by=account.name, scope=scope)
        tell_refusal(done)
        print(f"{arguments.task}: settled")
    return 0


def run_survey(arguments: argparse.Namespace) -> int:
    """Make a survey, or end one."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        acts, today = ground.part(FieldActs).surveys, today_of(ground)
        if arguments.end:
            tell_refusal(acts.end(arguments.code, day=today, by=account.name, scope=scope))
            print(f"{arguments.code}: asked no more after {today}")
            return 0
        texts = {
            name: getattr(arguments, name) for name in ("code", "title", "geo", "type", "beat")
        }
        texts["seller"] = arguments.seller
        texts["title_hi"], texts["until_day"] = arguments.title_hi, arguments.last
        texts["from_day"] = arguments.first or today.isoformat()
        texts["questions"] = _read_file(arguments.questions)
        fields = read_survey_fields(texts)
        if isinstance(fields, SurveyFields):
            tell_refusal(acts.add(fields, by=account.name, scope=scope))
            print(f"{fields.code}: {len(fields.questions)} questions from {fields.from_day}")
        else:
            tell_refusal(fields)
    return 0


def run_answers(arguments: argparse.Namespace) -> int:
    """Write what was answered to a survey as CSV."""
    with opened(arguments) as ground, ground.database.read() as connection:
        rows = export_answers(
            connection, arguments.code, scope=EVERYTHING, language=arguments.language
        )
        written = [[harmless(text) for text in row] for row in rows]
    if not written:
        raise CommandError(f"there is no survey {arguments.code}")
    csv.writer(sys.stdout, lineterminator="\n").writerows(written)
    return 0


def _read_file(name: str | None) -> str:
    try:
        return Path(name).read_text("utf-8") if name else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name}: {error}") from error
