"""Slabs: from which count on a scheme gives, up to which, and what."""

from rules.language.conditions import Packed, Reading
from rules.language.keys.schemes import Slab, Slabs
from rules.language.text.fields import Fields


def read_slabs(fields: Fields, reading: Reading, scheme: Packed) -> list[Packed]:
    """Read where each slab starts and ends, and what it gives; `scheme` says what is counted."""
    slabs: list[Packed] = []
    scale = 0 if scheme["of"] == "qty" else reading.scale
    marginal = "mode" in scheme
    tables = fields.tables(Slabs.slabs)
    if not tables:
        fields.fault("there is no slab: the scheme would give nothing", Slabs.slabs)
    for table in tables:
        least = 0 if marginal and scheme["of"] != "qty" else 1
        start = table.need_number(Slab.start.name, scale, least=least)
        if slabs and start <= slabs[-1]["from"]:
            text = "slabs rise: this one starts no later than the one before"
            table.fault(text, Slab.start)
        elif slabs and start <= slabs[-1].get("to", 0):
            text = "slabs overlap: this one starts before the one before it ends"
            table.fault(text, Slab.start)
        slab: Packed = {"from": start}
        gives = table.exactly_one(*Slab.one_of)
        if gives == "amount":
            slab["amount"] = table.need_number(Slab.amount, reading.scale)
        elif gives == "price":
            slab["price"] = table.need_number(Slab.price)
            if scheme["of"] != "qty" and "target" not in scheme:
                table.fault("a price is for what is counted: only with 'of: qty'", Slab.price)
        else:
            slab["percent"] = table.number(Slab.percent) or 0
        table.take(Slab, slab, scale=reading.scale)
        _read_end(table, slab, scale, marginal=marginal, elsewhere="target" in scheme)
        table.close()
        slabs.append(slab)
    return slabs


def _read_end(table: Fields, slab: Packed, scale: int, *, marginal: bool, elsewhere: bool) -> None:
    end = table.number(Slab.end.name, scale, least=max(1, slab["from"]))
    gate = table.flag(Slab.gate, default=False)
    if end is not None:
        slab["to"] = end
    if not gate:
        if end is not None and "amount" in slab:
            table.fault("an amount is given once: only a 'gate: true' ends it", Slab.end)
        elif end is not None and elsewhere:
            text = "what is given elsewhere is not cut off: only a 'gate: true' ends it"
            table.fault(text, Slab.end)
        return
    slab["gate"] = 1
    if end is None:
        table.fault("a gate needs 'to': where it closes", Slab.gate)
    if marginal:
        table.fault("a gate closes on the whole count: not with 'mode: marginal'", Slab.gate)
