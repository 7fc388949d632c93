"""What rule-engine says of an expression: the reading that ours must agree with."""

import warnings
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

import rule_engine


def oracle(text: str, facts: Mapping[str, Any], kinds: Mapping[str, str]) -> bool:
    """Tell whether an expression holds; money is given in minor units of two decimals."""
    things: dict[str, dict[str, Any]] = {}
    for name, value in facts.items():
        thing, attribute = name.split(".")
        exact = Decimal(value).scaleb(-2) if kinds[name] == "money" else value
        things.setdefault(thing, {})[attribute] = exact
    context = rule_engine.Context(decimal_context=Context(prec=60))
    with warnings.catch_warnings():
        # It will want mappings written otherwise one day.
        warnings.simplefilter("ignore")
        return bool(rule_engine.Rule(text, context=context).matches(things))
