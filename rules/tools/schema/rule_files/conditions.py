"""What every rule may say: its id, its conditions, its days, its weight and what lint lets pass."""

from collections.abc import Mapping, Sequence

from rules.language.keys.common import SHARED, Rule
from rules.tools.schema.rule_files.declared import ID_PATTERN, condition, properties_of
from rules.tools.schema.rule_files.values import Schema, refer, table


def definitions() -> dict[str, Schema]:
    """Describe what many rules say alike, by the names they refer to it with."""
    described = properties_of(SHARED)
    described["id"] = {
        "description": described["id"]["description"],
        "type": ["string", "number"],
        "pattern": ID_PATTERN,
    }
    return described


def rule(
    text: str, properties: Mapping[str, Schema], *, when: str, stages: Sequence[str]
) -> Schema:
    """Describe a rule by what all have and what is its own, with the facts that its `if` knows."""
    shared = properties_of(Rule.declared) | {"when": refer(when), "if": condition(*stages)}
    return table(text, {**shared, **properties}, needs=Rule.needs)
