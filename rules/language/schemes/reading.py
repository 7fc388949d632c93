"""Schemes: slabs on what a line, a basket or the order comes to, combos and free goods."""

from collections.abc import Iterable
from typing import Final, get_args

from rules.language.conditions import SCHEME_KEYS, Packed, Reading, read_rule
from rules.language.keys.schemes import EVERY, Count, Free, Group, Plain, Scheme, Slabs
from rules.language.schemes.bounds import read_bounds, read_most
from rules.language.schemes.combos import read_combo
from rules.language.schemes.free_goods import read_free
from rules.language.schemes.slabs import read_slabs
from rules.language.schemes.targets import read_target
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields
from rules.language.vocabulary import EACH, GivenBy

_GIVEN_BY: Final = get_args(GivenBy)
_COUNTED: Final = frozenset({"limit_total", "limit_per_customer", "limits", "budget", "each"})


def note_schemes(schemes: Iterable[Packed], reading: Reading) -> None:
    """Note what cases may say of schemes: products to choose from, and what was had before."""
    for one in schemes:
        if "choice" in one or "optional" in one:
            reading.choices[one["id"]] = one.get("choice", [])
        if not _COUNTED.isdisjoint(one):
            scale = 0 if one.get("of") == "qty" else reading.scale
            reading.counted[one["id"]] = scale if "each" in one else None


def read_groups(tables: list[Fields], schemes: list[Packed]) -> dict[str, str]:
    """Read the `groups` section: which scheme wins in groups where that is not the best."""
    used = {scheme["group"] for scheme in schemes if "group" in scheme}
    picks: dict[str, str] = {}
    for fields in tables:
        name = fields.need_text(Group.group_name)
        if name and name not in used:
            text = f"no scheme is in group '{name}'{suggestion(name, used)}"
            fields.fault(text, Group.group_name)
        if name in picks:
            fields.fault(f"group '{name}' is already given", Group.group_name)
        picks[name] = fields.choice(Group.pick) or "best"
        fields.close()
    return {name: pick for name, pick in picks.items() if pick != "best"}


def read_scheme(fields: Fields, reading: Reading) -> Packed:
    """Read one scheme."""
    stage = fields.choice(Scheme.stage) or "line"
    kind = _kind(fields)
    if kind == "combo":
        return read_combo(fields, reading)
    count = _read_count(fields, reading, stage=stage, kind=kind)
    # What counts more than one line, or comes when all discounts stand, sees the whole order.
    scheme = read_rule(
        fields,
        reading,
        stage="line" if kind == "slabs" and count["over"] == "line" else "order",
        keys=SCHEME_KEYS,
    )
    if kind == "free" and stage == "order":
        fields.fault("free goods have no 'stage'", Scheme.stage)
    pooled = stage == "line" and count["over"] != "line"
    scheme["kind"] = "free" if kind == "free" else "basket" if pooled else stage
    scheme.update(count)
    if kind == "slabs":
        fields.take(Slabs, scheme, scale=reading.scale)
        read_target(fields, scheme)
        plain = [] if fields.has(Slabs.slabs) else _read_plain(fields, scheme)
        scheme["slabs"] = plain or read_slabs(fields, reading, scheme)
        read_most(fields, scheme, reading)
    elif kind == "free":
        scheme.update(read_free(fields, count))
        fields.take(Free, scheme, scale=reading.scale)
    else:
        _pass_over(fields)
    read_bounds(fields, scheme, reading)
    fields.close()
    return scheme


def _pass_over(fields: Fields) -> None:
    """Take what any scheme may say as known: of one that gives nothing, that is what is wrong."""
    for keys in EVERY:
        for name in keys.declared:
            fields.has(name)


def _kind(fields: Fields) -> str:
    """Tell what a scheme gives by; a plain `percent` is one slab from the first piece on."""
    there = [key for key in _GIVEN_BY if fields.has(key)]
    if not there and fields.has(Plain.percent):
        return "slabs"
    if not there:
        keys = ", ".join(f"'{key}'" for key in ("percent", *_GIVEN_BY))
        fields.fault(f"gives nothing: needs one of {keys}")
        return ""
    if there[0] != "combo" and fields.has(Plain.percent):
        fault = f"unknown key 'percent': it stands in place of '{there[0]}', keep one of them"
        fields.fault(fault, Plain.percent)
    return fields.exactly_one(*there)


def _read_plain(fields: Fields, scheme: Packed) -> list[Packed]:
    """Read a `percent` that holds from the first piece, or the first coin, on."""
    if not {"unit", "mode", "untaxed"}.isdisjoint(scheme):
        counting = "'mode', 'in' and 'without_tax' go with slabs"
        fields.fault(f"a plain 'percent' counts nothing: {counting}", Plain.percent)
    return [{"from": 1, "percent": fields.number(Plain.percent) or 1}]


def _read_count(fields: Fields, reading: Reading, *, stage: str, kind: str) -> Packed:
    overs, ofs = {
        ("order", "slabs"): (("order",), ("net", "gross")),
        ("line", "slabs"): (
            ("line", "sku", "basket", "period"),
            ("qty", "gross", "net"),
        ),
    }.get((stage, kind), (("line", "sku", "basket"), ("qty",)))
    usual = "sku" if kind == "free" else "basket" if fields.has(Slabs.on) else overs[0]
    count: Packed = {"over": usual if usual in overs else overs[0], "of": ofs[0]}
    table = fields.table(Slabs.count, like="{over: line, of: qty}")
    if table is None:
        return count
    count["over"] = table.choice(Count.over, overs) or count["over"]
    count["of"] = table.choice(Count.of, ofs) or count["of"]
    if count["over"] == "line" and count["of"] == "net":
        table.fault("a line's net is known after its schemes: count 'gross'", Count.of)
    _read_each(table, count)
    unit = table.text(Count.unit)
    if unit:
        count["unit"] = unit
        if count["of"] != "qty":
            table.fault("'in' goes with a quantity", Count.unit)
    _read_untaxed(table, count, inclusive=reading.inclusive)
    table.close()
    return count


def _read_untaxed(table: Fields, count: Packed, *, inclusive: bool) -> None:
    """Read whether money is counted without the tax that the prices of the pack include."""
    if not table.flag(Count.without_tax, default=False):
        return
    count["untaxed"] = 1
    if count["of"] == "qty":
        text = "'without_tax' is of money: count 'gross' or 'net'"
        table.fault(text, Count.without_tax)
    elif not inclusive:
        text = "prices of this pack are without tax: leave 'without_tax' out"
        table.fault(text, Count.without_tax)


def _read_each(table: Fields, count: Packed) -> None:
    """Read what ends the count of what a customer bought."""
    each = table.choice(Count.each)
    if count["over"] != "period":
        if each:
            table.fault("'each' goes with 'over: period'", Count.each)
        return
    if not table.has(Count.each):
        table.fault(f"'each' is missing: one of {', '.join(EACH)}", Count.over)
    count["each"] = each or EACH[0]
