"""Schemes: slabs on what a line, a basket or the order comes to, combos and free goods."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_conditions, read_rule
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields
from rules.language.vocabulary import CUSTOMER_KEYS, PRODUCT_KEYS
from rules.values.rounding import UNIT_PRICE_SCALE

_MILLION: Final = 1_000_000
PICKS: Final = ("best", "priority", "cheapest")
_MOST_PIECES: Final = 10**9
# A combo looks at every choice of its parts: 63 for six.
_MOST_PARTS: Final = 6


def read_schemes(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `schemes` section."""
    return [_read_scheme(fields, reading) for fields in tables]


def read_groups(tables: list[Fields], schemes: list[Packed]) -> dict[str, str]:
    """Read the `groups` section: which scheme wins in groups where that is not the best."""
    used = {scheme["group"] for scheme in schemes if "group" in scheme}
    picks: dict[str, str] = {}
    for fields in tables:
        name = fields.need_text("name")
        if name and name not in used:
            fields.fault(f"no scheme is in group '{name}'{suggestion(name, used)}", "name")
        if name in picks:
            fields.fault(f"group '{name}' is already given", "name")
        picks[name] = fields.choice("pick", PICKS) or "best"
        fields.close()
    return {name: pick for name, pick in picks.items() if pick != "best"}


def read_stacking(head: Fields) -> Packed:
    """Read how schemes go together, from the head of the pack; nothing where they add."""
    table = head.table("stacking")
    if table is None:
        return {}
    ways = {key: table.choice(key, ("add", "compound")) for key in ("inside", "across")}
    table.close()
    stacking = {key: way for key, way in ways.items() if way == "compound"}
    return {"stacking": stacking} if stacking else {}


def _read_scheme(fields: Fields, reading: Reading) -> Packed:
    stage = fields.choice("stage", ("line", "order")) or "line"
    kind = fields.exactly_one("slabs", "free", "combo")
    if kind == "combo":
        return _read_combo(fields, reading)
    count = _read_count(fields, stage, kind)
    # What counts more than one line, or comes when all discounts stand, sees the whole order.
    scheme = read_rule(
        fields, reading, stage="line" if kind == "slabs" and count["over"] == "line" else "order"
    )
    if kind == "free" and stage == "order":
        fields.fault("free goods have no 'stage'", "stage")
    pooled = stage == "line" and count["over"] != "line"
    scheme["kind"] = "free" if kind == "free" else "basket" if pooled else stage
    scheme.update(count)
    if kind == "slabs":
        if fields.choice("mode", ("whole", "marginal")) == "marginal":
            scheme["mode"] = "marginal"
        scheme["slabs"] = _read_slabs(fields, reading, scheme)
        _read_most(fields, scheme, reading)
        group = fields.text("group")
        if group:
            scheme["group"] = group
        if fields.flag("alone", default=False):
            scheme["alone"] = 1
    elif kind == "free":
        scheme.update(_read_free(fields, count))
    _read_bounds(fields, scheme, reading)
    fields.close()
    return scheme


def _read_count(fields: Fields, stage: str, kind: str) -> Packed:
    overs, ofs = {
        ("order", "slabs"): (("order",), ("net",)),
        ("line", "slabs"): (("line", "sku", "basket"), ("qty", "gross")),
    }.get((stage, kind), (("line", "sku", "basket"), ("qty",)))
    count: Packed = {"over": "sku" if kind == "free" else overs[0], "of": ofs[0]}
    table = fields.table("count")
    if table is None:
        return count
    count["over"] = table.choice("over", overs) or count["over"]
    count["of"] = table.choice("of", ofs) or count["of"]
    unit = table.text("in")
    if unit:
        count["unit"] = unit
        if count["of"] != "qty":
            table.fault("'in' goes with a quantity", "in")
    table.close()
    return count


def _read_slabs(fields: Fields, reading: Reading, scheme: Packed) -> list[Packed]:
    slabs: list[Packed] = []
    scale = 0 if scheme["of"] == "qty" else reading.scale
    marginal = "mode" in scheme
    tables = fields.tables("slabs")
    if not tables:
        fields.fault("there is no slab: the scheme would give nothing", "slabs")
    for table in tables:
        least = 0 if marginal and scheme["of"] != "qty" else 1
        start = table.need_number("from", scale, least=least)
        if slabs and start <= slabs[-1]["from"]:
            table.fault("slabs rise: this one starts no later than the one before", "from")
        elif slabs and start <= slabs[-1].get("to", 0):
            table.fault("slabs overlap: this one starts before the one before it ends", "from")
        slab: Packed = {"from": start}
        gives = table.exactly_one("percent", "amount", "price")
        if gives == "amount":
            slab["amount"] = table.need_number("amount", reading.scale, least=1)
        elif gives == "price":
            slab["price"] = table.need_number("price", UNIT_PRICE_SCALE, least=1)
            if scheme["of"] != "qty":
                table.fault("a price is for what is counted: only with 'of: qty'", "price")
        else:
            slab["percent"] = table.percent("percent", least=1, most=_MILLION) or 0
        cap = table.number("cap", reading.scale, least=1)
        if cap is not None:
            slab["cap"] = cap
        _read_end(table, slab, scale, marginal=marginal)
        table.close()
        slabs.append(slab)
    return slabs


def _read_end(table: Fields, slab: Packed, scale: int, *, marginal: bool) -> None:
    end = table.number("to", scale, least=max(1, slab["from"]))
    gate = table.flag("gate", default=False)
    if end is not None:
        slab["to"] = end
    if not gate:
        if end is not None and "amount" in slab:
            table.fault("an amount is given once: only a 'gate: true' ends it", "to")
        return
    slab["gate"] = 1
    if end is None:
        table.fault("a gate needs 'to': where it closes", "gate")
    if marginal:
        table.fault("a gate closes on the whole count: not with 'mode: marginal'", "gate")


def _read_free(fields: Fields, count: Packed) -> Packed:
    table = fields.table("free")
    if table is None:
        return {}
    free: Packed = {
        "every": table.need_number("every", 0, least=1, most=_MOST_PIECES),
        "give": table.need_number("give", 0, least=1, most=_MOST_PIECES),
    }
    item = table.need_text("item")
    if item == "same" and count["over"] == "basket":
        table.fault("'same' needs 'over: line' or 'over: sku': name the free product", "item")
    if item == "cheapest":
        free["cheapest"] = 1
    elif item != "same":
        free["item"] = item
    _read_counting(table, free, in_pieces="unit" not in count)
    most = table.number("max", 0, least=1, most=_MOST_PIECES)
    if most is not None:
        free["max"] = most
    table.close()
    return free


def _read_counting(table: Fields, free: Packed, *, in_pieces: bool) -> None:
    by = table.choice("by", ("full", "proportional", "multiple"))
    if by and by != "full":
        free["by"] = by
    after = table.number("start_after", 0, least=1, most=_MOST_PIECES)
    if after is not None:
        free["start_after"] = after
    if table.flag("inside", default=False):
        free["inside"] = 1
        if "item" in free:
            table.fault("pieces inside the order are the 'same' or the 'cheapest'", "inside")
        if in_pieces and free["give"] > free["every"]:
            table.fault("more pieces would be free than are ordered", "give")


def _read_combo(fields: Fields, reading: Reading) -> Packed:
    scheme = read_rule(fields, reading, stage="order", keys=CUSTOMER_KEYS)
    scheme["kind"] = "combo"
    scheme["parts"] = []
    for table in fields.tables("combo"):
        when = read_conditions(table, PRODUCT_KEYS)
        if not when:
            table.fault("a part names its products: by sku, category, brand or tax_class")
        pieces = table.need_number("qty", 0, least=1, most=_MOST_PIECES)
        scheme["parts"].append({"when": when, "qty": pieces})
        table.close()
    if not 1 < len(scheme["parts"]) <= _MOST_PARTS:
        fields.fault(f"a combo has two to {_MOST_PARTS} parts", "combo")
    gives = fields.exactly_one("amount_off", "percent", "price")
    if gives == "percent":
        scheme["percent"] = fields.percent("percent", least=1, most=_MILLION) or 0
    elif gives:
        key = "amount" if gives == "amount_off" else gives
        scheme[key] = fields.need_number(gives, reading.scale, least=1)
    sets = fields.number("max_sets", 0, least=1)
    if sets is not None:
        scheme["max_sets"] = sets
    _read_most(fields, scheme, reading)
    _read_bounds(fields, scheme, reading)
    fields.close()
    return scheme


def _read_most(fields: Fields, scheme: Packed, reading: Reading) -> None:
    most = fields.number("max_discount", reading.scale, least=1)
    if most is not None:
        scheme["max_discount"] = most


def _read_bounds(fields: Fields, scheme: Packed, reading: Reading) -> None:
    limit = fields.table("limit")
    if limit is not None:
        for key in ("total", "per_customer"):
            uses = limit.number(key, 0, least=1)
            if uses is not None:
                scheme[f"limit_{key}"] = uses
        limit.close()
    budget = fields.table("budget")
    if budget is not None:
        scheme["budget"] = budget.need_number("amount", reading.scale, least=1)
        budget.close()
