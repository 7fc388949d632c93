"""`webhook list`, `show`, `add`, `change`, `on`, `off`, `rotate`, `test` and `again`."""

import argparse
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.keep_webhook import KeepWebhook, KeptWebhook
from hub.desk.webhooks.model import EVENTS
from hub.desk.webhooks.reads import DeliveryRow, list_webhooks, read_webhook

_MOST: Final = 50
Step = Callable[[KeepWebhook, argparse.Namespace, str, Scope], KeptWebhook | Refused]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "webhook", "other programs that are told of what happens")
    listing = inner.add_parser("list", help="list the endpoints", epilog=example("webhook list"))
    listing.set_defaults(run=run_list)
    add_folder(listing)
    show = inner.add_parser(
        "show", help="tell one with its newest messages", epilog=example("webhook show 1")
    )
    show.add_argument("number", type=int, metavar="NUMBER", help="the number in the list")
    show.set_defaults(run=run_show)
    add_folder(show)
    adding = inner.add_parser(
        "add",
        help="have an address told of events, and print its secret this once",
        description=f"Kinds: {', '.join(EVENTS)}.",
        epilog=example(
            "webhook add Shopfloor https://erp.example.com/in --kinds order.placed --by asha"
        ),
    )
    adding.add_argument("name", metavar="NAME", help="what people call it")
    adding.add_argument("url", metavar="ADDRESS", help="where messages are posted")
    adding.add_argument("--kinds", required=True, help="kinds of events, commas between")
    adding.set_defaults(run=run_add)
    add_by(adding)
    add_folder(adding)
    _describe_change(inner)
    steps: dict[str, tuple[str, Step]] = {
        "on": ("have it told from now on", lambda acts, a, by, scope: acts.turn(
            a.number, on=True, by=by, scope=scope)),
        "off": ("have it told of nothing any more", lambda acts, a, by, scope: acts.turn(
            a.number, on=False, by=by, scope=scope)),
        "rotate": ("give it a new secret; the old one holds for a day, too",
            lambda acts, a, by, scope: acts.rotate(a.number, by=by, scope=scope)),
        "test": ("have it told of a test", lambda acts, a, by, scope: acts.test(
            a.number, by=by, scope=scope)),
        "again": ("send a message once more", lambda acts, a, by, scope: acts.again(
            a.number, a.delivery, by=by, scope=scope)),
    }  # fmt: skip
    for name, (text, step) in steps.items():
        more = " 12" if name == "again" else ""
        parser = inner.add_parser(
            name, help=text, epilog=example(f"webhook {name} 1{more} --by asha")
        )
        parser.add_argument("number", type=int, metavar="NUMBER", help="the number in the list")
        if name == "again":
            parser.add_argument("delivery", type=int, metavar="MESSAGE", help="its number")
        parser.set_defaults(run=run_step, step=step)
        add_by(parser)
        add_folder(parser)


def _describe_change(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    changing = inner.add_parser(
        "change",
        help="give it another name, address or other kinds",
        description="What is not named stays; the secret and the owner stay in any case.",
        epilog=example("webhook change 1 --kinds order.placed,stock.low --by asha"),
    )
    changing.add_argument("number", type=int, metavar="NUMBER", help="the number in the list")
    changing.add_argument("--name", metavar="NAME", help="what people call it")
    changing.add_argument("--url", metavar="ADDRESS", help="where messages are posted")
    changing.add_argument("--kinds", help="kinds of events, commas between")
    changing.set_defaults(run=run_change)
    add_by(changing)
    add_folder(changing)


def run_list(arguments: argparse.Namespace) -> int:
    """List the endpoints."""
    with opened(arguments) as ground, ground.database.read() as connection:
        rows = list_webhooks(connection, scope=EVERYTHING)
    for one in rows:
        state = "on" if one.active else "given up" if one.stopped_at else "off"
        print(f"{one.id:>4}  {state:<8}  {one.owner}  {one.name}  {one.url}  {','.join(one.kinds)}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell one endpoint with its newest messages."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = read_webhook(connection, arguments.number, most=_MOST, scope=EVERYTHING)
        zone = read_distributor(connection).zone
    if found is None:
        raise CommandError(f"there is no webhook {arguments.number}")
    print(f"{found.row.name}  {found.row.url}  {','.join(found.row.kinds)}  of {found.row.owner}")
    for one in found.deliveries:
        answer = str(one.status or "; ".join(_why(one)) or "-")
        tried = f"{one.attempts} x"
        print(f"{one.id:>6}  {_at(one.at, zone)}  {one.kind:<20} {one.state:<8} {tried}  {answer}")
    return 0


def _why(one: DeliveryRow) -> Iterator[str]:
    """Word why a message was not taken, as its page does, with what is known besides."""
    code, detail = one.why
    if code:
        yield PageWords("en").named("webhook_why", code)
    if detail:
        yield detail


def run_add(arguments: argparse.Namespace) -> int:
    """Add an endpoint."""
    kinds = _kinds(arguments.kinds)
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "webhooks.change")
        act = ground.part(WebhookActs).keep.add
        _tell(act(arguments.name, arguments.url, kinds=kinds, by=account.name))
    return 0


def run_change(arguments: argparse.Namespace) -> int:
    """Give an endpoint another name, address or other kinds."""
    kinds = None if arguments.kinds is None else _kinds(arguments.kinds)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "webhooks.change")
        act = ground.part(WebhookActs).keep.change
        _tell(
            act(
                arguments.number,
                arguments.name,
                url=arguments.url,
                kinds=kinds,
                by=account.name,
                scope=scope,
            )
        )
    return 0


def _kinds(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def run_step(arguments: argparse.Namespace) -> int:
    """Do a step with an endpoint."""
    step: Step = arguments.step
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "webhooks.change")
        _tell(step(ground.part(WebhookActs).keep, arguments, account.name, scope))
    return 0


def _tell(done: KeptWebhook | Refused) -> None:
    if isinstance(done, Refused):
        raise CommandError("; ".join(refusal_lines(done)))
    print(f"webhook {done.id}")
    if done.secret:
        print(f"secret, told this once: {done.secret}")


def _at(at_ms: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1_000, zone):%Y-%m-%d %H:%M:%S}"
