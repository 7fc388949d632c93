"""`ask`: a question in words at the hub's own machine, answered with the rows of one user."""

import argparse
import json
import sys
from zoneinfo import ZoneInfo

from hub.base.access import Session
from hub.base.commands import CommandError, example, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.assistant.acts.ask_question import ask_question
from hub.desk.assistant.model.replies import Unclear, Understood
from hub.desk.parties.reads import read_distributor
from hub.desk.people.acts import PeopleActs
from hub.desk.reports.commands import write_table
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import ReportRequest, write_request
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.documents import write_answer
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import UnansweredError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "ask",
        help="answer a question in words",
        description="Reads a question in English, Hindi or a mixture into the request of a report, "
        "and answers with the rows that the user sees; or says why not.",
        epilog=example('ask "sales by month this year" --user priya'),
    )
    parser.add_argument("question", metavar="QUESTION", help="in words, as one argument")
    parser.add_argument("--user", required=True, metavar="NAME", help="whose rows are looked at")
    parser.add_argument("--data", metavar="DIR", help="the hub's folder (see `config`)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Answer the question."""
    with opened(arguments) as ground:
        reader = _reader(ground, arguments.user)
        request = _understand(ground, arguments.question.strip(), reader)
        with ground.database.read() as connection:
            zone = read_distributor(connection).zone
        answer = _answer(ground, request, reader, zone=zone)
    if arguments.json:
        print(json.dumps(write_answer(answer)))
    else:
        print(json.dumps(write_request(answer.request)))
        print(write_table(answer, zone))
    return 0


def _reader(ground: Ground, name: str) -> Session:
    """Look at the rows as a user would; whoever runs commands could read all of them anyway."""
    session = ground.part(PeopleActs).sign_in.session_for(name)
    if session is None:
        raise CommandError(f"there is no active user {name}")
    return session


def _understand(ground: Ground, question: str, reader: Session) -> ReportRequest:
    if not reader.may("reports.read"):
        raise CommandError(f"{reader.user} may not read reports")
    with ground.database.read() as connection:
        zone = read_distributor(connection).zone
    reply = ask_question(ground, question, scope=reader.scope, zone=zone)
    if isinstance(reply, Understood):
        if reply.filled:
            print(PageWords().text("report.filled"), file=sys.stderr)
        if reply.unread:
            said = PageWords().text("report.unread", words=" ".join(reply.unread))
            print(said, file=sys.stderr)
        return reply.request
    why = PageWords().named("ask_why", reply.why)
    if isinstance(reply, Unclear):
        choices = ", ".join(f"{one.name} ({one.kind} {one.key})" for one in reply.choices)
        why = " ".join(one for one in (why, reply.words, choices) if one)
    raise CommandError(why)


def _answer(ground: Ground, request: ReportRequest, reader: Session, *, zone: ZoneInfo) -> Answer:
    found = DEFINITIONS.get(request.report)
    if found is not None and not reader.may(found.permission):
        raise CommandError(f"{reader.user} may not read the report {request.report}")
    with ground.database.read() as connection:
        try:
            asked = ask(
                request,
                reader=reader.user,
                roles=reader.roles,
                now_ms=ground.clock.now_ms(),
                zone=zone,
            )
            return answer_report(connection, asked, scope=reader.scope)
        except UnansweredError as error:
            raise CommandError(str(error)) from error
