"""What a case says of a quote: what an earlier pack priced its order at, and what that is worth."""

from rules.language.conditions import Packed, Reading
from rules.language.keys.cases import Case, Expected, Quoted
from rules.language.text.fields import Fields


def read_quote_side(fields: Fields, reading: Reading) -> Packed:
    """Read what the order was quoted at, and for how long its pack has been replaced."""
    table = fields.table(Case.quoted)
    if table is None:
        return {}
    quoted: Packed = {
        "payable": table.need_number(Quoted.payable, reading.scale),
        "hours": table.need_number(Quoted.hours),
    }
    table.take(Quoted, quoted, scale=reading.scale)
    table.close()
    return {"quoted": quoted}


def read_quote_expect(table: Fields, *, quoted: bool) -> Packed:
    """Read what the quote is worth; `quoted` tells whether the case has one."""
    worth = table.choice(Expected.quote)
    if table.has(Expected.quote) and not quoted:
        text = "'quote' needs 'quoted': nothing was quoted in this case"
        table.fault(text, Expected.quote)
    return {} if worth is None else {"quote": worth}
