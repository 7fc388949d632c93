"""The steps of a stored decision in words; of one that was stored in words, as they stand."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from hub.base.words import SentenceWriter
from rules import NO_NAMES, NearMiss, Reason, StageName, UnwordedError, Words
from rules.values.units import Minor


class Step(NamedTuple):
    """One step of a decision as people read it."""

    stage: StageName
    code: str
    text: str
    rule: str
    line: int | None
    amount: int | None


class Near(NamedTuple):
    """What was almost earned, as people read it."""

    rule: str
    line: int | None
    text: str


class _StoredStep(NamedTuple):
    stage: StageName
    code: str
    said: dict[str, Any] | str
    rule: str = ""
    line: int | None = None
    amount: int | None = None


class _StoredMiss(NamedTuple):
    """Without `params`, its `code` is a sentence: decisions were once stored so."""

    rule: str
    line: int | None
    code: str
    params: dict[str, Any] | None = None


_trace: Final = msgspec.json.Decoder(tuple[list[_StoredStep], list[_StoredMiss]])


def steps_in_words(
    written: bytes,
    scale: int,
    *,
    language: str = "en",
    names: Mapping[str, str] = NO_NAMES,
    currency: str = "",
) -> tuple[list[Step], list[Near]]:
    """Read every step and near miss of a stored decision, with amounts of so many decimals.

    They are grouped as those of their `currency` are, like the totals beside them. `names` are
    what the pack that decided it calls its rules, by their ids.
    """
    steps, near = _trace.decode(written)
    words = Words.of(language, writer=SentenceWriter(scale, currency, language), names=names)
    return [_step(one, words) for one in steps], [_near(one, words) for one in near]


def _step(one: _StoredStep, words: Words) -> Step:
    stage, code, said, rule, line, amount = one
    if isinstance(said, str):
        return Step(stage, code, said, rule, line, amount)
    reason = Reason(stage, code, said, rule, line, None if amount is None else Minor(amount))
    return Step(stage, code, _worded(reason, words), rule, line, amount)


def _near(one: _StoredMiss, words: Words) -> Near:
    if one.params is None:
        return Near(one.rule, one.line, one.code)
    miss = NearMiss(one.rule, one.line, one.code, one.params)
    return Near(one.rule, one.line, _worded(miss, words))


def _worded(one: Reason | NearMiss, words: Words) -> str:
    """Write a sentence; of a code that is gone, the code."""
    try:
        return words.sentence(one)
    except UnwordedError:
        return one.code
