"""Steps of a decision, noted at once; their parameters are made where they are read."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from rules.engine.result import Reason, StageName
from rules.values.reasons import Params
from rules.values.units import Minor

Row = tuple["Step", str, int | None, Minor | None, Any]
"""A step: its kind, its rule, line and amount, and what else its parameters need."""


class Step(NamedTuple):
    """A kind of step: its stage, its code, and how its parameters are made of its row."""

    stage: StageName
    code: str
    params: Callable[[Row], Params]


def rule_and_amount(row: Row) -> Params:
    """Give the parameters of a step that says how much a rule gave or took."""
    return {"rule": row[1], "amount": row[3] or 0}


def written_out(steps: Sequence[Row | Reason]) -> tuple[Reason, ...]:
    """Write every step out with its parameters."""
    return tuple([step if isinstance(step, Reason) else _reason(step) for step in steps])


def codes(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, str]]:
    """Give the code and the rule of every step, without parameters."""
    for step in steps:
        if isinstance(step, Reason):
            yield step.code, step.rule
        else:
            yield step[0].code, step[1]


def gifts(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, int | None, Minor]]:
    """Give what each rule gave or took, without parameters."""
    for step in steps:
        if isinstance(step, Reason):
            if step.amount is not None:
                yield step.rule, step.line, step.amount
            continue
        _, rule, line, amount, _ = step
        if amount is not None:
            yield rule, line, amount


def moved(steps: Sequence[Row | Reason]) -> Iterator[tuple[str, str, Minor]]:
    """Give the code, the rule and the amount of every step that has one, without parameters."""
    for step in steps:
        amount = step.amount if isinstance(step, Reason) else step[3]
        if amount is None:
            continue
        if isinstance(step, Reason):
            yield step.code, step.rule, amount
        else:
            yield step[0].code, step[1], amount


def _reason(row: Row) -> Reason:
    step, rule, line, amount, _ = row
    # As `Reason(...)`, which is a function in Python and the dearest step of writing a trace.
    made = (step.stage, step.code, step.params(row), rule, line, amount)
    return tuple.__new__(Reason, made)
