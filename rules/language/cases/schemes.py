"""What a case says of schemes: coupons and choices of its order, and what was had before."""

from typing import Any

from rules.language.conditions import Packed, Reading
from rules.language.keys.cases import Case, Had
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST, Named
from rules.language.text.nodes import Scalar, Table


def choice_products(reading: Reading) -> set[str]:
    """Name the products of all choices: which is the cheapest is found by their prices."""
    return {sku for choice in reading.choices.values() for sku in choice}


def read_scheme_side(fields: Fields, reading: Reading) -> Packed:
    """Read what a case's order brings along for schemes; nothing where it says nothing."""
    side: Packed = {}
    if fields.has(Case.coupons):
        side["coupons"] = fields.words(Case.coupons)
    if fields.has(Case.choices):
        side["choices"] = _read_choices(fields, reading)
    for key in (Case.used, Case.had):
        if fields.has(key):
            side[key.name] = _read_had(fields, reading, key)
    if fields.has(Case.leased):
        names = fields.words(Case.leased)
        side["leased"] = [name for name in names if _counts(fields, reading, name)]
    return side


def _counts(fields: Fields, reading: Reading, name: str) -> bool:
    if name in reading.counted:
        return True
    hint = suggestion(name, reading.counted)
    fields.fault(f"'{name}' is no scheme that counts anything{hint}", Case.leased)
    return False


def _read_choices(fields: Fields, reading: Reading) -> dict[str, str]:
    table = fields.table(Case.choices)
    choices = {}
    for key, node in table.items() if table else ():
        if key.text not in reading.choices:
            hint = suggestion(key.text, reading.choices)
            fields.faults.add(key.place, f"'{key.text}' is no scheme that leaves a choice{hint}")
        elif isinstance(node, Scalar) and node.text:
            choices[key.text] = node.text
        else:
            fields.faults.add(node.place, f"the choice of '{key.text}' is a product")
    return choices


def _read_had(fields: Fields, reading: Reading, name: Named) -> dict[str, Any]:
    """Read what schemes gave before, by their ids: a number of uses, or more of it."""
    table = fields.table(name)
    had: dict[str, Any] = {}
    for key, node in table.items() if table else ():
        if key.text not in reading.counted:
            hint = suggestion(key.text, reading.counted)
            fields.faults.add(key.place, f"'{key.text}' is no scheme that counts anything{hint}")
        elif isinstance(node, Table):
            counts = Fields(node, fields.faults)
            had[key.text] = _read_counts(counts, reading.scale, bought=reading.counted[key.text])
        elif isinstance(node, Scalar):
            had[key.text] = read_number(node, 0, fields.faults, least=0, most=MOST)
        else:
            fields.faults.add(node.place, f"'{key.text}' is a number of uses, or a mapping")
    return had


def _read_counts(table: Fields, scale: int, *, bought: int | None) -> Packed:
    """Read counts; money has `scale` decimals, what was `bought` its own."""
    scales = {Had.uses: 0, Had.pieces: 0, Had.amount: scale, Had.bought: bought or 0}
    counts: Packed = {}
    for key, decimals in scales.items():
        count = table.number(key, decimals)
        if count is not None:
            counts[key.name] = count
    if "bought" in counts and bought is None:
        table.fault("'bought' is for schemes that count 'over: period'", Had.bought)
    if not counts:
        table.fault("says nothing: 'uses', 'qty', 'amount' or 'bought'")
    table.close()
    return counts
