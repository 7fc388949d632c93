"""JSON Schemas of the documents, made from the engine's classes so that they cannot differ."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import NoneType
from typing import Any, Final, Literal, NewType, get_args, get_origin, get_type_hints

from rules.engine.inputs import Counters, Facts, Order
from rules.engine.returns import Return
from rules.tools.lint.linting import Findings
from rules.tools.replay.changes import Comparison
from rules.tools.replay.questions import FirstLine, Line
from rules.tools.schema.documents import Decision, Settlement
from rules.tools.schema.reading import UNIONS, is_record, key_of, needed_in
from rules.tools.schema.rule_files.files import rule_file_schema

DOCUMENTS: Final[Mapping[str, type]] = {
    "order": Order,
    "facts": Facts,
    "counters": Counters,
    "question": Line,
    "shared": FirstLine,
    "result": Decision,
    "return": Return,
    "settlement": Settlement,
    "comparison": Comparison,
    "findings": Findings,
}
"""The documents by the names of their schemas."""

RULE_FILE: Final = "rules-file"
"""The name of the schema that editors check rule files with."""

_GIVEN: Final = frozenset({"result", "settlement", "comparison", "findings"})
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: Final[Mapping[Any, Mapping[str, Any]]] = {
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Any: {},
}
_ARRAYS: Final = (tuple, list)
_UNITS: Final[Mapping[str, str]] = {
    "Minor": "an amount in the currency's minor unit, such as paise or pence",
    "UnitPrice": "the price of one base unit in 1/10,000 of the major unit",
    "Rate": "a share in millionths: 25000 is 2.5 %",
    "Quantity": "a count of the product's base unit",
}


def schema_of(name: str) -> dict[str, Any]:
    """Write the schema of a document, or of rule files."""
    if name == RULE_FILE:
        return rule_file_schema()
    wanted = DOCUMENTS[name]
    classes = _classes(wanted)
    # The engine leaves out nothing of what it gives; people may leave out what has a default.
    needed = {
        one: list(get_type_hints(one)) if name in _GIVEN else needed_in(one) for one in classes
    }
    for one in _keyed(classes):
        needed[one].remove(key_of(one))
    definitions = {one.__name__: _class_schema(one, needed[one]) for one in classes}
    root = definitions.pop(wanted.__name__)
    schema = {"$schema": _DIALECT, "title": name, **root}
    return {**schema, "$defs": definitions} if definitions else schema


def _classes(wanted: type) -> list[type]:
    """Give a class and all that it is made of, by name."""
    found = {wanted.__name__: wanted}
    waiting = [wanted]
    while waiting:
        for hint in get_type_hints(waiting.pop()).values():
            for inner in _classes_in(hint):
                if inner.__name__ not in found:
                    found[inner.__name__] = inner
                    waiting.append(inner)
    return [found[name] for name in sorted(found)]


def _classes_in(hint: object) -> Iterator[type]:
    if is_record(hint):
        yield hint
    for part in get_args(hint):
        yield from _classes_in(part)


def _keyed(classes: list[type]) -> set[type]:
    """Find what stands in an object under its own name, and need not say it again."""
    return {
        inner
        for one in classes
        for hint in get_type_hints(one).values()
        for part in (hint, *get_args(hint))
        if get_origin(part) is Mapping
        for inner in _classes_in(part)
        if key_of(inner)
    }


def _class_schema(wanted: type, needed: list[str]) -> dict[str, Any]:
    return {
        "description": " ".join((wanted.__doc__ or "").split()),
        "type": "object",
        "properties": {name: _schema(hint) for name, hint in get_type_hints(wanted).items()},
        "required": needed,
        "additionalProperties": False,
    }


def _schema(hint: object) -> dict[str, Any]:
    if isinstance(hint, NewType):
        return {**_schema(hint.__supertype__), "description": _UNITS[hint.__name__]}
    origin, parts = get_origin(hint), get_args(hint)
    if is_record(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin in UNIONS:
        inner = [_schema(one) for one in parts if one is not NoneType]
        return {"anyOf": [*inner, {"type": "null"}] if NoneType in parts else inner}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in _ARRAYS:
        return {"type": "array", "items": _schema(parts[0])}
    return dict(_SCALARS[hint]) if origin is None else _mapping(*parts)


def _mapping(keys: object, values: object) -> dict[str, Any]:
    """Describe an object by its values; names of two parts are objects in an object.

    Where the names are numbers, they look like it.
    """
    inner = _schema(values)
    for _ in get_args(keys)[1:]:
        inner = {"type": "object", "additionalProperties": inner}
    numbered = {"propertyNames": {"pattern": "^[1-9][0-9]{0,8}$"}} if keys is int else {}
    return {"type": "object", **numbered, "additionalProperties": inner}
