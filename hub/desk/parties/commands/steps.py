"""`customers`, `customer show`, `add`, `change`, `pass`, `refuse`, `serve` and `hand-over`."""

import argparse
import json
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from hub.base.access import EVERYTHING, Scope
from hub.base.clock import Clock
from hub.base.commands import CommandError, opened
from hub.base.engine import Connection
from hub.base.fields import Change, Kept, Refused
from hub.base.fields.words import refusal_lines, sentence
from hub.base.ground import Ground
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model import moment_of
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.model.customers import Span
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.customers import CustomerDetail, find_customers, read_customer
from hub.desk.people.commands.proving import prove_user

Done = TypeVar("Done")
_ALL = 1_000_000


def day_of(text: str) -> date:
    """Read a date of the command line."""
    try:
        return read_day(text)
    except CellError as error:
        raise argparse.ArgumentTypeError(sentence(error.reason)) from error


def run_list(arguments: argparse.Namespace) -> int:
    """List customers."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in find_customers(connection, arguments.text, most=_ALL, scope=EVERYTHING):
            state = "pending" if row.pending else row.status
            if arguments.json:
                print(json.dumps({"code": row.code, "name": row.name, "status": state}))
            else:
                print(f"{row.code:<16} {state:<8} {row.name}  {row.city}  {row.phone}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell all that is known of one customer."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = _found(connection, ground.clock, arguments.customer)
    print(f"{found.row.code}  {found.row.name}")
    for name, text in found.fields.items():
        if text and name != "name":
            print(f"  {name:<16} {text}")
    for role, span in found.served_by.items():
        print(f"  {role:<16} {span.who} since {span.from_day}")
    for one in found.open_requests:
        asked = ", ".join(
            f"{name} {old or '-'} -> {new}" for name, (old, new) in one.asked.fields.items()
        )
        print(f"  request {one.id}: {one.kind} by {one.asked_by}: {asked}")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a customer."""
    texts = _texts(arguments.fields)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.add")
        done = ground.part(CustomerActs).add(
            arguments.customer,
            texts,
            by=account.name,
            scope=scope,
            why=arguments.reason,
            anyway=arguments.anyway,
        )
        _tell(_done(done))
    return 0


def run_change(arguments: argparse.Namespace) -> int:
    """Change a customer from what it is at this moment."""
    texts = _texts(arguments.fields)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.change")
        with ground.database.read() as connection:
            now = _found(connection, ground.clock, arguments.customer).fields
        changes = {name: Change(now.get(name, ""), text) for name, text in texts.items()}
        acts = ground.part(CustomerActs)
        done = acts.change(
            arguments.customer, changes, by=account.name, scope=scope, why=arguments.reason
        )
        _tell(_done(done))
    return 0


def run_decide(arguments: argparse.Namespace) -> int:
    """Let a request pass, or refuse it."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.approve")
        decide = ground.part(CustomerActs).decide
        done = decide(
            arguments.request,
            grant=arguments.grant,
            by=account.name,
            scope=scope,
            why=arguments.reason,
        )
        _tell(_done(done))
    return 0


def run_join(arguments: argparse.Namespace) -> int:
    """Have a new customer be one that is there already."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.approve")
        join = ground.part(CustomerActs).join
        one, into, why = arguments.customer, arguments.into, arguments.reason
        kept = _done(join(one, into, by=account.name, scope=scope, why=why))
        print(f"{one} is {kept.code} now: {one} takes no more orders, its visits are {kept.code}'s")
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """Have somebody serve a customer."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.change")
        span = Span(arguments.who, arguments.day)
        acts = ground.part(CustomerActs)
        done = acts.map(arguments.customer, arguments.role, span, by=account.name, scope=scope)
        _tell(_done(done))
    return 0


def is_there(connection: Connection, ground: Ground, code: str, *, scope: Scope) -> bool:
    """Say whether there is a customer of this code that somebody sees."""
    day = moment_of(ground.clock.now_ms(), read_distributor(connection).zone).day
    return read_customer(connection, code, scope=scope, day=day) is not None


def run_address(arguments: argparse.Namespace) -> int:
    """Keep a delivery address of a customer, or end one."""
    texts = _texts(arguments.fields)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.change")
        act, by = ground.part(CustomerActs).address, account.name
        named = (arguments.customer, arguments.address)
        done = (
            act.end(*named, by=by, scope=scope)
            if arguments.end
            else act(*named, texts, by=by, scope=scope)
        )
        _tell(_done(done))
    return 0


def run_hand_over(arguments: argparse.Namespace) -> int:
    """Have one take over the customers of another."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "customers.change")
        handed = _done(
            ground.part(CustomerActs).map.hand_over(
                arguments.role,
                arguments.leaving,
                arguments.who,
                day=arguments.day,
                by=account.name,
                scope=scope,
            )
        )
        print(f"{len(handed)} customers: {' '.join(handed)}" if handed else "nothing changed")
    return 0


def _texts(fields: Sequence[str]) -> dict[str, str]:
    """Read FIELD=TEXT; raises CommandError."""
    texts = {}
    for one in fields:
        name, equals, text = one.partition("=")
        if not equals:
            raise CommandError(f"{one!r} is no FIELD=TEXT, such as city=Pune")
        texts[name] = text
    return texts


def _found(connection: Connection, clock: Clock, code: str) -> CustomerDetail:
    day = moment_of(clock.now_ms(), read_distributor(connection).zone).day
    found = read_customer(connection, code, scope=EVERYTHING, day=day)
    if found is None:
        raise CommandError(f"there is no customer {code}")
    return found


def _done(outcome: Done | Refused) -> Done:
    """Give what was done; raises CommandError with every reason why nothing was."""
    if isinstance(outcome, Refused):
        lines = refusal_lines(outcome)
        lines += [f"{one.code} {one.name}: same {one.by}" for one in outcome.duplicates]
        raise CommandError("\n".join(lines))
    return outcome


def _tell(kept: Kept) -> None:
    if kept.changed:
        print(f"{kept.code}: changed {', '.join(kept.changed)}")
    if kept.waiting:
        print(f"{kept.code}: request {kept.request} for {', '.join(kept.waiting)} waits")
    if not kept.changed and not kept.waiting:
        print("nothing changed")
