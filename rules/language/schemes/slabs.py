"""Slabs: from which count on a scheme gives, up to which, and what."""

from rules.language.conditions import Packed, Reading
from rules.language.text.fields import Fields
from rules.values.rounding import MILLION, UNIT_PRICE_SCALE


def read_slabs(fields: Fields, reading: Reading, scheme: Packed) -> list[Packed]:
    """Read where each slab starts and ends, and what it gives; `scheme` says what is counted."""
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
            if scheme["of"] != "qty" and "target" not in scheme:
                table.fault("a price is for what is counted: only with 'of: qty'", "price")
        else:
            slab["percent"] = table.percent("percent", least=1, most=MILLION) or 0
        cap = table.number("cap", reading.scale, least=1)
        if cap is not None:
            slab["cap"] = cap
        _read_end(table, slab, scale, marginal=marginal, elsewhere="target" in scheme)
        table.close()
        slabs.append(slab)
    return slabs


def _read_end(table: Fields, slab: Packed, scale: int, *, marginal: bool, elsewhere: bool) -> None:
    end = table.number("to", scale, least=max(1, slab["from"]))
    gate = table.flag("gate", default=False)
    if end is not None:
        slab["to"] = end
    if not gate:
        if end is not None and "amount" in slab:
            table.fault("an amount is given once: only a 'gate: true' ends it", "to")
        elif end is not None and elsewhere:
            table.fault("what is given elsewhere is not cut off: only a 'gate: true' ends it", "to")
        return
    slab["gate"] = 1
    if end is None:
        table.fault("a gate needs 'to': where it closes", "gate")
    if marginal:
        table.fault("a gate closes on the whole count: not with 'mode: marginal'", "gate")
