"""`if:` text to a typed tree: tokens are checked first, rule-engine parses, types are ours.

The parser never sees text that the token check refused: it folds constants while it parses, and
one shift of two small numbers would keep it busy for minutes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache, lru_cache
from typing import Any, Final, Literal

from rules.language.text.faults import Faults, Place, suggestion
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import FACTS, Kind

MAX_TEXT: Final = 500
MAX_TOKENS: Final = 100
MAX_NESTING: Final = 16
MAX_MEMBERS: Final = 200
MAX_DIGITS: Final = 18
_MOST_PARSED: Final = 256

Tree = dict[str, Any]
_Found = Kind | Literal["number", "flag"]

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<text>'[^'\\]*'|"[^"\\]*")
      | (?P<mark>==|!=|<=|>=|<(?!<)|>(?!>)|\*(?!\*)|\?(?![?.])|[-+:(),\[\]])""",
    re.VERBOSE,
)
_WORDS: Final = frozenset({"and", "or", "not", "in", "true", "false"})


_REMEDIES: Final = {
    "=": "write == to compare",
    "&&": "write and",
    "&": "write and",
    "||": "write or",
    "|": "write or",
    "!": "write not, or != to compare",
    "<>": "write !=",
    "%": "write 10 for 10 %",
    "/": "multiply instead, as in order.gross * 2 > 100",
    "'": "the quote that opens here is not closed",
    '"': "the quote that opens here is not closed",
    "\u2018": "write '",
    "\u2019": "write '",
    "\u201c": "write '",
    "\u201d": "write '",
    "$": "write the number alone",
    "\u20b9": "write the number alone",
}
"""Signs that people write for others."""

_BEFORE: Final = "before discounts"
_AFTER: Final = "after the discounts so far"
_MEANT: Final = {
    "order.total": {"order.payable": "to pay", "order.gross": _BEFORE, "order.net": _AFTER},
    "order.amount": {"order.payable": "to pay", "order.gross": _BEFORE, "order.net": _AFTER},
    "order.value": {"order.payable": "to pay", "order.gross": _BEFORE, "order.net": _AFTER},
    "line.net": {"line.gross": _BEFORE},
    "line.total": {"line.gross": _BEFORE},
    "line.amount": {"line.gross": _BEFORE},
    "line.qty": {"line.quantity": "in base units"},
    "order.quantity": {"order.lines": "how many lines"},
    "customer.balance": {"customer.exposure": "owed and ordered on credit"},
}
"""What facts are called elsewhere, and which here may be meant."""


class _Misfit(Exception):  # noqa: N818 (never leaves this module)
    """What is wrong, and how many characters into the text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _Typed:
    tree: Tree
    kind: _Found
    literal: Decimal | None = None


def read_expression(
    node: Scalar, facts: Mapping[str, Kind], faults: Faults, *, scale: int
) -> Tree | None:
    """Turn an expression into its tree; a fault points at the word it is about."""
    try:
        _check_tokens(node.text, facts)
        return _condition(_Converter(facts, scale).convert(_parse(node.text)))
    except _Misfit as misfit:
        faults.add(_within(node, misfit.offset), misfit.message)
        return None


def _condition(typed: _Typed) -> Tree:
    if typed.kind != "flag":
        raise _Misfit("the expression is not true or false")
    if "flag" in typed.tree:
        raise _Misfit(f"the expression is always {str(typed.tree['flag']).lower()}")
    return typed.tree


def _within(node: Scalar, offset: int) -> Place:
    place = node.place
    if node.inside is None:
        return place
    return Place(place.file, place.line, place.column + node.inside + offset)


def _check_tokens(text: str, facts: Mapping[str, Kind]) -> None:
    if len(text) > MAX_TEXT:
        raise _Misfit(f"expression is longer than {MAX_TEXT} characters")
    offset = count = nesting = members = 0
    while offset < len(text):
        match = None if text.startswith("<>", offset) else _TOKEN.match(text, offset)
        if match is None:
            raise _Misfit(_no_meaning(text, offset), offset)
        word = match[0]
        count += match.lastgroup != "space"
        if match.lastgroup == "name" and word not in _WORDS and word not in facts:
            raise _Misfit(f"unknown fact '{word}'{_remedy(word, facts)}", offset)
        if match.lastgroup == "number" and len(word.replace(".", "")) > MAX_DIGITS:
            raise _Misfit(f"a number has at most {MAX_DIGITS} digits", offset)
        nesting += (word in {"(", "["}) - (word in {")", "]"})
        members += word == ","
        _check_limits(count, nesting, members, offset=offset)
        offset = match.end()


def _no_meaning(text: str, offset: int) -> str:
    """Say of a sign that means nothing what would be right, where people mean one thing by it."""
    for sign, remedy in _REMEDIES.items():
        if text.startswith(sign, offset):
            return f"'{sign}' has no meaning in an expression: {remedy}"
    return f"'{text[offset]}' has no meaning in an expression"


def _remedy(word: str, facts: Mapping[str, Kind]) -> str:
    """Name the fact that is meant, or all there are."""
    if word.lower() in {"and", "or", "not", "in", "true", "false"}:
        return f": write '{word.lower()}'"
    thing = word.partition(".")[0]
    meant = _MEANT.get(word, ())
    alike = [fact for fact in facts if fact.startswith(f"{thing}.")]
    if known := [fact for fact in meant if fact in facts]:
        told = " or ".join(f"'{fact}' ({_MEANT[word][fact]})" for fact in known)
        return f"; it may be {told}; there are {', '.join(alike)}"
    quoted = "" if "." in word else f"; a word is written in quotes: '{word}'"
    return suggestion(word, facts) or f"{quoted}; there are {', '.join(alike or facts)}"


def _check_limits(count: int, nesting: int, members: int, *, offset: int) -> None:
    if count - 2 * members > MAX_TOKENS:
        raise _Misfit(f"more than {MAX_TOKENS} words and signs", offset)
    if nesting > MAX_NESTING:
        raise _Misfit(f"nested deeper than {MAX_NESTING}", offset)
    if members >= MAX_MEMBERS:
        raise _Misfit(f"more than {MAX_MEMBERS} listed values: use 'when'", offset)


@cache
def _context() -> Any:  # noqa: ANN401 (rule-engine has no type stubs)
    """Give rule-engine the facts of every stage; which are known here was checked on the tokens."""
    import rule_engine  # noqa: PLC0415 (half a second to import: only where rule files are read)

    return rule_engine.Context(
        type_resolver=rule_engine.type_resolver_from_dict(_schemas(rule_engine.DataType)),
        decimal_context=Context(prec=60),
        default_timezone="utc",
    )


def _schemas(types: Any) -> dict[str, Any]:  # noqa: ANN401
    schemas: dict[str, dict[str, Any]] = {}
    for facts in FACTS.values():
        for name, kind in facts.items():
            thing, attribute = name.split(".")
            known = types.STRING if kind == "text" else types.FLOAT
            schemas.setdefault(thing, {})[attribute] = known
    return {thing: types.OBJECT(thing, attributes) for thing, attributes in schemas.items()}


_TOLD: Final = {
    "data type mismatch": "both sides are amounts or counts (12.50), or both are words ('cash')"
}
"""What the parser's own words say to people."""


@lru_cache(maxsize=_MOST_PARSED)
def _parse(text: str) -> Any:  # noqa: ANN401
    """Parse an expression; many rules of a pack say the same, and none changes what is parsed."""
    import rule_engine  # noqa: PLC0415

    try:
        return rule_engine.Rule(text, context=_context()).statement.expression
    except rule_engine.errors.RuleSyntaxError as error:
        # The position is counted from the start of the text, whatever it is called.
        offset = min(getattr(error.token, "lexpos", len(text)), len(text))
        raise _Misfit("the expression breaks off or is out of order here", offset) from error
    except rule_engine.errors.EngineError as error:
        told = _TOLD.get(error.message, f"expression: {error.message}")
        raise _Misfit(told) from error


_COMPARISONS: Final = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ARITHMETIC: Final = {"add": "+", "sub": "-"}


class _Converter:
    """Walks rule-engine's tree; amounts, counts and words never mix; literals take a scale."""

    def __init__(self, facts: Mapping[str, Kind], scale: int) -> None:
        self._facts = facts
        self._scale = scale

    def convert(self, node: Any) -> _Typed:  # noqa: ANN401
        convert = getattr(self, "_" + type(node).__name__.removesuffix("Expression").lower(), None)
        if convert is None:
            raise _Misfit(f"{type(node).__name__} is not part of the language")
        found: _Typed = convert(node)
        return found

    def _getattribute(self, node: Any) -> _Typed:  # noqa: ANN401
        name = f"{node.object.name}.{node.name}"
        return _Typed({"fact": name}, self._facts[name])

    def _float(self, node: Any) -> _Typed:  # noqa: ANN401
        if len(node.value.as_tuple().digits) > MAX_DIGITS:
            raise _Misfit(f"a number has at most {MAX_DIGITS} digits")
        return _Typed({}, "number", node.value)

    def _string(self, node: Any) -> _Typed:  # noqa: ANN401
        return _Typed({"value": node.value}, "text")

    def _boolean(self, node: Any) -> _Typed:  # noqa: ANN401
        return _Typed({"flag": node.value}, "flag")

    def _logic(self, node: Any) -> _Typed:  # noqa: ANN401
        return self._of_flags(node.type, node.left, node.right)

    def _unary(self, node: Any) -> _Typed:  # noqa: ANN401
        if node.type == "not":
            return self._of_flags("not", node.right)
        right = self.convert(node.right)
        if right.kind not in {"money", "count"}:
            raise _Misfit("'-' takes an amount or a count")
        return _Typed({"op": "neg", "args": [right.tree]}, right.kind)

    def _of_flags(self, operator: str, *nodes: Any) -> _Typed:  # noqa: ANN401
        sides = [self.convert(node) for node in nodes]
        if any(side.kind != "flag" for side in sides):
            raise _Misfit(f"'{operator}' takes what is true or false")
        if any("flag" in side.tree for side in sides):
            raise _Misfit(f"a side of '{operator}' is always the same")
        return _Typed({"op": operator, "args": [side.tree for side in sides]}, "flag")

    def _arithmeticcomparison(self, node: Any) -> _Typed:  # noqa: ANN401
        return self._comparison(node)

    def _comparison(self, node: Any) -> _Typed:  # noqa: ANN401
        left, right = self._same(node.left, node.right)
        operator = _COMPARISONS[node.type]
        if left.kind == "text" and operator not in {"==", "!="}:
            raise _Misfit(f"'{operator}' does not compare words")
        return _Typed({"op": operator, "args": [left.tree, right.tree]}, "flag")

    def _add(self, node: Any) -> _Typed:  # noqa: ANN401
        return self._sum(node)

    def _subtract(self, node: Any) -> _Typed:  # noqa: ANN401
        return self._sum(node)

    def _sum(self, node: Any) -> _Typed:  # noqa: ANN401
        left, right = self._same(node.left, node.right)
        if left.kind not in {"money", "count"}:
            raise _Misfit("'+' and '-' take amounts or counts")
        return _Typed({"op": _ARITHMETIC[node.type], "args": [left.tree, right.tree]}, left.kind)

    def _arithmetic(self, node: Any) -> _Typed:  # noqa: ANN401
        if node.type != "mul":
            raise _Misfit("only + - and * are part of the language")
        left, right = (
            self._as(side, "count") if side.kind == "number" else side
            for side in (self.convert(node.left), self.convert(node.right))
        )
        kinds = {left.kind, right.kind}
        if not kinds <= {"money", "count"} or kinds == {"money"}:
            raise _Misfit("'*' takes an amount and a count")
        kind: _Found = "money" if "money" in kinds else "count"
        return _Typed({"op": "*", "args": [left.tree, right.tree]}, kind)

    def _contains(self, node: Any) -> _Typed:  # noqa: ANN401
        member = self.convert(node.member)
        if type(node.container).__name__ != "ArrayExpression":
            raise _Misfit("'in' takes a list of values such as ['a', 'b']")
        values = []
        for listed in node.container.value:
            value = self._as(self.convert(listed), member.kind)
            if value.kind != member.kind:
                raise _Misfit(f"{_WORD[value.kind]} does not go with {_WORD[member.kind]}")
            if "value" not in value.tree:
                raise _Misfit("a list holds plain values")
            values.append(value.tree["value"])
        return _Typed({"op": "in", "args": [member.tree], "values": values}, "flag")

    def _ternary(self, node: Any) -> _Typed:  # noqa: ANN401
        condition = self._of_flags("?", node.condition).tree["args"][0]
        left, right = self._same(node.case_true, node.case_false)
        return _Typed({"op": "?", "args": [condition, left.tree, right.tree]}, left.kind)

    def _same(self, one: Any, other: Any) -> tuple[_Typed, _Typed]:  # noqa: ANN401
        left, right = self.convert(one), self.convert(other)
        left, right = self._as(left, right.kind), self._as(right, left.kind)
        if left.kind != right.kind or left.kind == "number":
            raise _Misfit(f"{_WORD[left.kind]} does not go with {_WORD[right.kind]}")
        return left, right

    def _as(self, typed: _Typed, kind: _Found) -> _Typed:
        """Give a literal the kind of its other side: 50000.00 beside an amount is 5000000."""
        if typed.literal is None or kind not in {"money", "count"}:
            return typed
        value = typed.literal.scaleb(self._scale if kind == "money" else 0)
        if value != value.to_integral_value():
            raise _Misfit(f"{typed.literal} is finer than {_WORD[kind]} can be")
        return _Typed({"value": int(value)}, kind)


_WORD: Final = {
    "money": "an amount",
    "count": "a count",
    "text": "a word",
    "number": "a number",
    "flag": "true or false",
}
