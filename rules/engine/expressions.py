"""Expression trees of a pack to Python closures; no text is evaluated, so a pack runs no code."""

import json
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

Value = int | str | bool | None
Facts = Mapping[str, Value]
Closure = Callable[[Facts], Any]
Condition = Callable[[Facts], bool]

_MOST_KEPT: Final = 10_000
_BINARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def compile_condition(tree: Mapping[str, Any]) -> Condition:
    """Turn a packed tree into a function of the facts; rules that ask the same share it.

    Raises:
        KeyError, TypeError, ValueError: the tree is none of the language.
    """
    return _compiled(json.dumps(tree))


@lru_cache(_MOST_KEPT)
def _compiled(written: str) -> Condition:
    return _compile(json.loads(written))


def _compile(tree: Mapping[str, Any]) -> Closure:
    if "fact" in tree:
        return operator.itemgetter(tree["fact"])
    if "op" not in tree:
        return _constant(tree["value"])
    name = tree["op"]
    if name in _BINARY and "fact" in tree["args"][0] and "value" in tree["args"][1]:
        return _with_constant(_BINARY[name], tree["args"][0]["fact"], tree["args"][1]["value"])
    args = [_compile(arg) for arg in tree["args"]]
    if name in _BINARY:
        return _binary(_BINARY[name], *args)
    if name == "in":
        return _member(args[0], frozenset(tree["values"]))
    return _LOGIC[name](*args)


def facts_of(tree: Mapping[str, Any]) -> frozenset[str]:
    """Name the facts a tree asks for."""
    if "fact" in tree:
        return frozenset({tree["fact"]})
    return frozenset().union(*(facts_of(arg) for arg in tree.get("args", ())))


def _constant(value: Value) -> Closure:
    return lambda _: value


def _binary(combine: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    return lambda facts: combine(left(facts), right(facts))


def _with_constant(combine: Callable[[Any, Any], Any], fact: str, value: Value) -> Closure:
    """Do in one call what most conditions are: a fact beside a constant."""
    return lambda facts: combine(facts[fact], value)


def _member(member: Closure, values: frozenset[Value]) -> Closure:
    return lambda facts: member(facts) in values


def _and(left: Closure, right: Closure) -> Closure:
    return lambda facts: left(facts) and right(facts)


def _or(left: Closure, right: Closure) -> Closure:
    return lambda facts: left(facts) or right(facts)


def _not(right: Closure) -> Closure:
    return lambda facts: not right(facts)


def _negative(right: Closure) -> Closure:
    return lambda facts: -right(facts)


def _either(condition: Closure, left: Closure, right: Closure) -> Closure:
    return lambda facts: left(facts) if condition(facts) else right(facts)


_LOGIC: Final[dict[str, Callable[..., Closure]]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "neg": _negative,
    "?": _either,
}
