"""Free goods: so many for so many, and which product is given."""

from typing import Final

from rules.language.conditions import Packed
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table

MOST_PIECES: Final = 10**9
ITEM_PICKS: Final = ("cheapest", "dearest")
"""Which product of a choice is given where none is wished."""

ROUNDINGS: Final = ("down", "half_up", "up")
"""How a share becomes whole pieces, the usual first."""


OPTIONAL: Final = ("decline", "choose")
"""Whether an optional gift is given unless it is declined, or only where it is chosen."""


def read_free(fields: Fields, count: Packed) -> Packed:
    """Read what is given for how many; `count` says over what they are counted."""
    table = fields.table("free", like="{every: 10, give: 1, item: same}")
    if table is None:
        return {}
    free = _read_tiers(table)
    _read_item(table, free, count)
    _read_counting(table, free, in_pieces="unit" not in count)
    most = table.number("max", 0, least=1, most=MOST_PIECES)
    if most is not None:
        free["max"] = most
    optional = table.choice("optional", OPTIONAL)
    if optional is not None:
        free["optional"] = optional
    table.close()
    return free


def _read_tiers(table: Fields) -> Packed:
    """Read how many are free for how many, from which count on and up to which.

    Without tiers, `from` and `to` stand beside `every` and `give`.
    """
    free: Packed = {}
    if table.has("tiers"):
        tiers = table.tables("tiers")
        free["tiers"] = [_read_tier(one, needs_start=True) for one in tiers]
        for one, before, after in zip(tiers[1:], free["tiers"], free["tiers"][1:], strict=False):
            if after["from"] <= before["from"]:
                one.fault("tiers rise: this one starts no later than the one before", "from")
        for one in tiers:
            one.close()
        if not tiers:
            table.fault("there is no tier: the scheme would give nothing", "tiers")
    else:
        tier = _read_tier(table, needs_start=False)
        # Without a start, the packed form is the one there always was.
        free = {"tiers": [tier]} if "from" in tier else tier
    end = table.number("to", 0, least=1, most=MOST_PIECES)
    if end is not None:
        free["end"] = end
        if end < free.get("tiers", [{}])[-1].get("from", 0):
            table.fault("ends before its last tier starts", "to")
    return free


def _read_tier(table: Fields, *, needs_start: bool) -> Packed:
    tier: Packed = {}
    if needs_start or table.has("from"):
        tier["from"] = table.need_number("from", 0, least=1, most=MOST_PIECES)
    tier["every"] = table.need_number("every", 0, least=1, most=MOST_PIECES)
    tier["give"] = table.need_number("give", 0, least=1, most=MOST_PIECES)
    return tier


def _read_item(table: Fields, free: Packed, count: Packed) -> None:
    if isinstance(table.node("item"), Table):
        _read_choice(table.table("item"), free)
        return
    item = table.need_text("item")
    if item == "same" and count["over"] == "basket":
        table.fault("'same' needs 'over: line' or 'over: sku': name the free product", "item")
    if item == "cheapest":
        free["cheapest"] = 1
    elif item != "same":
        free["item"] = item


def _read_choice(table: Fields | None, free: Packed) -> None:
    """Read the products of which one is given, and which of them where none is wished."""
    if table is None:
        return
    free["choice"] = table.words("choice")
    if len(free["choice"]) < 2:  # noqa: PLR2004 (of one there is nothing to choose)
        table.fault("a choice is of two products or more", "choice")
    if table.choice("pick", ITEM_PICKS) == "dearest":
        free["pick"] = "dearest"
    table.close()


def _read_counting(table: Fields, free: Packed, *, in_pieces: bool) -> None:
    by = table.choice("by", ("full", "proportional", "multiple"))
    if by and by != "full":
        free["by"] = by
    rounding = table.choice("round", ROUNDINGS)
    if rounding and by != "proportional":
        table.fault("'round' is for 'by: proportional': only a share is rounded", "round")
    if rounding and rounding != ROUNDINGS[0]:
        free["round"] = rounding
    after = table.number("start_after", 0, least=1, most=MOST_PIECES)
    if after is not None:
        free["start_after"] = after
    if table.flag("inside", default=False):
        free["inside"] = 1
        if "item" in free or "choice" in free:
            table.fault("pieces inside the order are the 'same' or the 'cheapest'", "inside")
        tiers = free.get("tiers", (free,))
        if in_pieces and any(one["give"] > one["every"] for one in tiers):
            table.fault("more pieces would be free than are ordered", "give")
