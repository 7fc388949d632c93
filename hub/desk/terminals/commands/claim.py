"""`terminal claim|show|approve|refuse|withdraw`: lead a device in by a slip that works once."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeVar

import segno

from broker.contract.enrolment import Claim, ClaimError, read_claim, write_claim
from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.model.enrolment import CLAIM_HOURS
from hub.desk.terminals.reads.claims import read_terminal

_SCALE: Final = 8
Done = TypeVar("Done")


def say_fault(error: EnrolmentError) -> str:
    """Say why something about enrolment was not done, the way pages do."""
    words = PageWords().named("enrol_fault", error.code)
    return f"{words} ({error.about})" if error.about else words


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "terminal", "counter terminals")
    claim = inner.add_parser(
        "claim",
        help="make the slip by which one device becomes a terminal",
        description="Prints the claim, and as a QR code where a person looks on. It works once. A "
        "terminal that is not there yet is added where --customer and --warehouse are given. The "
        "device that the terminal has now goes on until another one has used the claim.",
        epilog=example(
            "terminal claim counter-7 --customer C042 --warehouse MAIN "
            "--hub http://192.168.1.10:8080"
        ),
    )
    claim.add_argument("--customer", metavar="ID", help="who orders with it, of a new one")
    claim.add_argument("--warehouse", metavar="CODE", help="which one serves it, of a new one")
    claim.add_argument(
        "--hours", type=int, default=CLAIM_HOURS, help=f"how long it can be used ({CLAIM_HOURS})"
    )
    claim.add_argument("--approve", action="store_true", help="a person approves the device")
    claim.add_argument(
        "--hub",
        metavar="URL",
        help="the hub's address in the shop's network (public_url of hub.toml)",
    )
    claim.add_argument("--svg", type=Path, metavar="FILE", help="write the QR code to a file")
    claim.set_defaults(run=run_claim)
    show = inner.add_parser(
        "show", help="show a terminal and its claim", epilog=example("terminal show counter-7")
    )
    show.set_defaults(run=run_show)
    for name, text in (
        ("approve", "let the device in that waits"),
        ("refuse", "turn the device away that waits"),
    ):
        one = inner.add_parser(
            name, help=text, epilog=example(f"terminal {name} counter-7 --number 4821")
        )
        one.add_argument(
            "--number", required=True, metavar="DIGITS", help="the number that the device shows"
        )
        one.set_defaults(run=run_decide, decision=name)
    withdraw = inner.add_parser(
        "withdraw",
        help="withdraw the claim that no device has used",
        epilog=example("terminal withdraw counter-7"),
    )
    withdraw.set_defaults(run=run_withdraw)
    for name in ("claim", "show", "approve", "refuse", "withdraw"):
        inner.choices[name].add_argument("terminal", metavar="ID", help="the terminal")
        add_folder(inner.choices[name])


def run_claim(arguments: argparse.Namespace) -> int:
    """Make a claim."""
    named = (arguments.customer, arguments.warehouse)
    if (named[0] is None) != (named[1] is None):
        raise CommandError("a new terminal needs both --customer and --warehouse")
    with opened(arguments) as ground:
        acts = ground.part(EnrolmentActs).claim
        hub = _address(arguments.hub or acts.address)
        with ground.database.read() as connection:
            there = read_terminal(
                connection, arguments.terminal, now_ms=ground.clock.now_ms(), scope=EVERYTHING
            )
        if there is None and named[0] is not None:
            customer, warehouse = named
            _do(
                lambda: acts.add(
                    arguments.terminal, customer=customer, warehouse=warehouse, by=OPERATOR
                )
            )
        made = _do(
            lambda: acts.make(
                arguments.terminal,
                by=OPERATOR,
                hours=arguments.hours,
                asks=arguments.approve,
            )
        )
        slip = Claim(made.code, hub)
        if not acts.leads_to_broker(slip):
            print(PageWords().text("claim.no_broker"), file=sys.stderr)
    text = write_claim(slip)
    print(text)
    code = segno.make(text, error="m", micro=False)
    if arguments.svg:
        code.save(str(arguments.svg), kind="svg", scale=_SCALE)
    elif sys.stdout.isatty():
        code.terminal(compact=True)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Show a terminal."""
    with opened(arguments) as ground:
        print(json.dumps(_shown(ground, arguments.terminal)))
    return 0


def run_decide(arguments: argparse.Namespace) -> int:
    """Let a device in that waits, or turn it away."""
    with opened(arguments) as ground:
        acts = ground.part(EnrolmentActs).claim
        act = acts.approve if arguments.decision == "approve" else acts.refuse
        _do(lambda: act(arguments.terminal, number=arguments.number, by=OPERATOR))
    done = "enrolled" if arguments.decision == "approve" else "turned away"
    print(f"the device of terminal {arguments.terminal} is {done}")
    return 0


def run_withdraw(arguments: argparse.Namespace) -> int:
    """Withdraw a claim."""
    with opened(arguments) as ground:
        acts = ground.part(EnrolmentActs).claim
        _do(lambda: acts.withdraw(arguments.terminal, by=OPERATOR))
    print(f"the claim of terminal {arguments.terminal} is withdrawn")
    return 0


def _address(given: str) -> str:
    """Read the hub's address; raises CommandError."""
    if not given:
        raise CommandError(
            "say where the shop reaches this hub: --hub http://192.168.1.10:8080, or public_url "
            "in hub.toml"
        )
    try:
        return read_claim(f"{'0' * 16}@{given}").hub
    except ClaimError as error:
        raise CommandError(str(error)) from error


def _do(act: Callable[[], Done]) -> Done:
    try:
        return act()
    except EnrolmentError as error:
        raise CommandError(say_fault(error)) from error


def _shown(ground: Ground, terminal: str) -> dict[str, object]:
    now_ms = ground.clock.now_ms()
    with ground.database.read() as connection:
        found = read_terminal(connection, terminal, now_ms=now_ms, scope=EVERYTHING)
    if found is None:
        raise CommandError(say_fault(EnrolmentError("terminal_unknown", terminal)))
    hidden = {"id", "key", "password_sha256", "password_line", "state", "terminal"}
    made = asdict(found.claim) if found.claim else {}
    return {
        "terminal": terminal,
        "customer": found.row.customer_code,
        "warehouse": found.warehouse,
        "access": found.has_access,
        "presence": found.row.presence,
        "claim": found.look(now_ms),
        **{name: value for name, value in made.items() if name not in hidden},
    }
