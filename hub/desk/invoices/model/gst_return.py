"""The return of sales (GSTR-1) of a month: in which table a document stands, and its files.

There are three: what was taxed, a row for each rate of each document; `hsn`, what was sold by code
of goods (table 12); and `issued`, which numbers were given (table 13).
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from hub.desk.invoices.model.billing import NOTES, Kind
from rules import shown

Part = Literal["rates", "hsn", "issued"]
PARTS: Final[tuple[Part, ...]] = ("rates", "hsn", "issued")
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
_HSN_HEADINGS: Final = (
    *("Supplies to", "HSN", "UQC", "Total Quantity", "Total Value", "Rate", "Taxable Value"),
    *("Integrated Tax Amount", "Central Tax Amount", "State/UT Tax Amount", "Cess Amount"),
)
_ISSUED_HEADINGS: Final = (
    *("Nature of Document", "Sr. No. From", "Sr. No. To", "Total Number", "Cancelled"),
)
NATURES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "invoice": "Invoices for outward supply",
        "bill_of_supply": "Invoices for outward supply",
        "debit_note": "Debit Note",
        "credit_note": "Credit Note",
    }
)
"""What table 13 calls a kind of document."""
_NUMBER: Final = re.compile(r"(.*?)(\d+)")
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


@dataclass(frozen=True, slots=True)
class HsnRow:
    """What was sold of one code of goods at one rate, less what was credited.

    Who has a GSTIN is told apart from who has none: `buyers` is B2B or B2C. `value` is with taxes.
    """

    buyers: Literal["B2B", "B2C"]
    hsn: str
    unit: str
    rate: int
    quantity: int
    value: int
    taxable: int
    igst: int
    cgst: int
    sgst: int
    cess: int


@dataclass(frozen=True, slots=True)
class IssuedRun:
    """Numbers that were given one after another: from the first to the last, some cancelled."""

    kind: Kind
    first: str
    last: str
    total: int
    cancelled: int


def runs_of(kind: Kind, numbers: Mapping[str, bool]) -> Iterator[IssuedRun]:
    """Put numbers of a seller's documents into runs without a gap; of each, if it is cancelled.

    INV26-27/000001 to 000003 and 000007, which came after numbers were skipped, are two runs; so
    are numbers that begin otherwise.
    """
    run: list[str] = []
    before = ("", 0)
    for place, number in sorted((_place_of(number), number) for number in numbers):
        if run and place != (before[0], before[1] + 1):
            yield _run(kind, run, numbers)
            run = []
        run.append(number)
        before = place
    if run:
        yield _run(kind, run, numbers)


def _run(kind: Kind, run: Sequence[str], numbers: Mapping[str, bool]) -> IssuedRun:
    return IssuedRun(kind, run[0], run[-1], len(run), sum(numbers[one] for one in run))


def _place_of(number: str) -> tuple[str, int]:
    """Give how a number begins, and which one it is of those that begin so."""
    found = _NUMBER.fullmatch(number)
    return (found[1], int(found[2])) if found else (number, 0)


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


def write_return(part: Part, rows: Iterable[ReturnRow | HsnRow | IssuedRun]) -> str:
    """Write a part of the return as CSV; what is credited alone is below zero."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    headings = {"rates": _HEADINGS, "hsn": _HSN_HEADINGS, "issued": _ISSUED_HEADINGS}
    writer.writerow(headings[part])
    writer.writerows(_cells(row) for row in rows)
    return "\ufeff" + stream.getvalue()


def _cells(row: ReturnRow | HsnRow | IssuedRun) -> Collection[object]:
    match row:
        case IssuedRun():
            return (NATURES[row.kind], row.first, row.last, row.total, row.cancelled)
        case HsnRow():
            heads = (row.igst, row.cgst, row.sgst, row.cess)
            return (
                *(row.buyers, row.hsn, row.unit, row.quantity, shown(row.value, 2)),
                *(shown(row.rate * 100, 6), shown(row.taxable, 2)),
                *(shown(one, 2) for one in heads),
            )
        case ReturnRow():
            amounts = (row.taxable, row.igst, row.cgst, row.sgst, row.cess)
            return (
                *(row.table, row.gstin, _plain(row.buyer), row.number, f"{row.day:%d-%m-%Y}"),
                *(shown(row.payable, 2), row.place_of_supply, "Y" if row.reverse_charge else "N"),
                *(shown(row.rate * 100, 6), *(shown(one, 2) for one in amounts)),
            )


def _plain(text: str) -> str:
    """Keep a text from being a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
