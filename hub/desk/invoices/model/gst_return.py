"""The return of sales (GSTR-1) of a month: in which table a document stands, and its file."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from hub.desk.invoices.model.billing import NOTES, Kind
from rules import shown

Table = Literal["B2B", "B2CL", "B2CS", "CDNR", "CDNUR", "EXEMP"]
_LARGE: Final = ((date(2024, 8, 1), 100_000), (date.min, 250_000))
"""From which day above how many rupees an invoice to another state, without GSTIN, is large.

Rule 59(4) has one lakh since notification 12/2024.
"""
_HEADINGS: Final = (
    *("Kind", "GSTIN of buyer", "Buyer", "Number", "Date", "Total", "Place of supply"),
    *("Reverse charge", "Rate", "Taxable", "IGST", "CGST", "SGST", "Cess"),
)
"""Names of the columns as the portal's own sheets call them: they are read by a program."""
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One rate of one document: what was taxable, and each head; of a credit note below zero.

    `rate` is of the tax without cess, which has no rate in the return; `table` is the one of the
    return that it stands in.
    """

    kind: str
    table: Table
    number: str
    day: date
    gstin: str
    buyer: str
    place_of_supply: str
    reverse_charge: bool
    payable: int
    rate: int
    taxable: int
    igst: int
    cgst: int
    sgst: int
    cess: int

    @property
    def says_something(self) -> bool:
        """Say whether any amount is not zero: free goods come to nothing."""
        return any((self.taxable, self.igst, self.cgst, self.sgst, self.cess))


def month_of(written: str, today: date) -> tuple[date, date] | None:
    """Give the first and the last day of `2026-11`, or of the month before today; else None."""
    found = _MONTH.fullmatch(written)
    if written and not found:
        return None
    if found:
        first = date(int(found[1]), int(found[2]), 1)
    else:
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def table_of(
    kind: Kind, *, gstin: str, is_inter: bool, day: date, value: int, scale: int, rate: int
) -> Table:
    """Say where a rate of a document stands; of a note, `day` and `value` are its invoice's.

    What bears no tax stands apart, with those that are nil rated or exempt.

    Of a buyer without GSTIN, a note stands by itself only where its invoice does: one to another
    state over more than 1,00,000.00. Others stand where the small sales are, and come off them.
    """
    if not rate:
        return "EXEMP"
    is_note = kind in NOTES
    if gstin:
        return "CDNR" if is_note else "B2B"
    most = next(rupees for since, rupees in _LARGE if day >= since)
    if is_inter and value > most * 10**scale:
        return "CDNUR" if is_note else "B2CL"
    return "B2CS"


def write_return(rows: Sequence[ReturnRow]) -> str:
    """Write one line for each rate of each document; a credit note alone is below zero."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for row in rows:
        amounts = (row.taxable, row.igst, row.cgst, row.sgst, row.cess)
        writer.writerow(
            [
                *(row.table, row.gstin, _plain(row.buyer), row.number, f"{row.day:%d-%m-%Y}"),
                *(shown(row.payable, 2), row.place_of_supply, "Y" if row.reverse_charge else "N"),
                *(shown(row.rate * 100, 6), *(shown(one, 2) for one in amounts)),
            ]
        )
    return "\ufeff" + stream.getvalue()


def _plain(text: str) -> str:
    """Keep a text from being a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
