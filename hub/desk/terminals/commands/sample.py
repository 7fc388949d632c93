"""`sample add|show|remove`: a small distributor to look around with."""

import argparse
import json
from collections.abc import Callable

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_broker, add_folder, example, group, opened
from hub.base.words import PageWords
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.sample import TERMINAL, SampleError
from hub.desk.terminals.reads.setup import read_sample


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "sample", "sample data to look around with")
    adding = inner.add_parser(
        "add",
        help="fill a new hub with sample data",
        description="Adds a small distributor to a hub that has none: shops, products, prices, "
        "stock, and one counter terminal. Each page says that it is sample data.",
        epilog=example("sample add --data ./hub-files"),
    )
    add_broker(adding)
    adding.set_defaults(run=run_add)
    show = inner.add_parser(
        "show",
        help="show what stands on the sample data",
        description="Says, as JSON, whether the distributor is the sample, how many orders it has, "
        "and what on it is not of the sample.",
        epilog=example("sample show"),
    )
    show.set_defaults(run=run_show)
    remove = inner.add_parser(
        "remove",
        help="remove the sample data whole",
        description="Takes the sample away with all that was tried with it; people stay. It stays "
        "as it is where a product, customer, warehouse, terminal or rule pack is not of it.",
        epilog=example("sample remove --orders 3"),
    )
    remove.add_argument(
        "--orders",
        type=int,
        default=0,
        metavar="N",
        help="how many orders may go with it: as many as `sample show` tells (0)",
    )
    remove.set_defaults(run=run_remove)
    for name in ("add", "show", "remove"):
        add_folder(inner.choices[name])


def run_add(arguments: argparse.Namespace) -> int:
    """Add the sample, and say where its terminal starts."""
    with opened(arguments, creating=True) as ground:
        acts = ground.part(EnrolmentActs).sample
        _do(lambda: acts.add(by=OPERATOR))
        folder = ground.folder
    print("the sample data is there; its counter terminal starts with:")
    print(f"  ./orderwire terminal run --config {folder}/terminals/{TERMINAL}.toml")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Show how the sample stands."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = read_sample(connection, scope=EVERYTHING)
    if found is None:
        print(json.dumps({"sample": False}))
        return 0
    own = {kind: list(codes) for kind, codes in found.own.items()}
    shown = {"sample": True, "since": found.since_ms, "orders": found.orders, "own": own}
    print(json.dumps(shown))
    return 0


def run_remove(arguments: argparse.Namespace) -> int:
    """Remove the sample."""
    with opened(arguments) as ground:
        acts = ground.part(EnrolmentActs).sample
        _do(lambda: acts.remove(orders=arguments.orders, by=OPERATOR))
    print("the sample data is removed")
    return 0


def _do(work: Callable[[], object]) -> None:
    try:
        work()
    except SampleError as error:
        words = PageWords()
        lines = [words.named("sample_fault", error.code)]
        for kind, codes in error.own.items():
            lines.append(f"{words.named('sample_own', kind)}: {', '.join(codes)}")
        raise CommandError("\n".join(lines)) from error
