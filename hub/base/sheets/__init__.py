"""Tables of text files, strictly read."""

from hub.base.sheets.reading import (
    COMMA,
    DELIMITERS,
    Sheet,
    SheetError,
    SheetFault,
    SheetRow,
    decode_sheet,
    read_sheet,
)

__all__ = [
    "COMMA",
    "DELIMITERS",
    "Sheet",
    "SheetError",
    "SheetFault",
    "SheetRow",
    "decode_sheet",
    "read_sheet",
]
