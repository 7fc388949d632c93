"""`if:` expressions: what compiles agrees with rule-engine, what does not is refused in place."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine.expressions import compile_condition
from rules.language.expressions import MAX_TEXT, read_expression
from rules.language.text.faults import Faults, Place
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import FACTS
from tests.builders.oracle import oracle

KINDS = FACTS["credit"]
MONEY = sorted(name for name, kind in KINDS.items() if kind == "money")
COUNTS = sorted(name for name, kind in KINDS.items() if kind == "count")
WORDS = sorted(name for name, kind in KINDS.items() if kind == "text")
TEXTS = ["cash", "credit", "x"]


def _read(text: str) -> tuple[Any, list[str]]:
    faults = Faults()
    tree = read_expression(Scalar(Place("f.yaml", 3, 9), text), KINDS, faults, scale=2)
    return tree, [str(fault) for fault in faults.found]


def _money() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(MONEY),
        lambda inner: st.one_of(
            st.builds("({} + {})".format, inner, inner),
            st.builds("({} - {}.50)".format, inner, st.integers(0, 999)),
            st.builds("({} * {})".format, inner, st.integers(0, 9)),
            st.builds("(-{})".format, inner),
            st.builds("(order.lines > 3 ? {} : {})".format, inner, inner),
        ),
        max_leaves=4,
    )


def _conditions() -> st.SearchStrategy[str]:
    sign = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    plain = st.one_of(
        st.builds("{} {} {}".format, _money(), sign, _money()),
        st.builds("{} {} {}.25".format, _money(), sign, st.integers(0, 2000)),
        st.builds("{} {} {}".format, st.sampled_from(COUNTS), sign, st.integers(0, 9)),
        st.builds(
            "{} {} '{}'".format,
            st.sampled_from(WORDS),
            st.sampled_from(["==", "!="]),
            st.sampled_from(TEXTS),
        ),
        st.builds("{} in ['cash', '{}']".format, st.sampled_from(WORDS), st.sampled_from(TEXTS)),
        st.builds("{} not in [1, 2, 3]".format, st.sampled_from(COUNTS)),
    )
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("not ({})".format, inner),
        ),
        max_leaves=3,
    )


VALUES = st.fixed_dictionaries(
    {
        **dict.fromkeys(MONEY, st.integers(-200_000, 200_000)),
        **dict.fromkeys(COUNTS, st.integers(0, 9)),
        **dict.fromkeys(WORDS, st.sampled_from(TEXTS)),
    }
)


@settings(max_examples=200)
@given(_conditions().filter(lambda text: len(text) <= MAX_TEXT), VALUES)
def test_a_compiled_expression_agrees_with_rule_engine(text: str, values: dict[str, Any]) -> None:
    tree, faults = _read(text)
    if tree is None:
        assert any("more than" in fault or "always" in fault for fault in faults)
        return

    expected = oracle(text, values, KINDS)

    assert bool(compile_condition(tree)(values)) is expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("order.payabel > 5", "3:9: unknown fact 'order.payabel'; did you mean 'order.payable'?"),
        ("order.lines > 1 and ordr.tax > 1", "3:29: unknown fact 'ordr.tax'"),
        ("order.lines << 24", "3:21: '<' has no meaning"),
        ("order.lines ** 9 > 1", "3:21: '*' has no meaning"),
        ("order.lines / 2 > 1", "3:21: '/' has no meaning"),
        ("order.payment =~ 'a+'", "3:23: '=' has no meaning"),
        ("$random > 1", "3:9: '$' has no meaning"),
        ("order.lines > 1e9", "3:23: '1' has no meaning"),
        ("order.lines >", "3:22: the expression breaks off"),
        ("order.lines > 1 2", "3:25: the expression breaks off or is out of order here"),
        ("order.payable", "3:9: the expression is not true or false"),
        ("1 < 2", "3:9: the expression is always true"),
        ("order.lines > 1 or true", "3:9: a side of 'or' is always the same"),
        ("order.payment == 5", "3:9: a word does not go with a number"),
        ("order.payable > order.lines", "3:9: an amount does not go with a count"),
        ("order.payment in ['a', 5]", "3:9: "),
        ("order.payment in [5]", "3:9: "),
        ("order.payment > 'a'", "3:9: "),
        ("order.payable > 0.001", "3:9: 0.001 is finer than an amount can be"),
        ("order.lines > 0.5", "3:9: 0.5 is finer than a count can be"),
        ("order.payable * order.tax > 1", "3:9: '*' takes an amount and a count"),
        ("order.lines > 1234567890123456789", "3:23: a number has at most 18 digits"),
        ("__class__ == 'a'", "3:9: unknown fact '__class__'"),
        (" ".join(["not"] * 101) + " true", "more than 100 words and signs"),
        ("(" * 17 + "order.lines > 1" + ")" * 17, "nested deeper than 16"),
        ("order.lines in [" + ",".join("1" * 201) + "]", "more than 200 listed values"),
        ("order.lines > 1 " + " " * 500, "expression is longer than 500 characters"),
    ],
)
def test_what_the_language_has_not_is_refused_where_it_stands(text: str, fault: str) -> None:
    tree, faults = _read(text)

    assert tree is None
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_literal_takes_the_scale_of_what_it_is_compared_with() -> None:
    tree, _ = _read("order.payable >= 50000.00")

    assert tree == {"op": ">=", "args": [{"fact": "order.payable"}, {"value": 5_000_000}]}


def test_an_amount_may_be_compared_with_a_whole_number_of_rupees() -> None:
    tree, _ = _read("5 < order.payable")

    assert tree["args"][0] == {"value": 500}


def test_a_blank_word_equals_nothing() -> None:
    equal, _ = _read("customer.type == 'x'")
    other, _ = _read("customer.type != 'x'")
    listed, _ = _read("customer.type in ['x', 'y']")

    blank = {"customer.type": None}
    assert [bool(compile_condition(tree)(blank)) for tree in (equal, other, listed)] == [
        False,
        True,
        False,
    ]
