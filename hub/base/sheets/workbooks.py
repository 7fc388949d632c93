"""Workbooks of spreadsheets, read as the tables that text files are; looked at before unpacked.

Everything that a workbook could do to its reader is refused in words first: one that unpacks to
more than a file of masters can be, one with macros, one with a password. A number that has lost
digits is written in the form in which spreadsheets show it, so that no code is made of it.
"""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import xlsxwriter

from hub.base.sheets.reading import SheetError, decode_sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

LARGEST: Final = 20_000_000
"""Bytes of a file that somebody hands over."""
_LARGEST_UNPACKED: Final = 200_000_000
_MOST_CELLS: Final = 4_000_000
"""Of the rectangle from the first cell to the last one: its reader takes room for all of them."""
_MOST_PARTS: Final = 1_000
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_EXACT: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""
_ERROR: Final = re.compile(rb'<c(?= )(?:(?=[^>]*? r="([A-Z]+([0-9]+))"))?(?=[^>]*? t="e")[^>]*>')
_TAG: Final = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s/>])([^>]*)")
_PLACE: Final = re.compile(rb"""\br=["']([A-Za-z]*)([0-9]+)["']""")
_DAMAGES: Final = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError),
    ValueError,
)
"""What unpacking raises of a file that is no sound one."""
_BREAKS: Final = str.maketrans({"\r": None, "\n": "\v"})
"""A line break in a cell is no end of a row: row 7 of the text is row 7 of the workbook."""


def decode_file(body: bytes) -> str:
    """Give the text of a file that is text or a workbook; raises SheetError with the row."""
    if len(body) > LARGEST:
        raise too_large(len(body))
    if body.startswith(_OLE):
        text = (
            "the workbook has a password: save it without one"
            if _ENCRYPTED in body
            else "this is a workbook of the old form .xls: save it as .xlsx or “CSV UTF-8”"
        )
        raise SheetError(0, text)
    return read_workbook(body) if body.startswith(_ZIP) else decode_sheet(body)


def too_large(size: int) -> SheetError:
    """Refuse a file of so many bytes."""
    return SheetError(
        0,
        f"the file has {size // 1_000_000} MB, and {LARGEST // 1_000_000} MB is the most:"
        " part it into several",
    )


def read_workbook(body: bytes) -> str:
    """Write the one sheet of a workbook that holds something as CSV; raises SheetError."""
    _look(body)
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 -- few need it

    try:
        book = load_workbook(io.BytesIO(body))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(0, f"the workbook is damaged ({error}): save it again") from error
    filled = [(one.name, list(_filled(one))) for one in sheets]
    filled = [(name, rows) for name, rows in filled if rows]
    if not filled:
        raise SheetError(0, "the file is empty")
    if len(filled) > 1:
        names = ", ".join(name for name, _ in filled)
        raise SheetError(0, f"several sheets hold something ({names}): keep the one to be taken")
    return _csv(filled[0][1])


def _look(body: bytes) -> None:
    """See that a workbook is harmless to unpack, and a workbook at all; raises SheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
            unpacked = sum(one.file_size for one in parts)
            if unpacked > _LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
                raise SheetError(
                    0,
                    f"the workbook unpacks to {unpacked // 1_000_000} MB in {len(parts)} parts:"
                    " no list of masters is as large",
                )
            names = {one.filename.casefold() for one in parts}
            if any(one.flag_bits & 1 for one in parts):
                raise SheetError(0, "the workbook has a password: save it without one")
            if any(name.endswith("vbaproject.bin") for name in names):
                raise SheetError(0, "the workbook has macros: save it as .xlsx without them")
            if "xl/workbook.xml" not in names:
                raise SheetError(0, "this is no workbook: save it as .xlsx or “CSV UTF-8”")
            for one in parts:
                _look_at_part(packed, one)
    except _DAMAGES as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError(0, f"the workbook is damaged ({error}): save it again") from error


def _look_at_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part; one that is larger than it says has another check sum: raises BadZipFile.

    A cell that shows an error would be read as an empty one, and a cell far away from the others
    would fill the memory with empty ones: raises SheetError.
    """
    body = packed.read(part)
    if b"sheetData" not in body:  # a sheet may have any name
        return
    _look_at_places(body)
    found = _ERROR.search(body)
    if found:
        row = int(found[2] or 0)
        raise SheetError(row, f"cell {(found[1] or b'?').decode()} shows an error: mend it")


def _look_at_places(sheet: bytes) -> None:
    """See how far the cells of a sheet are apart, and how many; raises SheetError.

    A row or a cell that does not say where it stands follows the one before.
    """
    row = column = rows = columns = 0
    for cells, tag in enumerate(_TAG.finditer(sheet)):
        place = _PLACE.search(tag[2])
        if tag[1] == b"row":
            row, column = int(place[2]) if place else row + 1, 0
        elif place:
            row, column = int(place[2]), _column(place[1])
        else:
            column += 1
        rows, columns = max(rows, row), max(columns, column)
        if rows * columns > _MOST_CELLS or cells > _MOST_CELLS:
            raise SheetError(
                row,
                f"the sheet reaches to row {rows} and over {columns} columns: no list is as large."
                " Copy the list alone into a new workbook",
            )


def _column(letters: bytes) -> int:
    """Count a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _filled(sheet: "CalamineSheet") -> Iterator[list[str]]:
    """Give the rows of a sheet up to the last one that holds something, from the first row on."""
    waiting = 0
    for row in sheet.iter_rows():
        cells = [_text(one) for one in row]
        if not any(cells):
            waiting += 1
            continue
        yield from ([] for _ in range(waiting))
        waiting = 0
        yield cells


def _text(value: object) -> str:
    """Write a cell's value as people see it there."""
    if isinstance(value, str):
        return value.translate(_BREAKS)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    """Write a number exactly, or, where digits are lost, so that everybody sees it: 8.9E+17."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return str(int(value)) if abs(value) < _EXACT else f"{value:.14E}"
    written = f"{value:.15g}"
    return f"{value:.20f}".rstrip("0") if "e" in written else written


def _csv(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV, each as long as the longest."""
    columns = max(map(len, rows))
    while columns and not any(row[columns - 1] for row in rows if len(row) >= columns):
        columns -= 1
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        stream.write("\n") if not row else writer.writerow([*row, *[""] * columns][:columns])
    return stream.getvalue()


def write_workbook(name: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Write a workbook of one sheet in which every cell is a text, and none a formula."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"constant_memory": True})
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                page.write_string(number, column, text)
    book.close()
    return kept.getvalue()
