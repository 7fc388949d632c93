"""Tax rates: dated, each made of heads that are shown by themselves."""

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.keys.settlement import RATE, EachUnit, Tax
from rules.language.text.fields import Fields, read_number
from rules.language.text.nodes import Scalar, Table


def read_tax(fields: Fields, reading: Reading) -> Packed:
    """Read dated rates of tax, made of heads that are shown by themselves."""
    rule = read_rule(fields, reading)
    rule["heads"] = _read_heads(fields)
    fields.close()
    return rule


def _read_heads(fields: Fields) -> list[list[str | int]]:
    """Read every head: its name and rate, or 0 and an amount for each base unit."""
    table = fields.table(Tax.heads, like="{CGST: 2.5, SGST: 2.5}")
    if table is None:
        if not fields.has(Tax.heads):
            fields.fault("'heads' is missing: the parts of the tax, such as {VAT: 20}")
        return []
    heads: list[list[str | int]] = []
    for key, node in table.items():
        if isinstance(node, Table):
            each = _read_amount(Fields(node, fields.faults))
            heads.append([key.text, 0, each])
            continue
        if not isinstance(node, Scalar):
            fields.faults.add(
                node.place,
                f"'{key.text}' is a percentage, or {{amount: 4.17}} for each base unit",
            )
            continue
        rate = read_number(node, 4, fields.faults, least=RATE.least, most=RATE.most)
        if rate is not None:
            heads.append([key.text, rate])
    if not table.items():
        fields.fault("there is no head", Tax.heads)
    return heads


def _read_amount(table: Fields) -> int:
    """Read the amount of a head for each base unit."""
    each = table.need_number(EachUnit.amount)
    table.close()
    return each
