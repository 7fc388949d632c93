"""Schemas of declared keys: what the reader takes, editors offer."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rules.language.expressions import MAX_TEXT
from rules.language.text import keys as kinds
from rules.language.text.keys import Key, Keys
from rules.language.vocabulary import FACTS
from rules.tools.schema.rule_files import values
from rules.tools.schema.rule_files.values import Schema

ID_PATTERN: Final = "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
_SPAN: Final = "^[0-9]{1,4}[mhd]$"
_DECIMAL: Final = r"[0-9]+(\.[0-9]+)?"


def schema_of(key: Key) -> Schema:
    """Describe what may stand under a key."""
    for kind, describe in _SCHEMAS.items():
        if isinstance(key, kind):
            schema: Schema = describe(key)
            return schema
    return values.word(key.text)


def mapping_of(keys: type[Keys], text: str = "") -> Schema:
    """Describe a mapping by its declared keys."""
    properties = {name: schema_of(key) for name, key in keys.declared.items()}
    schema = values.table(text or _lower(keys.means()), properties, needs=keys.needs)
    if keys.one_of:
        schema |= {"oneOf": [_one_or_more(name) for name in keys.one_of]}
    if keys.any_of:
        schema |= {"anyOf": [{"required": [name]} for name in keys.any_of]}
    if keys.something:
        schema |= {"minProperties": 1}
    if keys.together:
        schema |= {"dependencies": {name: list(keys.together) for name in keys.together}}
    return schema


def _one_or_more(names: str | tuple[str, ...]) -> Schema:
    if isinstance(names, str):
        return {"required": [names]}
    return {"anyOf": [{"required": [name]} for name in names]}


def _word_or(key: kinds.WordOr) -> Schema:
    word, table = values.word(key.text), mapping_of(key.keys, key.text)
    return {**word, **table, "type": [*word["type"], table["type"]]}


def condition(*stages: str) -> Schema:
    """Describe an expression by the facts that it may ask for."""
    facts = ", ".join(dict.fromkeys(fact for stage in stages for fact in FACTS[stage]))
    return {
        "description": f"an expression that has to hold; it knows {facts}",
        "type": "string",
        "maxLength": MAX_TEXT,
    }


def properties_of(keys: Mapping[str, Key]) -> dict[str, Schema]:
    """Describe keys by their names."""
    return {name: schema_of(key) for name, key in keys.items()}


def _number(key: kinds.Number) -> Schema:
    """Describe a number within its bounds, in whole ones where they are finer."""
    scale = key.scale or 0
    least = None if key.least <= -kinds.MOST else key.least // 10**scale
    if key.scale is None and key.least > 0:
        least = 0  # one of the smallest coin, of which only the pack knows the worth
    most = None if key.most >= kinds.MOST else -(-key.most // 10**scale)
    if isinstance(key, kinds.Whole):
        return values.whole(key.text, least=least or 0, most=most)
    return values.number(key.text, least=least, most=most)


def _number_or(key: kinds.NumberOr) -> Schema:
    number = _number(key.number)
    if key.keys is not None:
        table = mapping_of(key.keys, key.text)
        table.pop("required", None)  # a number alone is as good
        return {**number, **table, "type": ["number", "string", "object"]}
    words = "|".join([_DECIMAL, *key.words])
    return {**number, "description": key.text, "pattern": f"^({words})$"}


def _words(key: kinds.Words) -> Schema:
    schema = values.words(key.text, key.options)
    if key.may_be_none:
        schema["anyOf"] = [*schema["anyOf"], {"type": "array", "maxItems": 0}]
    return schema


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_SCHEMAS: Final[Mapping[type[Key], Callable[[Any], Schema]]] = {
    kinds.Common: lambda key: values.refer(key.shared),
    kinds.Condition: lambda key: condition(*key.stages),
    kinds.Table: lambda key: mapping_of(key.keys, key.text),
    kinds.Rows: lambda key: values.listing(key.text, mapping_of(key.keys), least=key.least),
    kinds.Named: lambda key: values.named(key.text, schema_of(key.value)),
    kinds.NumberOr: _number_or,
    kinds.Number: _number,
    kinds.WordOr: _word_or,
    kinds.Words: _words,
    kinds.Choice: lambda key: values.choice(key.text, key.options),
    kinds.Flag: lambda key: values.flag(key.text),
    kinds.Sure: lambda key: {"description": key.text, "enum": [True]},
    kinds.Day: lambda key: values.day(key.text),
    kinds.Span: lambda key: values.written(f"{key.text}: 30m, 4h or 2d", _SPAN),
    kinds.Letters: lambda key: values.written(key.text, f"^[A-Z]{{{key.count}}}$"),
    kinds.Text: lambda key: values.texts(key.text),
}
"""How each kind of key is described; any other is a word."""
