"""What a case says of a return: what comes back of its order, and what is credited for it."""

from typing import Final

from rules.language.conditions import Packed, Reading
from rules.language.keys.cases import Case, Expected
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST, Named
from rules.language.text.nodes import Scalar

_RETURNED: Final = (Case.returned, Case.returned_free, Case.charged)


def read_return_side(fields: Fields) -> Packed:
    """Read what comes back, by SKU; nothing where nothing does."""
    return {key.name: read_counts(fields, key) for key in _RETURNED if fields.has(key)}


def has_return_side(case: Packed) -> bool:
    """Tell whether anything comes back in a case."""
    return any(key.name in case for key in _RETURNED)


def read_return_expect(table: Fields, reading: Reading, *, returns: bool) -> Packed:
    """Read what must come of a return; `returns` tells whether the case has one."""
    expect: Packed = {}
    credit = table.number(Expected.credit, reading.scale)
    if credit is not None:
        expect["credit"] = credit
    if table.has(Expected.take_back):
        expect["take_back"] = read_counts(table, Expected.take_back)
    if table.has(Expected.return_reasons):
        expect["return_reasons"] = table.words_or_none(Expected.return_reasons)
    for key in (Expected.credit, Expected.take_back, Expected.return_reasons):
        if table.has(key) and not returns:
            table.fault(f"'{key.name}' needs a return: nothing comes back in this case", key)
    return expect


def read_counts(fields: Fields, name: Named) -> dict[str, int]:
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
