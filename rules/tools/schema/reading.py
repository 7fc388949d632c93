"""JSON to the engine's classes by their own type hints, so that no field is left out.

A reader is put together once for each class; of a document without faults it makes nothing but the
values themselves. Faults are told from the inside out: every level puts its own step in front.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeGuard, Union, get_args, get_origin, get_type_hints

from rules.language.text.faults import suggestion

KEYS: Final = ("sku", "id")
"""A class's first of these says under which name of an object it stands; it may be left out there.
"""

UNIONS: Final = (Union, UnionType)
"""How Python writes `X | None`, with and without a named integer in it."""

Faults = list[str]
Reader = Callable[[Any, Faults], Any]

_MOST: Final = 10**18 - 1
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_NAMES: Final[dict[type, str]] = {int: "a whole number", str: "text", bool: "true or false"}


class DocumentError(Exception):
    """A document was refused; `faults` holds every `path: message`, as in `$.lines[0].sku`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class _Repeated(dict[str, Any]):
    """A JSON object that was given a name twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.names = sorted({name for name in names if names.count(name) > 1})


def tree_of(text: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Read JSON and remember which names an object was given twice.

    Raises:
        DocumentError: it is no JSON.
    """
    try:
        return json.loads(text, object_pairs_hook=_object_of)
    except (ValueError, RecursionError) as error:
        raise DocumentError([f"$: not JSON: {error}"]) from error


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(pairs)


def key_of(wanted: object) -> str:
    """Give the field that says under which name of an object a class stands, else nothing."""
    names = getattr(wanted, "__annotations__", {}) if is_dataclass(wanted) else {}
    return next((key for key in KEYS if key in names), "")


def reader_of(wanted: Any) -> Reader:  # noqa: ANN401 (a type, or what stands for one in a hint)
    """Put the reader of a class together, or of what a hint says; once for each."""
    return _reader_of(wanted)


@cache
def _reader_of(wanted: Any) -> Reader:  # noqa: ANN401
    wanted = getattr(wanted, "__supertype__", wanted)
    if is_record(wanted):
        return _record(wanted)
    origin = get_origin(wanted)
    if origin in UNIONS:
        inner = reader_of(next(one for one in get_args(wanted) if one is not NoneType))
        return lambda tree, faults: None if tree is None else inner(tree, faults)
    if origin is Literal:
        return _choice(get_args(wanted))
    if origin is tuple:
        return _members(reader_of(get_args(wanted)[0]))
    if origin is not None:
        return _mapping(*get_args(wanted))
    return _day if wanted is date else _scalar(wanted)


def _record(wanted: type) -> Reader:
    hints = get_type_hints(wanted)
    readers = {name: reader_of(hint) for name, hint in hints.items()}
    needed = needed_in(wanted)

    def read(tree: object, faults: Faults) -> object:
        if not _is_object(tree, faults):
            return None
        start = mark = len(faults)
        found = {}
        for name, member in tree.items():
            reader = readers.get(name)
            if reader is None:
                faults.append(f".{name}: unknown{suggestion(name, hints)}")
                mark += 1
                continue
            found[name] = reader(member, faults)
            if len(faults) != mark:
                mark = _put_in_front(f".{name}", faults, mark)
        faults += [f": '{name}' is missing" for name in needed if name not in tree]
        return None if len(faults) != start else wanted(**found)

    return read


def is_record(hint: object) -> TypeGuard[type]:
    """Tell whether a class is of named fields: a data class, or a tuple with names."""
    return isinstance(hint, type) and (is_dataclass(hint) or hasattr(hint, "_fields"))


def needed_in(wanted: type) -> list[str]:
    """Name the fields of a class that have no default."""
    if not is_dataclass(wanted):
        defaults = getattr(wanted, "_field_defaults", {})
        return [name for name in get_type_hints(wanted) if name not in defaults]
    return [
        one.name
        for one in fields(wanted)
        if one.default is MISSING and one.default_factory is MISSING
    ]


def _put_in_front(step: str, faults: Faults, mark: int) -> int:
    faults[mark:] = [step + fault for fault in faults[mark:]]
    return len(faults)


def _is_object(tree: object, faults: Faults) -> TypeGuard[dict[str, Any]]:
    if not isinstance(tree, dict):
        faults.append(f": needs an object, not {_kind(tree)}")
        return False
    if isinstance(tree, _Repeated):
        faults += [f".{name}: is given twice" for name in tree.names]
    return True


def _mapping(keys: object, wanted: object) -> Reader:
    """Read an object by its names; names of two parts are objects in an object.

    A name that stands for a number is one, as the numbers of lines are.
    """
    pairs, numbered = get_origin(keys) is tuple, keys is int
    inner = _mapping(str, wanted) if pairs else reader_of(wanted)
    many = get_origin(wanted) is tuple
    key = key_of(get_args(wanted)[0] if many else wanted)

    def read(tree: object, faults: Faults) -> Mapping[Any, Any]:
        if not _is_object(tree, faults):
            return {}
        found = {}
        mark = len(faults)
        for name, member in tree.items():
            if key:
                _say_key(key, name, member, faults=faults)
            found[name] = inner(member, faults)
            if numbered and not _NUMBER.fullmatch(name):
                faults.append(": is under a name that is no number of a line")
            if len(faults) != mark:
                mark = _put_in_front(f".{name}", faults, mark)
        if numbered:
            return {int(name): one for name, one in found.items() if _NUMBER.fullmatch(name)}
        if pairs:
            return {
                (name, other): one
                for name, nested in found.items()
                for other, one in nested.items()
            }
        return found

    return read


def _say_key(key: str, name: str, tree: object, *, faults: Faults) -> None:
    """Let what stands under its own name go without saying it again."""
    members = [("", tree)]
    if isinstance(tree, list):
        members = [(f"[{place}]", member) for place, member in enumerate(tree)]
    for step, member in members:
        if isinstance(member, dict) and member.setdefault(key, name) != name:
            faults.append(f"{step}.{key}: is not '{name}', under which it stands")


def _members(inner: Reader) -> Reader:
    def read(tree: object, faults: Faults) -> tuple[Any, ...]:
        if not isinstance(tree, list):
            faults.append(f": needs a list, not {_kind(tree)}")
            return ()
        found = []
        mark = len(faults)
        for place, member in enumerate(tree):
            found.append(inner(member, faults))
            if len(faults) != mark:
                mark = _put_in_front(f"[{place}]", faults, mark)
        return tuple(found)

    return read


def _choice(options: tuple[str, ...]) -> Reader:
    def read(tree: Any, faults: Faults) -> Any:  # noqa: ANN401
        if tree not in options:
            faults.append(f": needs one of {', '.join(options)}, not {_kind(tree)}")
        return tree

    return read


def _scalar(wanted: type) -> Reader:
    def read(tree: Any, faults: Faults) -> Any:  # noqa: ANN401
        # True is an integer to Python, and to nobody else.
        if type(tree) is not wanted:
            faults.append(f": needs {_NAMES[wanted]}, not {_kind(tree)}")
        elif isinstance(tree, int) and not -_MOST <= tree <= _MOST:
            faults.append(": has more than 18 digits")
        return tree

    return read


def _day(tree: object, faults: Faults) -> date | None:
    if isinstance(tree, str) and len(tree) == len("2026-01-31"):
        with suppress(ValueError):
            return date.fromisoformat(tree)
    faults.append(f": needs a date such as 2026-01-31, not {_kind(tree)}")
    return None


def _kind(tree: object) -> str:
    """Name what stands there instead: the value where it is short, else what it is."""
    if isinstance(tree, dict | list):
        return "an object" if isinstance(tree, dict) else "a list"
    text = json.dumps(tree, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 (half a terminal line)
