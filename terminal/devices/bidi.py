"""The order in which the parts of a line stand, where letters run from the right among others.

After the bidirectional algorithm (Unicode Standard Annex 9) without its embeddings, which no slip
has: a name in Arabic keeps its words in their order, and the numbers in it run from the left. In
one thing it is ours: a telephone number, a date and a time are each one number, 080 4000 1234,
where the annex would turn their parts round.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

_RIGHT: Final = frozenset({"R", "AL"})
_NUMBERS: Final = frozenset({"EN", "AN"})
_NUMBER: Final = re.compile(r"[+0-9][0-9 :./-]*[0-9]")
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_MARKS: Final = frozenset({"NSM", "BN"})


class Run(NamedTuple):
    """Letters of one direction, in their logical order."""

    text: str
    is_from_right: bool


def has_from_right(text: str) -> bool:
    """Tell whether a letter runs from the right: `3 x Assam tea` is read from the left anywhere."""
    return any(unicodedata.bidirectional(char) in _RIGHT for char in text)


def in_order(
    text: str, *, from_right: bool, is_apart: Callable[[int, int], bool] = lambda _one, _next: False
) -> list[Run]:
    """Cut a line into runs, the leftmost first.

    `is_apart` tells of two neighbours by their places that no one run may hold both, as where the
    font changes.
    """
    levels = _levels(text, base=int(from_right))
    runs: list[tuple[int, str]] = []
    for at, char in enumerate(text):
        joins = at > 0 and levels[at] == levels[at - 1] and not is_apart(at - 1, at)
        if joins:
            level, run = runs[-1]
            runs[-1] = (level, run + char)
        else:
            runs.append((levels[at], char))
    return [Run(run, bool(level % 2)) for level, run in _turned(runs)]


def _levels(text: str, *, base: int) -> list[int]:
    """Give each letter its level: odd ones run from the right (rules I1 and I2)."""
    around = "R" if base else "L"
    kinds = _weak([unicodedata.bidirectional(char) for char in text], around)
    for found in _NUMBER.finditer(text):
        first, end = found.span()
        if any(kind in _NUMBERS for kind in kinds[first:end]):
            kinds[first:end] = ["AN"] * (end - first)
    _close_brackets(text, kinds, around)
    _settle_neutrals(kinds, around)
    if base:
        return [1 if kind == "R" else 2 for kind in kinds]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in kinds]


def _weak(kinds: list[str], around: str) -> list[str]:
    """Tell letters, numbers and what is neither, ON, apart (rules W1 to W7)."""
    strong = around
    for at, kind in enumerate(kinds):
        if kind in _MARKS:
            kinds[at] = kinds[at - 1] if at else around
        elif kind in _RIGHT or kind == "L":
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    for at, kind in enumerate(kinds):
        kinds[at] = _in_number(kind, kinds[at - 1 : at], kinds[at + 1 : at + 2])
    strong = around
    for at, kind in enumerate(kinds):
        if kind in _RIGHT or kind == "L":
            strong = kinds[at] = "L" if kind == "L" else "R"
        elif kind not in _NUMBERS:
            kinds[at] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
    return kinds


def _in_number(kind: str, before: list[str], after: list[str]) -> str:
    """Take a sign for a part of the number that it stands in or at: 38.105, 2.5 %."""
    is_between = before == after and (before == ["EN"] or (kind == "CS" and before == ["AN"]))
    if kind in {"ES", "CS"} and is_between:
        return before[0]
    return "EN" if kind == "ET" and "EN" in before + after else kind


def _close_brackets(text: str, kinds: list[str], around: str) -> None:
    """Give two brackets the direction of what they hold, else of what is before (rule N0)."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _PAIRS:
            opened.append(at)
        elif opened and char == _PAIRS[text[opened[-1]]]:
            first = opened.pop()
            held = {"R" if one in _NUMBERS else one for one in kinds[first:at]} - {"ON"}
            before = next((one for one in reversed(kinds[:first]) if one != "ON"), around)
            if held:
                is_around = around in held or (before in {"L", "R"} and before == around)
                other = "L" if around == "R" else "R"
                kinds[first] = kinds[at] = around if is_around else other


def _settle_neutrals(kinds: list[str], around: str) -> None:
    """Give what is neither the direction of both its sides, else that of the line (N1, N2)."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        if end > at:
            sides = (kinds[at - 1] if at else around, kinds[end] if end < len(kinds) else around)
            before, after = ("R" if side in _NUMBERS else side for side in sides)
            kinds[at:end] = [before if before == after else around] * (end - at)
        at = max(end, at + 1)


def _turned(runs: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Turn what runs from the right, the innermost first (rule L2)."""
    turned = list(runs)
    for level in range(max((level for level, _ in runs), default=0), 0, -1):
        at = 0
        while at < len(turned):
            end = at
            while end < len(turned) and turned[end][0] >= level:
                end += 1
            turned[at:end] = turned[at:end][::-1]
            at = max(end, at + 1)
    return turned
