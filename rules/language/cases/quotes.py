"""What a case says of a quote: what an earlier pack priced its order at, and what that is worth."""

from typing import Final

from rules.language.conditions import Packed, Reading
from rules.language.head import OTHERWISE
from rules.language.text.fields import Fields

WORTHS: Final = ("honoured", "unchanged", *OTHERWISE)
"""What a quote of an earlier pack is worth: it holds, it is what is asked now, or what follows."""

_MOST_HOURS: Final = 1_000_000


def read_quote_side(fields: Fields, reading: Reading) -> Packed:
    """Read what the order was quoted at, and for how long its pack has been replaced."""
    table = fields.table("quoted")
    if table is None:
        return {}
    quoted: Packed = {
        "payable": table.need_number("payable", reading.scale),
        "hours": table.need_number("hours", 0, most=_MOST_HOURS),
    }
    captured = table.number("captured", 0, most=_MOST_HOURS)
    if captured is not None:
        quoted["captured"] = captured
    table.close()
    return {"quoted": quoted}


def read_quote_expect(table: Fields, *, quoted: bool) -> Packed:
    """Read what the quote is worth; `quoted` tells whether the case has one."""
    worth = table.choice("quote", WORTHS)
    if table.has("quote") and not quoted:
        table.fault("'quote' needs 'quoted': nothing was quoted in this case", "quote")
    return {} if worth is None else {"quote": worth}
