"""The file of a month for the return of sales (GSTR-1), as a spreadsheet reads it."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from fastapi import HTTPException

from hub.desk.invoices.reads.gst import ReturnRow
from rules import shown

_HEADINGS: Final = (
    *("Kind", "GSTIN of buyer", "Buyer", "Number", "Date", "Total", "Place of supply"),
    *("Reverse charge", "Rate", "Taxable", "IGST", "CGST", "SGST", "Cess"),
)
"""Names of the columns as the portal's own sheets call them: they are read by a program."""
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def month_of(written: str, today: date) -> tuple[date, date]:
    """Give the first and the last day of `2026-11`, or of the month before today."""
    found = _MONTH.fullmatch(written)
    if written and not found:
        raise HTTPException(422)
    if found:
        first = date(int(found[1]), int(found[2]), 1)
    else:
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


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
