"""Commands that decide orders: evaluate, explain, diff and bench."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter, perf_counter_ns
from typing import Final

from rules import evaluate, load_pack, shown
from rules.commands.files import cases_named, orders_at, packed_at, question_of, told_faults
from rules.commands.running import OK, Command, StopError
from rules.language.vocabulary import LANGUAGES
from rules.tools.cases.running import asked_in
from rules.tools.explain.explaining import explained
from rules.tools.replay.deciding import compare_file
from rules.tools.replay.measuring import measure, timed
from rules.tools.replay.measuring import told as told_speed
from rules.tools.replay.telling import told
from rules.tools.schema.documents import Question, decided, write
from rules.words.sentences import Words


def _evaluate(chosen: argparse.Namespace) -> int:
    pack = load_pack(packed_at(chosen.pack))
    asked = question_of(chosen)
    result = evaluate(asked.order, asked.facts, asked.counters, pack)
    if chosen.json:
        print(write(decided(result, pack)))
    else:
        words = Words.of(chosen.language, scale=pack.scale, names=pack.names(chosen.language))
        payable = shown(result.totals.payable, pack.scale)
        said = {"outcome": result.outcome, "amount": payable, "currency": pack.currency}
        print(words.phrase("explain.to_pay", **said))
        for reason in result.reasons:
            print(f"  {reason.code}: {words.sentence(reason)}")
    return OK


def _explain(chosen: argparse.Namespace) -> int:
    packed = packed_at(chosen.pack)
    pack = load_pack(packed)
    if chosen.case is None and chosen.order is None:
        raise StopError("name an order with --order, or a case of the pack with --case")
    if chosen.case is None:
        asked = question_of(chosen)
    else:
        case = cases_named(pack, chosen.case)[0]
        order, facts, counters, pack = asked_in(case, pack)
        asked = Question(order, facts, counters)
    for line in explained(asked, packed, pack=pack, language=chosen.language):
        print(line)
    return OK


def _diff(chosen: argparse.Namespace) -> int:
    before, after = packed_at(chosen.before), packed_at(chosen.after)
    one, other = json.loads(before), json.loads(after)
    if (one["currency"], one["scale"]) != (other["currency"], other["scale"]):
        raise StopError("the packs are of different currencies: their amounts do not compare")
    began = perf_counter()
    with told_faults(chosen.orders):
        text = chosen.orders.read_text(encoding="utf-8")
        comparison = compare_file(before, after, text, jobs=chosen.jobs)
    seconds = perf_counter() - began
    speed = f"{comparison.orders / seconds:.0f} a second"
    print(f"{comparison.orders} orders in {seconds:.2f} s, {speed}", file=sys.stderr)
    print(write(comparison) if chosen.json else "\n".join(told(comparison)))
    return OK


def _bench(chosen: argparse.Namespace) -> int:
    orders = None if chosen.orders is None else orders_at(chosen.orders)
    read_us, packed = timed(lambda: packed_at(chosen.pack), perf_counter_ns)
    measured = measure(
        packed, orders, read_us=read_us if chosen.pack.is_dir() else None, clock=perf_counter_ns
    )
    print(write(measured) if chosen.json else "\n".join(told_speed(measured)))
    return OK


def _takes_two_packs(command: argparse.ArgumentParser) -> None:
    command.add_argument("before", type=Path, help="folder of rule files, or a packed file")
    command.add_argument("after", type=Path, help="the same, to compare with it")
    command.add_argument(
        "--orders",
        type=Path,
        required=True,
        help="JSON lines of {order, facts, counters}; see `schema question` and `schema shared`",
    )
    command.add_argument(
        "--jobs", type=int, metavar="N", help="processes that decide; one a core otherwise"
    )
    command.add_argument("--json", action="store_true", help="print the whole comparison")


def _takes_orders(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder of rule files, or a packed file")
    command.add_argument(
        "--orders",
        type=Path,
        metavar="FILE.jsonl",
        help="JSON lines of {order, facts, counters}, as `diff` takes them; the pack's own "
        "cases otherwise",
    )
    command.add_argument("--json", action="store_true", help="print every figure")


def takes_question(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Take a pack, and an order with what it is decided with."""
    command.add_argument(
        "--pack", type=Path, required=True, help="folder of rule files, or a packed file"
    )
    command.add_argument("--order", type=Path, required=required, help="the order, a JSON file")
    command.add_argument(
        "--facts",
        type=Path,
        help="customer, products, credit and stock; without it, what prices by SKU alone",
    )
    command.add_argument("--counters", type=Path, help="what bounded schemes have given so far")
    command.add_argument(
        "--language", choices=LANGUAGES, default=LANGUAGES[0], help="the language of what is told"
    )


def _takes_question_or_case(command: argparse.ArgumentParser) -> None:
    takes_question(command, required=False)
    command.add_argument(
        "--case", metavar="NAME", help="the first case of the pack with this in its name, instead"
    )


def _takes_question_or_json(command: argparse.ArgumentParser) -> None:
    takes_question(command)
    command.add_argument("--json", action="store_true", help="print the whole result")


ASKED: Final = (
    "--pack rules/examples/pack --order rules/examples/order.json --facts rules/examples/facts.json"
)
COMMANDS: Final[Mapping[str, Command]] = {
    "evaluate": Command(
        _evaluate,
        "decide one order: what it costs and whether it is accepted",
        f"{ASKED} --json",
        _takes_question_or_json,
    ),
    "explain": Command(
        _explain,
        "tell people of one order: what applied, what nearly did, what did not and why",
        ASKED,
        _takes_question_or_case,
    ),
    "diff": Command(
        _diff,
        "decide orders with two packs: which change, by how much, and by which rules",
        "rules/examples/pack rules/examples/next --orders rules/examples/orders.jsonl",
        _takes_two_packs,
    ),
    "bench": Command(
        _bench,
        "measure a pack: microseconds an order, the slowest orders, load times and memory",
        "rules/examples/pack --orders rules/examples/orders.jsonl",
        _takes_orders,
    ),
}
