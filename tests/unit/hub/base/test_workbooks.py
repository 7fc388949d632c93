"""Workbooks as files of masters: cells exactly or not at all, and nothing dangerous unpacked."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter

from hub.base.sheets import SheetError, decode_file, read_sheet, write_workbook

HEAD = ["sku", "gtins", "name"]


def book(write: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    """Make a workbook whose first sheet is written so, below a header."""
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept)
    sheet = made.add_worksheet("list")
    sheet.write_row(0, 0, HEAD)
    write(made, sheet)
    made.close()
    return kept.getvalue()


def packed_again(body: bytes, more: str, content: bytes) -> bytes:
    """Put another part into a workbook."""
    kept = io.BytesIO(body)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(more, content)
    return kept.getvalue()


def refused(body: bytes) -> SheetError:
    """Have a file refused."""
    with pytest.raises(SheetError) as caught:
        decode_file(body)
    return caught.value


FAR = b"<sheetData><row r='1'><c r='A1'/></row><row r='999999'><c r='ZZ999999'/></row></sheetData>"
WIDE = b"<x:sheetData><x:row r='1'>" + b"<x:c/>" * 3000 + b"</x:row><x:row r='2000'/></x:sheetData>"
PLAIN = write_workbook("list", [HEAD, ["007", "", "Tea"]])


def test_texts_come_exactly_and_rows_keep_their_numbers() -> None:
    body = write_workbook(
        "list", [HEAD, ["007", "08901234567906", "चाय 🍵"], [], ["1E5", "", "=1"]]
    )

    rows = read_sheet(decode_file(body)).rows

    assert [(one.number, one.cells) for one in rows] == [
        (2, ("007", "08901234567906", "चाय 🍵")),
        (4, ("1E5", "", "=1")),
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (8901234567906, "8901234567906"),
        (89012345678901234, "8.90123456789012E+16"),
        (99.5, "99.5"),
        (0.1 + 0.2, "0.3"),
        (0.0000001, "0.0000001"),
        (-5, "-5"),
    ],
)
def test_a_number_is_exact_or_shows_that_digits_are_lost(number: float, text: str) -> None:
    body = book(lambda _, sheet: sheet.write_number(1, 1, number))

    assert read_sheet(decode_file(body)).rows[0].cells == ("", text, "")


def test_a_date_is_year_month_day_whatever_the_cell_shows() -> None:
    def write(made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        shape = made.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, 2, datetime(2026, 4, 3), shape)  # noqa: DTZ001 -- of a workbook

    assert read_sheet(decode_file(book(write))).rows[0].cells[2] == "2026-04-03"


def test_a_cell_that_shows_an_error_is_refused_at_its_row() -> None:
    body = book(lambda _, sheet: sheet.write_formula(3, 2, "=NA()", None, "#N/A"))

    assert refused(body).fault.row == 4
    assert "C4" in str(refused(body))


def test_several_filled_sheets_are_a_question_not_a_guess() -> None:
    body = book(lambda made, _: made.add_worksheet("old").write(0, 0, "sku"))

    assert "list, old" in str(refused(body))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: packed_again(PLAIN, "xl/big.xml", bytes(200_000_001)), "unpacks to 200 MB"),
        (lambda: packed_again(PLAIN, "xl/vbaProject.bin", b"x"), "has macros"),
        (
            lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "a password",
        ),
        (lambda: bytes.fromhex("d0cf11e0a1b11ae1"), "old form .xls"),
        (lambda: PLAIN[:-50], "damaged"),
        (lambda: packed_again(b"", "a.txt", b"x"), "no workbook"),
        (lambda: bytes(20_000_001), "20 MB is the most"),
        (lambda: book(lambda _, sheet: sheet.write(1_048_575, 16_383, "x")), "to row 1048576"),
        (lambda: packed_again(PLAIN, "xl/other.xml", FAR), "to row 999999"),
        (lambda: packed_again(PLAIN, "xl/other.xml", WIDE), "over 3000 columns"),
    ],
    ids=[
        *("huge", "macros", "password", "old form", "cut off", "none", "too long"),
        *("a cell far away", "a cell far away in a sheet of another name", "cells without a place"),
    ],
)
def test_what_could_harm_is_refused_in_words_before_it_is_read(
    make: Callable[[], bytes], said: str
) -> None:
    assert said in str(refused(make()))


def test_a_stray_cell_below_a_list_is_no_harm() -> None:
    body = book(lambda _, sheet: sheet.write(200_000, 2, " "))

    assert list(read_sheet(decode_file(body)).rows) == []


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    honest = packed_again(PLAIN, "xl/more.xml", b"x" * 100_000)
    place = honest.rindex(b"xl/more.xml") - 46
    lying = honest[: place + 24] + (5).to_bytes(4, "little") + honest[place + 28 :]

    assert "damaged" in str(refused(lying))
