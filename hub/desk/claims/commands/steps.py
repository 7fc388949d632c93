"""What the commands of claims do."""

import argparse

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, opened, write_file
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.listing import Wanted
from hub.base.money import HouseMoney, number
from hub.base.words import PageWords
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.model import ToMake, read_shorts
from hub.desk.claims.reads import (
    NEWEST,
    ClaimDetail,
    ClaimRow,
    find_claim,
    list_claims,
    list_open,
    read_claim,
)
from hub.desk.claims.reads.evidence import evidence_of
from hub.desk.claims.words import STATES
from hub.desk.invoices.commands.reaching import done
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import prove_user
from hub.web.frames.exports import Sheet, written


def run_open(arguments: argparse.Namespace) -> int:
    """Tell what each funder may be asked for."""
    with opened(arguments) as ground, ground.database.read() as connection:
        rows = list_open(connection, scope=EVERYTHING)
        money = read_distributor(connection).money
    for row in rows:
        name = row.name or "no customer has this code"
        days = f"{row.from_day} to {row.until_day}"
        print(f"{row.funder:<16} {days}  {money.figures(row.amount):>14} {money.currency}  {name}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Tell the newest claims."""
    with opened(arguments) as ground, ground.database.read() as connection:
        page = list_claims(connection, Wanted(NEWEST, size=100), scope=EVERYTHING)
        money = read_distributor(connection).money
    for row in page.rows:
        print(_line(row, money))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell one claim."""
    with opened(arguments) as ground:
        _tell(ground, _named(ground, arguments.claim, EVERYTHING), EVERYTHING)
    return 0


def run_gather(arguments: argparse.Namespace) -> int:
    """Read invoices of before there were claims."""
    with opened(arguments) as ground:
        gather = ground.part(ClaimActs).gather
        while gather():
            pass
        with ground.database.read() as connection:
            rows = list_open(connection, scope=EVERYTHING)
    print(f"all is read; {len(rows)} funders may be asked for something (`claim open`)")
    return 0


def run_make(arguments: argparse.Namespace) -> int:
    """Make a draft."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "claims.make")
        with ground.database.read() as connection:
            zone = read_distributor(connection).zone
        until = arguments.until or moment_of(ground.clock.now_ms(), zone).day
        made = done(
            ground.part(ClaimActs).make(
                ToMake(arguments.funder, until, arguments.seller),
                key=arguments.key or ground.ids(ground.clock.now_ms()),
                by=account.name,
                scope=scope,
            )
        )
        _tell(ground, made.id, scope)
    return 0


def run_move(arguments: argparse.Namespace) -> int:
    """Move a claim on."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "claims.make")
        key = _named(ground, arguments.claim, scope)
        why = getattr(arguments, "reason", "")
        move = ground.part(ClaimActs).move
        done(move(key, arguments.state, why=why, by=account.name, scope=scope))
        print(_line(_read(ground, key, scope).row, _money(ground)))
    return 0


def run_short(arguments: argparse.Namespace) -> int:
    """Write off what is not paid."""
    said = dict(one.partition("=")[::2] for one in arguments.lines)
    wrong = [line for line, amount in said.items() if not line.isdecimal() or not amount]
    if wrong:
        raise CommandError(f"{wrong[0]!r} is no LINE=AMOUNT")
    shorts, faults = read_shorts({f"short.{line}": amount for line, amount in said.items()})
    if faults:
        raise CommandError("; ".join(sentence(one) for one in faults))
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "claims.make")
        key = _named(ground, arguments.claim, scope)
        short = ground.part(ClaimActs).short
        done(short(key, shorts, why=arguments.reason, by=account.name, scope=scope))
        _tell(ground, key, scope)
    return 0


def run_value(arguments: argparse.Namespace) -> int:
    """Value free goods otherwise from now on."""
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "claims.value")
        wrong = ground.part(ClaimActs).value(arguments.value, by=account.name)
        if wrong is not None:
            raise CommandError(sentence(wrong.reasons[0]))
        said = PageWords().named("claim_value", arguments.value)
        print(f"free goods that are given from now on count: {said}")
    return 0


def run_letter(arguments: argparse.Namespace) -> int:
    """Write a claim as a PDF file."""
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "claims.read")
        key = _named(ground, arguments.claim, scope)
        give = ground.part(ClaimActs).letter
        paper = give(key, size=arguments.size, language=arguments.language, scope=scope)
        if paper is None:
            raise CommandError(f"there is no claim {arguments.claim}")
        write_file(arguments.file, [paper.content])
        print(arguments.file)
    return 0


def run_lines(arguments: argparse.Namespace) -> int:
    """Write the lines of a claim as a file."""
    kind = arguments.file.suffix.lower().lstrip(".")
    if kind not in {"csv", "xlsx"}:
        raise CommandError(f"{arguments.file.name!r} ends neither in .csv nor in .xlsx")
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "claims.read")
        key = _named(ground, arguments.claim, scope)
        found = _read(ground, key, scope, language=arguments.language)
        said = evidence_of(found, PageWords(arguments.language))
        sheet = Sheet(said.name, said.title, said.told, said.headings, said.rows)
        write_file(arguments.file, [written(sheet, kind)])
        print(f"{len(found.lines)} lines in {arguments.file}")
    return 0


def _named(ground: Ground, name: str, scope: Scope) -> int:
    with ground.database.read() as connection:
        found = find_claim(connection, name, scope=scope)
    if found is None:
        raise CommandError(f"there is no claim {name}")
    return found


def _read(ground: Ground, key: int, scope: Scope, *, language: str = "en") -> ClaimDetail:
    with ground.database.read() as connection:
        found = read_claim(connection, key, language=language, scope=scope)
    if found is None:
        raise CommandError(f"there is no claim {key}")
    return found


def _tell(ground: Ground, key: int, scope: Scope) -> None:
    found, money = _read(ground, key, scope), _money(ground)
    words = PageWords()
    print(_line(found.row, money))
    for one in found.lines:
        valued = words.named("claim_valued", one.valued)
        short = f"  not paid {money.figures(one.short)}" if one.short else ""
        said = f"{one.text}, {one.document}, {one.product}"
        count = number(one.quantity, money.currency, 0)
        amount = money.figures(one.amount)
        print(f"{one.line:>4} {amount:>12}  {count:>6}  {said} ({valued}){short}")


def _line(row: ClaimRow, money: HouseMoney) -> str:
    state = PageWords().text(STATES[row.state].words)
    open_ = f", {money.figures(row.open)} open" if row.open else ""
    days = f"{row.from_day} to {row.until_day}"
    return (
        f"{row.number:<16} {state:<12} {money.figures(row.amount):>14} {money.currency}{open_}  "
        f"{row.customer}, {days}"
    )


def _money(ground: Ground) -> HouseMoney:
    with ground.database.read() as connection:
        return read_distributor(connection).money
