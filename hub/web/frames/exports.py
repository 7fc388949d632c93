"""Files of a list: exactly what the page shows, with the filters that it was made under."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter
from fastapi import Response

from hub.web import formats
from hub.web.frames.cells import Plain

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take a text for a formula at."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF: Final = "application/pdf"
_WIDTH: Final = 18
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: what is told of it, its headings, and its rows, which are read once."""

    name: str
    title: str
    told: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Iterable[Sequence[Plain]]


def moment(at_ms: int, zone: ZoneInfo) -> str:
    """Write when a file was made."""
    return f"{formats.local(at_ms, zone):%Y-%m-%d %H:%M:%S %Z}"


def answer(sheet: Sheet, kind: str) -> Response:
    """Give the file, `csv` or `xlsx`, to be kept under the list's name."""
    return sent(sheet.name, kind, written(sheet, kind))


def sent(name: str, kind: str, body: bytes) -> Response:
    """Give a file that is written, to be kept under a name."""
    media = _PDF if kind == "pdf" else _WRITERS[kind][1]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(body, media_type=media, headers=headers)


def written(sheet: Sheet, kind: str) -> bytes:
    """Write the file, `csv` or `xlsx`."""
    return _WRITERS[kind][0](sheet)


def _csv(sheet: Sheet) -> bytes:
    """Write CSV as UTF-8 with a mark, which spreadsheets ask for; filters come first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([sheet.title])
    writer.writerows([harmless(name), harmless(said)] for name, said in sheet.told)
    writer.writerow([])
    writer.writerow([harmless(one) for one in sheet.headings])
    writer.writerows([_written(one) for one in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Keep a text from being taken for a formula: `=1+1` becomes `'=1+1`."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _written(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return harmless(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _xlsx(sheet: Sheet) -> bytes:
    """Write a workbook of one sheet; texts stay texts, so that no formula comes from outside."""
    kept = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, {"constant_memory": True, **plain})
    page = book.add_worksheet(_SHEET_NAME.sub(" ", sheet.title)[:31])
    bold, dates = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    top = len(sheet.told) + 2
    page.set_column(0, max(len(sheet.headings) - 1, 0), _WIDTH)
    page.freeze_panes(top + 1, 0)
    page.write_string(0, 0, sheet.title, bold)
    for number, (name, said) in enumerate(sheet.told, 1):
        page.write_string(number, 0, name)
        page.write_string(number, 1, said)
    for column, heading in enumerate(sheet.headings):
        page.write_string(top, column, heading, bold)
    for number, row in enumerate(sheet.rows, top + 1):
        for column, value in enumerate(row):
            kind = moments if isinstance(value, datetime) else dates
            _put(page, number, column=column, value=value, dates=kind)
    book.close()
    return kept.getvalue()


def _put(page: Any, row: int, *, column: int, value: Plain, dates: Any) -> None:  # noqa: ANN401
    """Write one cell; a workbook has numbers for amounts, which adds them up."""
    if isinstance(value, date):
        page.write_datetime(row, column, value, dates)
    elif isinstance(value, int | Decimal):
        page.write_number(row, column, value)
    elif value is not None:
        page.write_string(row, column, value)


_WRITERS: Final = {"csv": (_csv, "text/csv; charset=utf-8"), "xlsx": (_xlsx, _XLSX)}
