"""What must not matter, and what must always hold, on random rule files and orders."""

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from rules import Batch, CompiledPack, OrderLine, Quantity, Result, evaluate, load_pack
from rules.language import read_pack
from rules.tools.schema.documents import Question
from tests.differential.agreement import packed
from tests.differential.gifts import Giver
from tests.differential.orders import random_question
from tests.differential.worlds import DAYS, SKUS, random_products
from tests.differential.written import COUNTS, Written
from tests.fixtures.trials import Trial, Trials

_QUESTIONS: Final = 20
_LISTS: Final = ["prices", "quantities", "floors", "discounts", "schemes", "groups", "taxes"]

Case = tuple[Written, CompiledPack, list[Question]]


def _case(chance: random.Random) -> Case:
    products = random_products(chance)
    document = Giver(chance).write()
    asked = [random_question(chance, products, document) for _ in range(_QUESTIONS)]
    return document, load_pack(packed(document)), asked


def _decide(asked: Question, pack: CompiledPack) -> Result:
    return evaluate(asked.order, asked.facts, asked.counters, pack)


def _without_numbers(result: Result) -> tuple[Any, ...]:
    """Give a decision with nothing in it that names a line by its number."""
    return (
        result.outcome,
        result.totals,
        result.changes,
        sorted([line._replace(number=0) for line in result.lines], key=repr),
        [(goods.sku, goods.earned, goods.rule) for goods in result.free],
        sorted((one.code, one.rule) for one in result.trace),
        sorted((miss.rule, miss.code, str(miss.params)) for miss in result.near_misses),
    )


def _in_other_files(document: Written, chance: random.Random) -> bytes:
    """Put the same rules into other files, in another order."""
    files: list[Written] = [{"pack": document["pack"]}, {}, {}]
    for name in _LISTS:
        for rule in chance.sample(document[name], len(document[name])):
            chance.choice(files).setdefault(name, []).append(rule)
    chance.shuffle(files)
    with tempfile.TemporaryDirectory() as folder:
        for place, content in enumerate(files):
            (Path(folder) / f"{place}.yaml").write_text(json.dumps(content))
        return read_pack(Path(folder))


def try_lines(seed: int) -> list[str]:
    """Scan the same lines in another order."""
    chance = random.Random(seed)
    _, pack, questions = _case(chance)
    wrong = []
    for asked in questions:
        lines = chance.sample(asked.order.lines, len(asked.order.lines))
        numbered = [replace(line, number=place) for place, line in enumerate(lines, 1)]
        other = replace(asked, order=replace(asked.order, lines=tuple(numbered)))
        if _without_numbers(_decide(asked, pack)) != _without_numbers(_decide(other, pack)):
            wrong.append(f"seed {seed}: {asked.order} is decided otherwise as {lines}")
    return wrong


def try_files(seed: int) -> list[str]:
    """Write the same rules into other files in another order."""
    chance = random.Random(seed)
    document, pack, questions = _case(chance)
    other = load_pack(_in_other_files(document, chance))
    return [
        f"seed {seed}: {asked.order} depends on where the rules stand"
        for asked in questions
        if _decide(asked, pack) != _decide(asked, other)
    ]


def try_silent_rules(seed: int) -> list[str]:
    """Take away the schemes and taxes that a decision does not name."""
    document, pack, questions = _case(random.Random(seed))
    wrong = []
    for asked in questions[:5]:
        result = _decide(asked, pack)
        told = " ".join(
            [f"{one.rule} {one.params}" for one in result.trace]
            + [f"{miss.rule} {miss.params}" for miss in result.near_misses]
            + [change.rule for change in result.changes]
        )
        fewer = {
            **document,
            # A scheme that knows a coupon lets the trace call the coupon known.
            "schemes": [
                rule
                for rule in document["schemes"]
                if rule["id"] in told or "coupon" in str(rule.get("when"))
            ],
            "taxes": [rule for rule in document["taxes"] if rule["id"] in told],
        }
        named = {scheme.get("group") for scheme in fewer["schemes"]}
        fewer["groups"] = [group for group in document["groups"] if group["name"] in named]
        # Where no tax is left, lines are not taxed; where none holds, they are not sold.
        if document["taxes"] and not fewer["taxes"]:
            fewer["taxes"] = document["taxes"]
        if _decide(asked, load_pack(packed(fewer))) != result:
            wrong.append(f"seed {seed}: {asked.order} needs a rule that it does not name")
    return wrong


def try_split_lines(seed: int) -> list[str]:
    """Ask for the same on two lines: what counts products, baskets or the order counts alike.

    One scheme at a time and whole prices, so that no coin is rounded otherwise for two lines.
    """
    chance = random.Random(seed)
    document, _, questions = _case(chance)
    rates = {sku: str(chance.randint(1, 400)) for sku in SKUS}
    plain = {"prices": [{"id": "BASE", "level": "default", "rates": rates}]}
    wrong = []
    for scheme in document["schemes"]:
        ends_on_line = isinstance(scheme.get("max_discount"), dict)
        by_line = ends_on_line or scheme.get("count", {}).get("over") == "line"
        if by_line or "order.lines" in scheme.get("if", ""):
            continue
        pack = load_pack(packed({"pack": document["pack"], **plain, "schemes": [scheme]}))
        for asked in questions:
            one, other = _decide(asked, pack), _decide(_split(chance, asked), pack)
            if (one.totals, _free(one)) != (other.totals, _free(other)):
                wrong.append(f"seed {seed}: {scheme['id']} counts two lines of {asked.order} apart")
    return wrong


def _split(chance: random.Random, asked: Question) -> Question:
    parts: list[tuple[str, int]] = []
    for line in asked.order.lines:
        first = chance.randint(0, max(line.quantity, 0))
        rest = line.quantity - first
        parts += (
            [(line.sku, first), (line.sku, rest)] if first and rest else [(line.sku, rest or first)]
        )
    lines = tuple(
        OrderLine(number, sku, Quantity(quantity))
        for number, (sku, quantity) in enumerate(parts, 1)
    )
    return replace(asked, order=replace(asked.order, lines=lines))


def _free(result: Result) -> list[tuple[str, int]]:
    return [(goods.sku, goods.earned) for goods in result.free]


def try_cuts(seed: int) -> list[str]:
    """Let stock be short: nothing is sold that was not asked for, or for more than before."""
    chance = random.Random(seed)
    document, _, questions = _case(chance)
    rule = {"id": "AL", "pick": "fefo", "short": "cut"}
    pack = load_pack(packed(document))
    cutting = load_pack(packed({**document, "allocation": [rule]}))
    # Of prices with tax, gross is made of what is left of three parts that are rounded each.
    roundings = 2 if pack.tax_inclusive else 0
    wrong = []
    for asked in questions:
        whole, cut = _decide(asked, pack), _decide(_with_stock(chance, asked), cutting)
        for before, after in zip(whole.lines, cut.lines, strict=True):
            taken = sum(
                part.quantity
                for part in cut.allocations
                if part.number == after.number and not part.free
            )
            # A tax by the piece that takes all that is paid leaves no gross to compare with.
            swallowed = pack.tax_inclusive and not before.net
            raised = after.gross > before.gross + roundings and not swallowed
            if after.quantity > before.quantity or raised:
                wrong.append(f"seed {seed}: a cut raises line {after.number} of {asked.order}")
            if taken != after.quantity and cut.outcome != "reject":
                wrong.append(f"seed {seed}: line {after.number} of {asked.order} has {taken}")
    return wrong


def _with_stock(chance: random.Random, asked: Question) -> Question:
    """Put a batch or two of most products into the warehouse, rarely enough for all."""
    batches = {
        sku: tuple(
            Batch(f"{sku}-{number}", sku, "MAIN", Quantity(chance.choice([0, *COUNTS])), DAYS[0])
            for number in range(chance.choice([0, 1, 2, 2]))
        )
        for sku in SKUS
    }
    return replace(asked, facts=replace(asked.facts, batches=batches))


def try_sums(seed: int) -> list[str]:
    """Add every decision up again."""
    _, pack, questions = _case(random.Random(seed))
    return [
        f"seed {seed}: {fault} in {asked.order}"
        for asked in questions
        for fault in _faults_of(_decide(asked, pack), pack)
    ]


def _faults_of(result: Result, pack: CompiledPack) -> Iterator[str]:
    for line in result.lines:
        if min(line.gross, line.line_discount, line.order_discount, line.net, line.tax) < 0:
            yield f"line {line.number} is negative"
        if line.gross - line.line_discount - line.order_discount != line.net:
            yield f"line {line.number} does not add up"
        if sum(part.amount for part in line.taxes) != line.tax:
            yield f"the tax of line {line.number} is not its heads"
    if sum(line.total for line in result.lines) + result.totals.round_off != result.totals.payable:
        yield "the lines are not the total"
    if result.totals.payable % pack.round_to:
        yield "the total is not rounded"
    if not pack.tax_inclusive:
        yield from _spreads(result)


def _spreads(result: Result) -> Iterator[str]:
    """Compare what rules took off with what the lines lost."""
    taken = sum(
        one.amount or 0
        for one in result.trace
        if one.code in {"scheme_applied", "free_goods_given"}
    )
    lost = sum(line.line_discount + line.order_discount for line in result.lines)
    if taken != lost:
        yield f"the rules took {taken} off, the lines lost {lost}"


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(
    "trial", [try_lines, try_files, try_silent_rules, try_split_lines, try_cuts, try_sums]
)
def test_a_decision_keeps_the_laws(trial: Trial, trials: Trials) -> None:
    found = trials.run(trial, usual=20, long=1_000)

    assert found == [], "\n".join(found)
