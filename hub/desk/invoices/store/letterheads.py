"""How a seller's letterhead is kept, its series of numbers, and how buyers are named."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import insert, select, update

from hub.base import history, numbering
from hub.base.fields import Reason, Refused
from hub.base.numbering import (
    BegunSeriesError,
    LongNumberError,
    Series,
    SeriesError,
    TakenSeriesError,
    WrongNumberError,
)
from hub.base.transaction import Transaction
from hub.desk.invoices.model.billing import OWN_PLACE, SERIES, Terms
from hub.desk.parties.model.cells import CellError, read_text
from hub.desk.parties.model.gst import read_gstin, read_pin, read_state
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads.letterheads import LETTERHEAD
from hub.desk.parties.store import business_day
from hub.desk.parties.store.addresses import address_of
from hub.desk.parties.tables import letterhead

DIGITS: Final = 6
_READERS: Final = {
    "gstin": read_gstin,
    "pin": read_pin,
    "state": read_state,
}
_BUYER: Final = """
SELECT p.code, p.name, k.gstin, k.gst_kind, k.address, k.city, k.pin, k.state, k.phone, k.email,
       k.terms_days, k.terms_from
FROM party p LEFT JOIN customer_profile k ON k.party_id = p.id WHERE p.id = ?
"""
_PREFIX: Final = """
SELECT prefix FROM series WHERE seller_id = ? AND kind = ? ORDER BY financial_year DESC LIMIT 1
"""


def gstins_of_sellers(t: Transaction) -> dict[int, str]:
    """Give the GSTIN that each seller's documents bear, by the seller's row; without the others."""
    return dict(t.rows("SELECT seller_id, gstin FROM letterhead WHERE gstin <> ''"))


def read_buyer(t: Transaction, customer: int) -> tuple[Side, Terms]:
    """Give a customer as documents name it, and when it pays."""
    row = t.rows(_BUYER, (customer,))[0]
    side = Side(*(one or "" for one in row[:10]))
    return side, Terms(row[10], row[11] or "invoice")


def read_ship_to(t: Transaction, row_id: int | None, *, buyer: Side) -> Side | None:
    """Give where goods go as documents name it; None where that is the buyer's own address."""
    found = address_of(t, row_id)
    if found is None:
        return None
    gstin = found.gstin if found.name else buyer.gstin
    return Side(
        "",
        found.name or buyer.name,
        gstin,
        "" if found.name else OWN_PLACE,
        found.address,
        found.city,
        found.pin,
        found.state,
        found.phone,
    )


def prefixes_of(t: Transaction, seller: int) -> dict[str, str]:
    """Give the prefix of each kind of number of a seller."""
    found = {}
    for kind, usual in SERIES.items():
        rows = t.rows(_PREFIX, (seller, kind))
        found[kind] = rows[0][0] if rows else usual
    return found


def number_next(t: Transaction, seller: int, kind: str) -> str:
    """Take the next number of a seller's series; one that nobody defined begins as usual."""
    day = business_day(t)
    try:
        return numbering.next_number(t, seller=seller, kind=kind, day=day)
    except numbering.UndefinedSeriesError:
        numbering.define_usual(t, Series(seller, kind, SERIES[kind], DIGITS), day=day)
        return numbering.next_number(t, seller=seller, kind=kind, day=day)


def write_letterhead(t: Transaction, seller: int, texts: Mapping[str, str]) -> Refused | None:
    """Keep what documents say of a seller, and the prefixes of its numbers."""
    values, faults = _read(texts)
    prefixes = {kind: texts.get(f"prefix_{kind}", "").strip() for kind in SERIES}
    prefixes = {kind: said or SERIES[kind] for kind, said in prefixes.items()}
    if len(set(prefixes.values())) < len(prefixes):
        faults.append(Reason("series_same", {}, "prefix_credit_note"))
    if faults:
        return Refused(tuple(faults))
    wrong = _define(t, seller, prefixes)
    if wrong:
        return Refused(tuple(wrong))
    table = letterhead.c
    there = t.connection.execute(select(letterhead).where(table.seller_id == seller)).mappings()
    before = there.first()
    if before is None:
        t.connection.execute(insert(letterhead).values(seller_id=seller, **values))
    else:
        t.connection.execute(update(letterhead).where(table.seller_id == seller).values(**values))
    old = {one: before[one] for one in LETTERHEAD} if before else dict.fromkeys(LETTERHEAD, "")
    history.record(t, "letterhead", seller, before=old, after=values)
    return None


def _read(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Reason]]:
    values: dict[str, Any] = {}
    faults: list[Reason] = []
    for name in LETTERHEAD:
        text = texts.get(name, "")
        try:
            reader = _READERS.get(name)
            values[name] = reader(text) if reader and text.strip() else read_text(text, most=300)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    gstin, state = values.get("gstin", ""), values.get("state", "")
    if gstin and state and gstin[:2] != state:
        params = {"gstin": gstin[:2], "state": state}
        faults.append(Reason("gstin_state_differs", params, "gstin"))
    return values, faults


def _define(t: Transaction, seller: int, prefixes: Mapping[str, str]) -> list[Reason]:
    """Define the series whose prefix is another than before; each is checked for its longest."""
    day, wrong = business_day(t), []
    for kind, prefix in sorted(prefixes.items()):
        rows = t.rows(_PREFIX, (seller, kind))
        if rows and rows[0][0] == prefix:
            continue
        try:
            numbering.define(t, Series(seller, kind, prefix, DIGITS), day=day)
        except SeriesError as error:
            wrong.append(_reason(error, prefix)._replace(field=f"prefix_{kind}"))
    return wrong


def _reason(error: SeriesError, prefix: str) -> Reason:
    """Say why numbers do not begin with a prefix; raises what no prefix is at fault of."""
    match error:
        case TakenSeriesError():
            return Reason("series_same", {})
        case LongNumberError():
            return Reason("series_long", {"number": error.number, "most": error.longest})
        case WrongNumberError():
            return Reason("series_letters", {"number": error.number})
        case BegunSeriesError():
            return Reason("series_begun", {"prefix": prefix, "year": error.year})
        case _:
            raise error
