"""Schemas of what a rule file may say under a key; every one says what the key means."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rules.language.vocabulary import COUNTER_LANGUAGES

Schema = dict[str, Any]

_NUMBER: Final = r"^-?[0-9]+(\.[0-9]+)?$"
# A stock code such as 22086 is a word here, and a number to whoever reads YAML without us.
_WORD: Final = ["string", "number", "boolean"]


def word(text: str) -> Schema:
    """Describe a word."""
    return {"description": text, "type": _WORD, "minLength": 1}


def texts(text: str) -> Schema:
    """Describe words that people read: for all, or by language."""
    by_language = table(text, {one: word(f"in language {one}") for one in COUNTER_LANGUAGES})
    return {**word(text), **by_language, "type": [*_WORD, "object"]}


def written(text: str, pattern: str) -> Schema:
    """Describe a text that is written in one way."""
    return {"description": text, "type": "string", "pattern": pattern}


def words(text: str, options: Iterable[str] = ()) -> Schema:
    """Describe one word or a list of them, of some options where there are any."""
    known = list(options)
    one: Schema = {"enum": known} if known else {"type": _WORD, "minLength": 1}
    return {"description": text, "anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def choice(text: str, options: Sequence[str]) -> Schema:
    """Describe a word that is one of several."""
    return {"description": text, "enum": list(options)}


def number(text: str, *, least: int | None = 0, most: int | None = None) -> Schema:
    """Describe a decimal; quoted ones are as good."""
    schema: Schema = {"description": text, "type": ["number", "string"], "pattern": _NUMBER}
    bounds = {"minimum": least, "maximum": most}
    return schema | {name: bound for name, bound in bounds.items() if bound is not None}


def whole(text: str, *, least: int = 0, most: int | None = None) -> Schema:
    """Describe a whole number."""
    return number(text, least=least, most=most) | {"multipleOf": 1, "pattern": "^-?[0-9]+$"}


def flag(text: str) -> Schema:
    """Describe what is true or false."""
    return {"description": text, "enum": [True, False]}


def day(text: str) -> Schema:
    """Describe a date."""
    return {"description": text, "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def table(text: str, properties: Mapping[str, Schema], *, needs: Sequence[str] = ()) -> Schema:
    """Describe a mapping with these keys and no others."""
    schema: Schema = {
        "description": text,
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    return schema | ({"required": list(needs)} if needs else {})


def named(text: str, values: Schema) -> Schema:
    """Describe a mapping whose keys are names."""
    return {"description": text, "type": "object", "additionalProperties": values}


def listing(text: str, members: Schema, *, least: int = 0) -> Schema:
    """Describe a list of mappings."""
    schema: Schema = {"description": text, "type": "array", "items": members}
    return schema | ({"minItems": least} if least else {})


def refer(name: str) -> Schema:
    """Point at what is described once for all."""
    return {"$ref": f"#/definitions/{name}"}


def exactly_one(*keys: str) -> Schema:
    """Ask for one of several keys."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def only(keys: Iterable[str]) -> Schema:
    """Allow these keys alone, though others have a meaning elsewhere."""
    return {"propertyNames": {"enum": list(keys)}}
