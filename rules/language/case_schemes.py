"""What a case says of schemes: the coupons shown and the choices made with its order."""

from rules.language.conditions import Packed, Reading
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields
from rules.language.text.nodes import Scalar


def choice_products(reading: Reading) -> set[str]:
    """Name the products of all choices: which is the cheapest is found by their prices."""
    return {sku for choice in reading.choices.values() for sku in choice}


def read_scheme_side(fields: Fields, reading: Reading) -> Packed:
    """Read what a case's order brings along for schemes; nothing where it says nothing."""
    side: Packed = {}
    if fields.has("coupons"):
        side["coupons"] = fields.words("coupons")
    if fields.has("choices"):
        side["choices"] = _read_choices(fields, reading)
    return side


def _read_choices(fields: Fields, reading: Reading) -> dict[str, str]:
    table = fields.table("choices")
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
