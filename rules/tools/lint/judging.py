"""What is known of an `if:` before any order: that it holds always, never, or sometimes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rules.language.vocabulary import CHOICES, FACTS
from rules.tools.lint.doubts import Doubt, Packed

Tree = Mapping[str, Any]
_Atom = tuple[str, str, Sequence[Any]]

LARGEST: Final = 10**24
_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_WHEN: Final = {
    "customer.id": "customer",
    "customer.type": "customer.type",
    "customer.status": "customer.status",
    "order.payment": "payment",
    "product.sku": "sku",
    "product.brand": "brand",
    "product.tax_class": "tax_class",
}
"""The condition that asks for the same as a fact."""


@dataclass(frozen=True, slots=True)
class Known:
    """What facts may be: numbers by their least and largest, words by all they may be."""

    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def number(self, fact: str) -> tuple[int, int]:
        """Give the least and the largest a fact may be."""
        return self.numbers.get(fact, (-LARGEST, LARGEST))


def known_of(rule: Packed) -> Known:
    """Give what a rule's own conditions say of the facts of its `if:`."""
    when, barred = rule.get("when", {}), rule.get("not", {})
    numbers = {
        fact: (1 if fact in {"order.lines", "line.quantity"} else 0, LARGEST)
        for facts in FACTS.values()
        for fact, kind in facts.items()
        # A credit balance makes an exposure negative, and a limit may be set so.
        if kind != "text" and fact not in {"customer.exposure", "customer.limit"}
    }
    words = {}
    for fact, key in _WHEN.items():
        values = when.get(key) or CHOICES.get(key)
        if values:
            words[fact] = frozenset(values) - frozenset(barred.get(key, ()))
    return Known(numbers, words)


def of_condition(rule: Packed) -> Iterator[Doubt]:
    """Doubt an `if:` that leaves nothing to find out."""
    if "if" not in rule:
        return
    judged = judge(rule["if"], known_of(rule))
    if judged is False:
        yield Doubt("never_matches", f"its if never holds: {rule['if_text']}", ("if",))
    elif judged:
        yield Doubt("always_true", f"its if always holds: {rule['if_text']}", ("if",))


_NOT: Final[Mapping[bool | None, bool | None]] = {True: False, False: True, None: None}


def judge(tree: Tree, known: Known) -> bool | None:
    """Tell whether an expression holds always or never; None where it depends."""
    operator, args = tree["op"], tree.get("args", ())
    if operator == "not":
        return _NOT[judge(args[0], known)]
    if operator == "and":
        left = judge(args[0], known)
        narrowed = narrow(args[0], known)
        right = False if narrowed is None else judge(args[1], narrowed)
        return _both(left, right)
    if operator == "or":
        sides = [judge(arg, known) for arg in args]
        return _NOT[_both(*(_NOT[side] for side in sides))]
    if operator == "?":
        return None
    return _judge_atom(tree, known)


def _both(*sides: bool | None) -> bool | None:
    return False if False in sides else None if None in sides else True


def narrow(tree: Tree, known: Known) -> Known | None:
    """Give what facts may still be where an expression holds; None where it cannot hold."""
    if tree["op"] == "and":
        left = narrow(tree["args"][0], known)
        return None if left is None else narrow(tree["args"][1], left)
    if judge(tree, known) is False:
        return None
    found = _atom(tree)
    if found is None:
        return known
    fact, operator, values = found
    if isinstance(values[0], str):
        return _narrow_words(known, found)
    if operator == "!=":
        return known
    (least, most), low, high = known.number(fact), min(values), max(values)
    least = max(least, {">": low + 1, ">=": low, "==": low, "in": low}.get(operator, least))
    most = min(most, {"<": high - 1, "<=": high, "==": high, "in": high}.get(operator, most))
    return Known({**known.numbers, fact: (least, most)}, known.words)


def _narrow_words(known: Known, found: _Atom) -> Known:
    fact, operator, values = found
    may = known.words.get(fact)
    if operator == "!=":
        left = None if may is None else may - frozenset(values)
    else:
        left = frozenset(values) if may is None else may & frozenset(values)
    return known if left is None else Known(known.numbers, {**known.words, fact: left})


def _atom(tree: Tree) -> _Atom | None:
    """Take a comparison of a fact with fixed values apart; None where it is something else."""
    operator, args = tree["op"], tree.get("args", ())
    if operator == "in":
        return (args[0]["fact"], operator, tree["values"]) if "fact" in args[0] else None
    if operator not in _FLIPPED:
        return None
    left, right = args
    if "fact" in left and "value" in right:
        return left["fact"], operator, [right["value"]]
    if "fact" in right and "value" in left:
        return right["fact"], _FLIPPED[operator], [left["value"]]
    return None


def _judge_atom(tree: Tree, known: Known) -> bool | None:
    found = _atom(tree)
    if found is None:
        return None
    fact, operator, values = found
    if isinstance(values[0], str):
        return _judge_words(known.words.get(fact), operator, frozenset(values))
    least, most = known.number(fact)
    holds = [_judge_number(operator, value, least=least, most=most) for value in values]
    if operator == "in":
        return True if True in holds else False if set(holds) == {False} else None
    return holds[0]


def _judge_words(may: frozenset[str] | None, operator: str, values: frozenset[str]) -> bool | None:
    if may is None:
        return None
    inside = False if may.isdisjoint(values) else True if may <= values else None
    return _NOT[inside] if operator == "!=" else inside


def _judge_number(operator: str, value: int, *, least: int, most: int) -> bool | None:
    if operator in {"==", "in"}:
        return False if not least <= value <= most else True if least == most else None
    if operator == "!=":
        return _NOT[_judge_number("==", value, least=least, most=most)]
    if operator in {">", ">="}:
        bound = value + (operator == ">")
        return True if least >= bound else False if most < bound else None
    return _NOT[_judge_number(">" if operator == "<=" else ">=", value, least=least, most=most)]
