"""Tables of text files: whatever is damaged is refused at its row, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.sheets import Sheet, SheetError, decode_sheet, read_sheet
from hub.desk.imports.model import write_rows

CELL = st.text(alphabet='aé,;"\n\r\t आ0 ', max_size=6)


def fault(text: str) -> tuple[int, str]:
    """Read a table that is refused as a whole."""
    with pytest.raises(SheetError) as caught:
        read_sheet(text)
    return caught.value.fault.row, caught.value.fault.text


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    """Give the cells of the whole rows."""
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_parts_its_columns_and_rows(delimiter: str, ending: str) -> None:
    text = ending.join(("a,b", "1,x", '2,"y\nz"', "")).replace(",", delimiter)

    sheet = read_sheet(text)

    assert cells(sheet) == [("1", "x"), ("2", "y\nz")]
    assert sheet.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_in_every_encoding_that_says_what_it_is(encoding: str) -> None:
    assert decode_sheet("code,name\nC1,आशा\n".encode(encoding)) == "code,name\nC1,आशा\n"


def test_a_letter_of_another_encoding_is_named_with_its_row_and_what_to_do() -> None:
    with pytest.raises(SheetError) as caught:
        decode_sheet("code,name\nC1,Plain\nC2,Café\n".encode("cp1252"))

    assert caught.value.fault.row == 3
    assert "CSV UTF-8" in caught.value.fault.text


def test_short_and_long_rows_are_named_and_the_others_stay() -> None:
    sheet = read_sheet("a,b,c\n1,2,3\n1,2\n1,2,3,4\n\n7,8,9\n")

    assert cells(sheet) == [("1", "2", "3"), ("7", "8", "9")]
    assert [(one.row, one.text) for one in sheet.faults] == [
        (3, "2 cells, but the header names 3 columns"),
        (4, "4 cells, but the header names 3 columns"),
    ]


def test_a_quote_that_is_never_closed_is_named_with_the_row_where_it_opens() -> None:
    assert fault('a,b\n1,x\n2,"pipe 5 inch,\n3,y\n')[0] == 3


def test_a_quote_that_another_row_closes_is_named_with_the_row_where_it_opens() -> None:
    assert fault('a,b\n1,x\n2,"pipe 5 inch,\n3,"jam"\n')[0] == 3


def test_a_column_that_is_there_twice_is_refused() -> None:
    assert fault("a,b,a\n1,2,3\n") == (1, "column 'a' is there twice")


def test_an_empty_file_and_one_of_other_delimiters_are_refused() -> None:
    assert fault("\n \n") == (0, "the file is empty")
    with pytest.raises(SheetError, match="semicolons"):
        read_sheet("a;b\n1;2\n", delimiters=(",",))


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    wanted = [row for row in rows if any(cell.strip() for cell in row)]

    sheet = read_sheet(write_rows(("key", "name"), rows, delimiter))

    assert cells(sheet) == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_nul_is_named_with_its_row_in_every_encoding(encoding: str) -> None:
    with pytest.raises(SheetError) as caught:
        decode_sheet("a,b\n1,x\x00y\n".encode(encoding))

    assert caught.value.fault.row == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_rows_behind_blank_lines_are_counted_from_the_top(ending: str) -> None:
    sheet = read_sheet(ending.join(("", "", "a,b", "", "1,x", "", " ", "2,y", "")))

    assert [row.number for row in sheet.rows] == [5, 8]


@pytest.mark.parametrize("header", [",".join("abc" for _ in range(1_001)), '"' * 1_000, "a" * 201])
def test_what_is_no_header_is_refused_in_few_words(header: str) -> None:
    row, told = fault(f"{header}\n1\n")

    assert row == 1
    assert len(told) < 100
