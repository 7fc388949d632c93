"""The head of a pack: its name, its money, its day, and how its rules go together."""

from typing import Final
from zoneinfo import ZoneInfo

from rules.language.conditions import Packed, Reading
from rules.language.keys.prices import ABOVE_MRP
from rules.language.keys.settlement import TODAY
from rules.language.schemes.reading import read_stacking
from rules.language.text.faults import Place
from rules.language.text.fields import Fields
from rules.language.vocabulary import ENGINE, FORMAT
from rules.values.rounding import UNIT_PRICE_SCALE

RETURNS: Final = {"free_goods": ("take_back", "charge"), "discounts": ("recompute", "keep")}
"""What may happen to free goods and discounts when goods come back, the usual first."""

OTHERWISE: Final = ("reprice", "approve")
"""What follows where a quote no longer holds and prices differ, the usual first."""

DATES: Final = ("prices", "schemes", "taxes")
"""What may go by the day of the order, the usual, or by the day on which it is wanted."""

WHICH_DAY: Final = ("order", "delivery")

MOST_HOURS: Final = 24 * 31
_MOST_VERSION: Final = 10**9


def read_head(files: list[Fields], reading: Reading) -> Packed:
    """Read the one section `pack`, and note in the reading what rules depend on."""
    heads = [head for fields in files if (head := fields.table("pack")) is not None]
    for extra in heads[1:]:
        extra.fault("'pack' is already given in another file")
    if not heads:
        # Where a file could not be read, the section may well be in it.
        if not reading.faults.found:
            reading.faults.add(Place("pack.yaml", 1, 1), "no file has the section 'pack'")
        return {}
    head = heads[0]
    scale = head.number("scale", 0, most=UNIT_PRICE_SCALE)
    reading.scale = 2 if scale is None else scale
    packed: Packed = {
        "format": FORMAT,
        "engine": ENGINE,
        "name": head.need_text("name"),
        "version": head.need_number("version", 0, least=1, most=_MOST_VERSION),
        "currency": head.need_text("currency"),
        "scale": reading.scale,
        "unit_price_scale": UNIT_PRICE_SCALE,
        "timezone": head.need_text("timezone"),
        "tax": head.choice("tax", ("exclusive", "inclusive")) or "exclusive",
        "round_to": head.number("round_to", reading.scale, least=1) or 1,
        "warehouses": head.ordered_words("warehouses"),
    }
    packed.update(read_stacking(head))
    packed.update(_read_above_mrp(head))
    packed.update(_read_returns(head))
    packed.update(_read_quotes(head))
    packed.update(_read_dates(head))
    if len(packed["currency"]) != len("INR") or not packed["currency"].isupper():
        head.fault("'currency' is three capital letters", "currency")
    _check_zone(head, packed["timezone"])
    reading.inclusive = packed["tax"] == "inclusive"
    reading.lifo = head.flag("allow_lifo", default=False)
    if head.choice("expires_today", TODAY) == "keep":
        packed["keep_expiring"] = 1
    head.close()
    return packed


def _read_above_mrp(head: Fields) -> Packed:
    """Read what happens to a line above its MRP; nothing is packed where that is the usual."""
    then = head.choice("above_mrp", ABOVE_MRP) or ABOVE_MRP[0]
    return {} if then == ABOVE_MRP[0] else {"above_mrp": then}


def _read_returns(head: Fields) -> Packed:
    """Read what a return does to what a sale has earned; the usual ways are not packed."""
    table = head.table("returns")
    if table is None:
        return {}
    chosen = {key: table.choice(key, ways) or ways[0] for key, ways in RETURNS.items()}
    table.close()
    unusual = {key: way for key, way in chosen.items() if way != RETURNS[key][0]}
    return {"returns": unusual} if unusual else {}


def _read_quotes(head: Fields) -> Packed:
    """Read how long quotes of earlier packs hold; what is usual is not packed."""
    table = head.table("quotes")
    if table is None:
        return {}
    hours = table.number("honour_hours", 0, most=MOST_HOURS) or 0
    offline = table.number("offline_hours", 0, most=MOST_HOURS) or 0
    then = table.choice("otherwise", OTHERWISE) or OTHERWISE[0]
    table.close()
    bounds = {"honour_hours": hours, "offline_hours": offline}
    quotes: Packed = {key: bound for key, bound in bounds.items() if bound}
    unusual = quotes if then == OTHERWISE[0] else {**quotes, "otherwise": then}
    return {"quotes": unusual} if unusual else {}


def _read_dates(head: Fields) -> Packed:
    """Read which day counts for which rules; nothing is packed where that is the order's."""
    table = head.table("dates")
    if table is None:
        return {}
    chosen = {key: table.choice(key, WHICH_DAY) for key in DATES}
    table.close()
    later = {key: day for key, day in chosen.items() if day == WHICH_DAY[1]}
    return {"dates": later} if later else {}


def _check_zone(head: Fields, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        if zone:
            head.fault(f"'{zone}' is not a time zone such as Asia/Kolkata", "timezone")
