"""Steps of a decision, noted at once; their parameters are made where they are read."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from rules.engine.hashing import gifts_as_json
from rules.engine.result import Reason, StageName
from rules.values.reasons import Params
from rules.values.units import Minor

Encode = Callable[[object], bytes]
"""Writes JSON: whoever wants some brings it, so that the rules need nothing that writes it fast."""

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


class LineSteps:
    """The steps of one line, written and hashed once, in however many decisions they stand.

    The same line in the next order has the same steps: then nothing of them is made anew.
    """

    __slots__ = ("_encoded", "_hashed", "_moved", "_written", "rows")

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self._written: tuple[Reason, ...] | None = None
        self._encoded: bytes | None = None
        self._moved: tuple[tuple[str, str, Minor], ...] | None = None
        self._hashed: str | None = None

    def of_line(self, number: int) -> "LineSteps":
        """Give the steps as those of a line; an order that grows keeps its numbers."""
        if not self.rows or self.rows[0][2] == number:
            return self
        return LineSteps(
            [(step, rule, number, amount, other) for step, rule, _, amount, other in self.rows]
        )

    def written(self) -> tuple[Reason, ...]:
        """Give the steps with their parameters; two who ask at once make the same."""
        written = self._written
        if written is None:
            written = self._written = tuple([_reason(row) for row in self.rows])
        return written

    def encoded(self, encode: Encode) -> bytes:
        """Give the steps as the entries of a JSON array; the first to ask has them written."""
        encoded = self._encoded
        if encoded is None:
            encoded = self._encoded = _entries([_parts(row) for row in self.rows], encode)
        return encoded

    def moved(self) -> tuple[tuple[str, str, Minor], ...]:
        """Give the code, the rule and the amount of every step that has one."""
        moved = self._moved
        if moved is None:
            found = [(row[0].code, row[1], row[3]) for row in self.rows if row[3] is not None]
            moved = self._moved = tuple(found)
        return moved

    def hashed(self) -> str:
        """Give what the rules gave or took as the hash of a result reads it."""
        hashed = self._hashed
        if hashed is None:
            flat: list[int | str | None] = []
            for _, rule, line, amount, _ in self.rows:
                if amount is not None:
                    flat += (rule, line, amount)
            hashed = self._hashed = gifts_as_json(flat)
        return hashed


Told = Row | Reason | LineSteps
"""What stands in a trace: a step, one that was told with its parameters, or all of a line."""


def written_out(steps: Sequence[Told]) -> tuple[Reason, ...]:
    """Write every step out with its parameters."""
    written: list[Reason] = []
    for step in steps:
        if isinstance(step, LineSteps):
            written.extend(step.written())
        elif isinstance(step, Reason):
            written.append(step)
        else:
            written.append(_reason(step))
    return tuple(written)


def as_json(steps: Sequence[Told], encode: Encode) -> bytes:
    """Write every step as JSON, each an array of what a `Reason` has, without making one."""
    entries: list[bytes] = []
    apart: list[tuple[Any, ...]] = []
    for step in steps:
        if isinstance(step, LineSteps):
            if apart:
                entries.append(_entries(apart, encode))
                apart = []
            if step.rows:
                entries.append(step.encoded(encode))
        elif isinstance(step, Reason):
            apart.append(step)
        else:
            apart.append(_parts(step))
    if apart:
        entries.append(_entries(apart, encode))
    return b"[" + b",".join(entries) + b"]"


def _entries(rows: list[tuple[Any, ...]], encode: Encode) -> bytes:
    return encode(rows)[1:-1]


def _apart(steps: Sequence[Told]) -> Iterator[Row | Reason]:
    """Give every step by itself."""
    for step in steps:
        if isinstance(step, LineSteps):
            yield from step.rows
        else:
            yield step


def codes(steps: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """Give the code and the rule of every step, without parameters."""
    for step in _apart(steps):
        if isinstance(step, Reason):
            yield step.code, step.rule
        else:
            yield step[0].code, step[1]


def told_of(steps: Sequence[Told], wanted: Collection[str]) -> list[Reason]:
    """Write the steps of some codes out."""
    return [
        step if isinstance(step, Reason) else _reason(step)
        for step in _apart(steps)
        if (step.code if isinstance(step, Reason) else step[0].code) in wanted
    ]


def gifts_of(steps: Sequence[Told]) -> str:
    """Give what each rule gave or took as the hash of a result reads it."""
    parts: list[str] = []
    flat: list[int | str | None] = []
    for step in steps:
        if isinstance(step, LineSteps):
            if flat:
                parts.append(gifts_as_json(flat))
                flat = []
            parts.append(step.hashed())
        elif isinstance(step, Reason):
            if step.amount is not None:
                flat += (step.rule, step.line, step.amount)
        else:
            _, rule, line, amount, _ = step
            if amount is not None:
                flat += (rule, line, amount)
    parts.append(gifts_as_json(flat))
    return "".join(parts)


def moved(steps: Sequence[Told]) -> Iterator[tuple[str, str, Minor]]:
    """Give the code, the rule and the amount of every step that has one, without parameters."""
    for step in steps:
        if isinstance(step, LineSteps):
            yield from step.moved()
        elif isinstance(step, Reason):
            if step.amount is not None:
                yield step.code, step.rule, step.amount
        elif step[3] is not None:
            yield step[0].code, step[1], step[3]


def _reason(row: Row) -> Reason:
    # As `Reason(...)`, which is a function in Python and the dearest step of writing a trace.
    return tuple.__new__(Reason, _parts(row))


def _parts(row: Row) -> tuple[Any, ...]:
    step, rule, line, amount, _ = row
    stage, code, params = step
    return (stage, code, params(row), rule, line, amount)
