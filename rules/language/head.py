"""The head of a pack: its name, its money, its day, and how its rules go together."""

from zoneinfo import ZoneInfo

from rules.language.conditions import Packed, Reading
from rules.language.keys.head import Head
from rules.language.text.faults import Place
from rules.language.text.fields import Fields
from rules.language.vocabulary import ENGINE, FORMAT
from rules.values.rounding import UNIT_PRICE_SCALE


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
    scale = head.number(Head.scale)
    reading.scale = 2 if scale is None else scale
    packed: Packed = {
        "format": FORMAT,
        "engine": ENGINE,
        "name": head.need_text(Head.pack_name),
        "version": head.need_number(Head.version),
        "currency": _read_currency(head),
        "scale": reading.scale,
        "unit_price_scale": UNIT_PRICE_SCALE,
        "timezone": head.need_text(Head.timezone),
        "tax": head.choice(Head.tax) or "exclusive",
        "round_to": head.number(Head.round_to, reading.scale) or 1,
        "warehouses": head.ordered_words(Head.warehouses),
    }
    head.take(Head, packed, scale=reading.scale)
    _check_zone(head, packed["timezone"])
    reading.inclusive = packed["tax"] == "inclusive"
    reading.lifo = head.flag(Head.allow_lifo, default=False)
    if head.choice(Head.expires_today) == "keep":
        packed["keep_expiring"] = 1
    head.close()
    return packed


def _read_currency(head: Fields) -> str:
    currency = head.need_text(Head.currency)
    if len(currency) != Head.currency.count or not currency.isupper():
        head.fault("'currency' is three capital letters", Head.currency)
    return currency


def _check_zone(head: Fields, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        if zone:
            head.fault(f"'{zone}' is not a time zone such as Asia/Kolkata", Head.timezone)
