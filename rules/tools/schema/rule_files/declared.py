"""Schemas of declared keys: what the reader takes, editors offer."""

from collections.abc import Mapping
from typing import Final

from rules.language.expressions import MAX_TEXT
from rules.language.text import keys as kinds
from rules.language.text.keys import Key, Keys
from rules.language.vocabulary import FACTS
from rules.tools.schema.rule_files import values
from rules.tools.schema.rule_files.values import Schema

ID_PATTERN: Final = "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
_SPAN: Final = "^[0-9]{1,4}[mhd]$"
_DECIMAL: Final = r"[0-9]+(\.[0-9]+)?"


def schema_of(key: Key) -> Schema:  # noqa: PLR0911  # one for each kind
    """Describe what may stand under a key."""
    match key:
        case kinds.Common():
            return values.refer(key.shared)
        case kinds.Condition():
            return condition(key.stage)
        case kinds.Table():
            return mapping_of(key.keys, key.text)
        case kinds.Rows():
            return values.listing(key.text, mapping_of(key.keys), least=key.least)
        case kinds.Named():
            return values.named(key.text, schema_of(key.value))
        case kinds.NumberOr():
            return _number_or(key)
        case kinds.Number():
            return _number(key)
        case kinds.Words():
            return _words(key)
        case kinds.Choice():
            return values.choice(key.text, key.options)
    return _plain(key)


def _plain(key: Key) -> Schema:
    match key:
        case kinds.Flag():
            return values.flag(key.text)
        case kinds.Sure():
            return {"description": key.text, "enum": [True]}
        case kinds.Day():
            return values.day(key.text)
        case kinds.Span():
            text = f"{key.text}: 30m, 4h or 2d"
            return {"description": text, "type": "string", "pattern": _SPAN}
        case kinds.Text():
            return values.texts(key.text)
    return values.word(key.text)


def mapping_of(keys: type[Keys], text: str = "") -> Schema:
    """Describe a mapping by its declared keys."""
    properties = {name: schema_of(key) for name, key in keys.declared.items()}
    schema = values.table(text or _lower(keys.means()), properties, needs=keys.needs)
    if keys.one_of:
        schema |= {"oneOf": [_one_or_more(name) for name in keys.one_of]}
    if keys.any_of:
        schema |= {"anyOf": [{"required": [name]} for name in keys.any_of]}
    return schema


def _one_or_more(names: str | tuple[str, ...]) -> Schema:
    if isinstance(names, str):
        return {"required": [names]}
    return {"anyOf": [{"required": [name]} for name in names]}


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
