"""Tables of text files and workbooks, strictly read."""

from hub.base.sheets.reading import (
    COMMA,
    DELIMITERS,
    Sheet,
    SheetError,
    SheetFault,
    decode_sheet,
    read_records,
    read_sheet,
)
from hub.base.sheets.rows import Rows, SheetRow
from hub.base.sheets.workbooks import LARGEST, decode_file, too_large, write_workbook

__all__ = [
    "COMMA",
    "DELIMITERS",
    "LARGEST",
    "Rows",
    "Sheet",
    "SheetError",
    "SheetFault",
    "SheetRow",
    "decode_file",
    "decode_sheet",
    "read_records",
    "read_sheet",
    "too_large",
    "write_workbook",
]
