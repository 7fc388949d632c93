"""Steps of a decision, put into words only where somebody reads them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from rules.engine.result import Reason, StageName
from rules.values.units import Minor

Row = tuple["Wording", str, int | None, Minor | None, Any]
"""A step: how it is worded, its rule, line and amount, and what else its words need."""

Money = Callable[[int], str]
"""Writes an amount for people."""


class Wording(NamedTuple):
    """What a kind of step is called, and how it is told: of its row, with amounts as `Money`."""

    stage: StageName
    code: str
    text: Callable[[Row, Money], str]


def put_into_words(steps: Sequence[Row | Reason], money: Money) -> tuple[Reason, ...]:
    """Write every step out."""
    return tuple(step if isinstance(step, Reason) else _told(step, money) for step in steps)


def codes(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, str]]:
    """Give the code and the rule of every step, without words."""
    for step in steps:
        if isinstance(step, Reason):
            yield step.code, step.rule
        else:
            yield step[0].code, step[1]


def gifts(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, int | None, Minor]]:
    """Give what each rule gave or took, without words."""
    for step in steps:
        if isinstance(step, Reason):
            if step.amount is not None:
                yield step.rule, step.line, step.amount
            continue
        _, rule, line, amount, _ = step
        if amount is not None:
            yield rule, line, amount


def moved(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, str, Minor]]:
    """Give the code, the rule and the amount of every step that has one, without words."""
    for step in steps:
        amount = step.amount if isinstance(step, Reason) else step[3]
        if amount is None:
            continue
        if isinstance(step, Reason):
            yield step.code, step.rule, amount
        else:
            yield step[0].code, step[1], amount


def _told(row: Row, money: Money) -> Reason:
    wording, rule, line, amount, _ = row
    return Reason(wording.stage, wording.code, wording.text(row, money), rule, line, amount)
