"""`notice ...`: who hears of what, and what was sent to whom."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from hub.base.access import EVERYTHING, ROLES
from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.model import CHANNELS, EVENTS, RECEIVERS, Rule
from hub.desk.notices.reads import list_rules, list_sent
from hub.desk.notices.words import FIELDS, read_rule, tell_event, tell_state, write_notice
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user

_MOST: Final = 1_000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "notice",
        help="who hears of what, and what was sent to whom",
        epilog=example("notice sent"),
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    rules = inner.add_parser(
        "rules", help="list the rules that hold", epilog=example("notice rules --json")
    )
    rules.set_defaults(run=run_rules)
    sent = inner.add_parser(
        "sent", help="list what was sent to whom, the newest first", epilog=example("notice sent")
    )
    sent.set_defaults(run=run_sent)
    for one in (rules, sent):
        one.add_argument("--json", action="store_true", help="one JSON object a line")
        add_folder(one)
    adds = inner.add_parser(
        "add",
        help="have somebody told of an event from now on",
        description=f"Fields: event ({', '.join(EVENTS)}), receiver ({', '.join(RECEIVERS)}, or a "
        f"role), channel ({', '.join(CHANNELS)}), above (500.00), after (hours, if it still "
        "waits), quiet_from and quiet_until (18:00, 9:00), gather (at_once, hour, day) and, of a "
        "day, gather_at (9:00). Mails to a customer go where the customer's record has mail.",
        epilog=example(
            "notice add event=order_dispatched receiver=customer channel=mail gather=day "
            "gather_at=17:00 --by asha"
        ),
    )
    adds.add_argument("texts", nargs="+", metavar="FIELD=TEXT", help="see above")
    adds.set_defaults(run=run_add)
    ends = inner.add_parser(
        "end", help="have nobody told by a rule", epilog=example("notice end 3 --by asha")
    )
    ends.add_argument("rule", type=int, metavar="NUMBER", help="as `notice rules` has it")
    ends.set_defaults(run=run_end)
    for one in (adds, ends):
        add_by(one)
        add_folder(one)


def run_rules(arguments: argparse.Namespace) -> int:
    """List the rules, each with the terms under which it holds."""
    words = PageWords()
    with opened(arguments) as ground, ground.database.read() as connection:
        money = read_distributor(connection).money
        for one in list_rules(connection, scope=EVERYTHING):
            if arguments.json:
                print(json.dumps(asdict(one)))
            else:
                to = f"{one.receiver:<22} {one.channel:<5} {one.gather:<8}"
                terms = "; ".join(_terms_of(one, words, money))
                print(f"{one.id:>4} {one.event:<18} {to} {terms}".rstrip())
    return 0


def _terms_of(rule: Rule, words: PageWords, money: HouseMoney) -> Iterator[str]:
    """Tell from which amount on, after how many hours and outside which hours a rule tells."""
    if rule.above is not None:
        yield words.text("notices.above_said", amount=money.figures(rule.above))
    if rule.after:
        yield words.counted("notices.after_said", rule.after // 60)
    if rule.quiet_from is not None and rule.quiet_until is not None:
        start, end = _clock(rule.quiet_from), _clock(rule.quiet_until)
        yield words.text("notices.quiet_said", start=start, end=end)
    if rule.gather_at is not None:
        yield _clock(rule.gather_at)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def run_sent(arguments: argparse.Namespace) -> int:
    """List what was sent."""
    words = PageWords()
    with opened(arguments) as ground, ground.database.read() as connection:
        for one in list_sent(connection, most=_MOST, scope=EVERYTHING):
            if arguments.json:
                print(json.dumps(write_notice(one), ensure_ascii=False))
            else:
                state = tell_state(one, words)
                print(f"{one.to:<24} {one.channel:<5} {tell_event(one, words)}  ({state})")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a rule; raises CommandError for one that cannot be kept."""
    said = dict(one.partition("=")[::2] for one in arguments.texts)
    unknown = said.keys() - set(FIELDS)
    if unknown:
        raise CommandError(f"{min(unknown)} is none of {', '.join(FIELDS)}")
    rule = read_rule(said, {*RECEIVERS, *ROLES})
    if not isinstance(rule, Rule):
        raise CommandError(PageWords().named("notice_fault", rule))
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "notices.rules")
        number = ground.part(NoticeActs).rules.add(rule, by=account.name)
    print(f"rule {number}: {rule.receiver} hears of {rule.event} by {rule.channel}")
    return 0


def run_end(arguments: argparse.Namespace) -> int:
    """End a rule; raises CommandError where there is none."""
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "notices.rules")
        if not ground.part(NoticeActs).rules.end(arguments.rule, by=account.name):
            raise CommandError(f"there is no rule {arguments.rule}")
    print(f"rule {arguments.rule} is ended")
    return 0
