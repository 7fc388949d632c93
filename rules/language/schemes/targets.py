"""What a scheme gives its discount on, where that is not what it counts."""

from rules.language.conditions import Packed, read_conditions
from rules.language.keys.schemes import Slabs, Target
from rules.language.text.fields import Fields
from rules.language.vocabulary import PRODUCT_KEYS


def read_target(fields: Fields, scheme: Packed) -> None:
    """Read on what the slabs of a scheme give, which counts several lines."""
    table = fields.table(Slabs.on, like="{sku: A, qty: 1}")
    if table is None:
        return
    target: Packed = {"when": read_conditions(table, PRODUCT_KEYS)}
    table.take(Target, target, scale=0)
    counts_nothing = not fields.has(Slabs.slabs)
    _check_pieces(table, target, scheme, counts_nothing=counts_nothing)
    if not target["when"] and "qty" not in target:
        table.fault("names no goods and no 'qty': without either, all that is counted has it")
    if scheme["kind"] != "basket" or "each" in scheme:
        fields.fault("'on' goes with a count over the basket or each product (sku)", Slabs.on)
    if "mode" in scheme:
        fields.fault(
            "what is given elsewhere has no place in the count: leave 'mode' out", Slabs.mode
        )
    table.close()
    scheme["target"] = target


def _check_pieces(table: Fields, target: Packed, scheme: Packed, *, counts_nothing: bool) -> None:
    """Check what says which pieces have the discount, and how many."""
    for key in (Target.every, Target.pick):
        if table.has(key) and "qty" not in target:
            table.fault(f"'{key.name}' needs 'qty': how many pieces have the discount", key)
    by_count = scheme["of"] == "qty"
    if "every" in target and not by_count:
        table.fault("'every' goes with a quantity: count 'of: qty'", Target.every)
    if target.get("pick") != "next":
        return
    if target["when"]:
        table.fault("the next pieces are of what is counted: name no other goods", Target.pick)
    if not by_count or "unit" in scheme:
        table.fault("the next pieces come after a count of pieces: no 'in', no 'of'", Target.pick)
    if counts_nothing and "every" not in target:
        table.fault(
            "a plain 'percent' counts nothing to come after: give 'every', or slabs", Target.pick
        )
