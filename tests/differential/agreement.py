"""Both readings of one rule file beside each other, and what is said where they differ."""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules import CompiledPack, Result, evaluate, load_pack
from rules.language import read_pack
from rules.tools.documents import Question
from tests.differential.orders import fewer, random_question
from tests.differential.plain.decide import Decision, decide, in_order
from tests.differential.worlds import random_products
from tests.differential.written import Author, Written, as_yaml

ORDERS = 40
"""How many orders each rule file decides."""


def packed(document: Written) -> bytes:
    """Read a rule file as it would stand in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pack.yaml").write_text(as_yaml(document))
        return read_pack(Path(folder))


def compiled(document: Written) -> CompiledPack:
    """Take a rule file the whole way: text, checks, packed bytes, engine."""
    return load_pack(packed(document))


def differences(seed: int) -> list[str]:
    """Decide one random rule file's orders twice, and describe every one that differs."""
    chance = random.Random(seed)
    products = random_products(chance)
    document = Author(chance).write()
    pack = compiled(document)
    found = []
    for _ in range(ORDERS):
        asked = random_question(chance, products, document)
        if _differs(asked, document, pack):
            found.append(_described(seed, asked, document=document, pack=pack))
    return found


def _differs(asked: Question, document: Written, pack: CompiledPack) -> bool:
    return _engine(asked, pack) != decide(
        asked.order, asked.facts, asked.counters, document=document
    )


def _engine(asked: Question, pack: CompiledPack) -> Decision:
    return _as_decision(evaluate(asked.order, asked.facts, asked.counters, pack), pack.scale)


def _as_decision(result: Result, scale: int) -> Decision:
    def money(minor: int | None) -> Decimal:
        return Decimal(minor or 0).scaleb(-scale)

    return Decision(
        result.outcome,
        tuple(sorted(((one.code, one.line) for one in _severe(result)), key=str)),
        tuple(
            (
                line.number,
                line.sku,
                line.quantity,
                None if line.unit_price is None else Decimal(line.unit_price).scaleb(-4),
                line.price_rule,
                tuple(
                    map(
                        money,
                        (
                            line.gross,
                            line.line_discount,
                            line.order_discount,
                            line.net,
                            line.tax,
                            line.total,
                        ),
                    )
                ),
                tuple((part.head, money(part.amount)) for part in line.taxes),
            )
            for line in result.lines
        ),
        tuple((one.sku, one.earned, one.rule) for one in result.free),
        tuple(map(money, result.totals)),
        in_order(
            (one.rule, one.line, money(one.amount))
            for one in result.trace
            if one.code in {"scheme_applied", "free_goods_given"}
        ),
        tuple(
            sorted(
                (one.rule, one.scope, one.used, money(one.spent), one.pieces, one.bought)
                for one in result.changes
            )
        ),
    )


def _severe(result: Result) -> Iterator[Any]:
    return (one for one in result.reasons if one.code != "quantity_rounded")


def _described(seed: int, asked: Question, *, document: Written, pack: CompiledPack) -> str:
    """Show the smallest order that still differs, and in what."""
    smaller = True
    while smaller:
        shorter = (fewer(asked, line) for line in asked.order.lines)
        found = next((one for one in shorter if _differs(one, document, pack)), None)
        smaller = found is not None
        asked = found or asked
    engine = _engine(asked, pack)
    plain = decide(asked.order, asked.facts, asked.counters, document=document)
    told = [
        f"{field.name}: engine {getattr(engine, field.name)}\n"
        f"{' ' * len(field.name)}  second {getattr(plain, field.name)}"
        for field in fields(Decision)
        if getattr(engine, field.name) != getattr(plain, field.name)
    ]
    lines = [(line.sku, line.quantity) for line in asked.order.lines]
    return "\n".join(
        [
            f"seed {seed}, {asked.order.business_date}, {asked.order.payment}, {lines}",
            f"{asked.facts.customer}",
            f"{asked.counters}",
            *told,
        ]
    )
