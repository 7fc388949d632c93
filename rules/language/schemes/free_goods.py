"""Free goods: so many for so many, and which product is given."""

from rules.language.conditions import Packed
from rules.language.keys.schemes import Free, Gift, Item, Tier
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table


def read_free(fields: Fields, count: Packed) -> Packed:
    """Read what is given for how many; `count` says over what they are counted."""
    table = fields.table(Free.free, like="{every: 10, give: 1, item: same}")
    if table is None:
        return {}
    free = _read_tiers(table)
    _read_item(table, free, count)
    table.take(Gift, free, scale=0)
    if "end" in free and free["end"] < free.get("tiers", [{}])[-1].get("from", 0):
        table.fault("ends before its last tier starts", Gift.end)
    if table.has(Gift.round) and free.get("by") != "proportional":
        text = "'round' is for 'by: proportional': only a share is rounded"
        table.fault(text, Gift.round)
    if "inside" in free:
        _check_inside(table, free, in_pieces="unit" not in count)
    table.close()
    return free


def _read_tiers(table: Fields) -> Packed:
    """Read how many are free for how many, from which count on.

    Without tiers, `from` stands beside `every` and `give`.
    """
    if not table.has(Gift.tiers):
        tier = _read_tier(table, needs_start=False)
        # Without a start, the packed form is the one there always was.
        return {"tiers": [tier]} if "from" in tier else tier
    tables = table.tables(Gift.tiers)
    tiers = [_read_tier(one, needs_start=True) for one in tables]
    for one, before, after in zip(tables[1:], tiers, tiers[1:], strict=False):
        if after["from"] <= before["from"]:
            text = "tiers rise: this one starts no later than the one before"
            one.fault(text, Tier.start)
    for one in tables:
        one.close()
    if not tables:
        table.fault("there is no tier: the scheme would give nothing", Gift.tiers)
    return {"tiers": tiers}


def _read_tier(table: Fields, *, needs_start: bool) -> Packed:
    tier: Packed = {}
    if needs_start or table.has(Tier.start):
        tier["from"] = table.need_number(Tier.start)
    tier["every"] = table.need_number(Tier.every)
    tier["give"] = table.need_number(Tier.give)
    return tier


def _read_item(table: Fields, free: Packed, count: Packed) -> None:
    if isinstance(table.node(Gift.item), Table):
        _read_choice(table.table(Gift.item), free)
        return
    item = table.need_text(Gift.item)
    if item == "same" and count["over"] == "basket":
        text = "'same' needs 'over: line' or 'over: sku': name the free product"
        table.fault(text, Gift.item)
    if item == "cheapest":
        free["cheapest"] = 1
    elif item != "same":
        free["item"] = item


def _read_choice(table: Fields | None, free: Packed) -> None:
    """Read the products of which one is given, and which of them where none is wished."""
    if table is None:
        return
    free["choice"] = table.words(Item.choice)
    if len(free["choice"]) < 2:  # noqa: PLR2004 (of one there is nothing to choose)
        table.fault("a choice is of two products or more", Item.choice)
    table.take(Item, free, scale=0)
    table.close()


def _check_inside(table: Fields, free: Packed, *, in_pieces: bool) -> None:
    """Check what is given of the order's own pieces."""
    if "item" in free or "choice" in free:
        table.fault("pieces inside the order are the 'same' or the 'cheapest'", Gift.inside)
    tiers = free.get("tiers", (free,))
    if in_pieces and any(one["give"] > one["every"] for one in tiers):
        table.fault("more pieces would be free than are ordered", Gift.give)
