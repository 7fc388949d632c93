"""The command that settles a return: what is credited for goods of an order that come back."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rules import Return, Sale, load_pack, settle_return, shown
from rules.commands.files import document_at, packed_at, question_of, stop_with
from rules.commands.orders import ASKED, takes_question
from rules.commands.running import OK, Command
from rules.tools.schema.documents import settled, write
from rules.words.sentences import Words


def _return(chosen: argparse.Namespace) -> int:
    pack = load_pack(packed_at(chosen.pack))
    asked = question_of(chosen)
    faults: list[str] = []
    returned = document_at(Return, chosen.returned, faults)
    before = document_at(Return, chosen.before, faults)
    if faults or returned is None:
        raise stop_with(faults, "nothing was settled")
    sale = Sale(asked.order, asked.facts, asked.counters)
    result = settle_return(sale, returned, pack, before=before or Return())
    if chosen.json:
        print(write(settled(result, pack)))
    else:
        words = Words.of(chosen.language, scale=pack.scale, names=pack.names(chosen.language))
        credit = shown(result.totals.payable, pack.scale)
        said = {"outcome": result.outcome, "amount": credit, "currency": pack.currency}
        print(words.phrase("explain.to_credit", **said))
        for step in result.trace:
            print(f"  {step.code}: {words.sentence(step)}")
    return OK


def _takes_return(command: argparse.ArgumentParser) -> None:
    takes_question(command)
    command.add_argument("--returned", type=Path, required=True, help="what comes back, by line")
    command.add_argument("--before", type=Path, help="all that came back of the order earlier")
    command.add_argument("--json", action="store_true", help="print the whole settlement")


COMMANDS: Final[Mapping[str, Command]] = {
    "return": Command(
        _return,
        "settle a return: what is credited for goods of an order that come back",
        f"{ASKED} --returned rules/examples/return.json",
        _takes_return,
    ),
}
