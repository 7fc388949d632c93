"""What a case says of a return: what comes back of its order, and what is credited for it."""

from typing import Final

from rules.language.conditions import Packed, Reading
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST
from rules.language.text.nodes import Scalar

_KINDS: Final = ("returned", "returned_free", "charged")
_EXPECTED: Final = ("credit", "take_back", "return_reasons")


def read_return_side(fields: Fields) -> Packed:
    """Read what comes back, by SKU; nothing where nothing does."""
    return {key: read_counts(fields, key) for key in _KINDS if fields.has(key)}


def has_return_side(case: Packed) -> bool:
    """Tell whether anything comes back in a case."""
    return any(kind in case for kind in _KINDS)


def read_return_expect(table: Fields, reading: Reading, *, returns: bool) -> Packed:
    """Read what must come of a return; `returns` tells whether the case has one."""
    expect: Packed = {}
    credit = table.number("credit", reading.scale, least=-MOST)
    if credit is not None:
        expect["credit"] = credit
    if table.has("take_back"):
        expect["take_back"] = read_counts(table, "take_back")
    if table.has("return_reasons"):
        expect["return_reasons"] = table.words_or_none("return_reasons")
    for key in _EXPECTED:
        if table.has(key) and not returns:
            table.fault(f"'{key}' needs a return: nothing comes back in this case", key)
    return expect


def read_counts(fields: Fields, name: str) -> dict[str, int]:
    """Read whole numbers by name."""
    table = fields.table(name)
    counts = {}
    for key, node in table.items() if table else ():
        value = None
        if isinstance(node, Scalar):
            value = read_number(node, 0, fields.faults, least=0, most=MOST)
        else:
            fields.faults.add(node.place, f"'{key.text}' is a number")
        if value is not None:
            counts[key.text] = value
    return counts
